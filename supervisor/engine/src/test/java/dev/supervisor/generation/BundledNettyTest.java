package dev.supervisor.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BundledNettyTest {

    @TempDir
    Path temp;

    private Optional<String> other(String version) throws Exception {
        return BundledNetty.other(Jars.jar()
                .with("META-INF/io.netty.versions.properties", "netty-common.version=" + version + "\n")
                .writeTo(temp.resolve("app.jar")));
    }

    @Test
    void anotherVersionIsTold() throws Exception {
        assertEquals(Optional.of("4.1.100.Final"), other("4.1.100.Final"));
    }

    @Test
    void theSameVersionIsNoNews() throws Exception {
        assertEquals(Optional.empty(), other(BundledNetty.own()));
    }

    @Test
    void mostJarsBringNone() throws Exception {
        assertEquals(Optional.empty(), BundledNetty.other(Jars.jar().writeTo(temp.resolve("lib.jar"))));
        assertEquals(Optional.empty(), BundledNetty.other(temp));
    }
}
