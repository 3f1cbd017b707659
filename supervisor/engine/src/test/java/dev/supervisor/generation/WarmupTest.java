package dev.supervisor.generation;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WarmupTest {

    private final boolean before = URLConnection.getDefaultUseCaches("jar");

    @TempDir
    private Path directory;

    @AfterEach
    void setBack() {
        URLConnection.setDefaultUseCaches("jar", before);
    }

    @Test
    void aJarThatIsReadByItsUrlIsNotKeptOpenForTheNextReader() throws Exception {
        Path jar = Jars.jar().with("a.txt", "a").writeTo(directory.resolve("app.jar"));
        URLConnection.setDefaultUseCaches("jar", true);
        Warmup.run();
        assertFalse(URI.create("jar:" + jar.toUri() + "!/a.txt")
                .toURL()
                .openConnection()
                .getUseCaches());
    }
}
