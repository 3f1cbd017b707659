package dev.supervisor.generation;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.spi.Application;
import io.netty.channel.Channel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;

final class SharedPackagesTest {

    private final SharedPackages toOneWithoutSlf4j = SharedPackages.withSpi(false);
    private final SharedPackages toOneWithSlf4j = SharedPackages.withSpi(true);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io/netty/channel/Channel.class",
                "io/netty/",
                "io/netty/gone/in/a/newer/Version.class",
                "dev/supervisor/spi/Application.class"
            })
    void nettyAndTheSpiAreForced(String path) {
        assertTrue(SharedPackages.isForced(path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io/netty",
                "io/nettyx/A.class",
                "io/netty/incubator/codec/quic/Quic.class",
                "io/netty/contrib/handler/A.class",
                "io/netty/internal/tcnative/SSLContext.class",
                "io/netty/handler/codec/quic/Quic.class",
                "io/netty/handler/codec/http3/Http3.class",
                "io/netty/util/internal/NativeLibraryUtil",
                "io/netty/util/internal/NativeLibraryUtil.class",
                "dev/supervisor/spike/A.class",
                "dev/supervisor/demo/Demo.class",
                "org/slf4j/Logger.class",
                "com/io/netty/A.class",
                "META-INF/services/dev.supervisor.spi.Application"
            })
    void nothingElseIs(String path) {
        assertFalse(SharedPackages.isForced(path));
    }

    @Test
    void forcedClassesAreTheSupervisorsOwn() {
        assertSame(Channel.class, toOneWithSlf4j.loadClassLocal("io.netty.channel.Channel", false));
        assertSame(Application.class, toOneWithSlf4j.loadClassLocal("dev.supervisor.spi.Application", false));
        assertNull(toOneWithSlf4j.loadClassLocal("io.netty.NotThere", false));
    }

    @Test
    void slf4jIsOfferedWhereTheApplicationBringsNone() {
        assertSame(Logger.class, toOneWithoutSlf4j.loadClassLocal("org.slf4j.Logger", false));
        assertNull(toOneWithSlf4j.loadClassLocal("org.slf4j.Logger", false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dev.supervisor.Supervisor",
                "picocli.CommandLine",
                "ch.qos.logback.classic.Logger",
                "org.jboss.modules.Module",
                "org.slf4jx.Logger"
            })
    void nothingElseOfTheSupervisorCanBeSeen(String name) {
        assertNull(toOneWithoutSlf4j.loadClassLocal(name, false));
    }
}
