package dev.supervisor.cli;

import dev.supervisor.spi.Application;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The jars that applications get from the supervisor, for a compiler that has no other class path. */
final class SharedJars {

    private SharedJars() {}

    /** Returns the jars of the SPI, of Netty and of SLF4J; none of those that are not found. */
    static List<Path> find() {
        List<Path> jars = new ArrayList<>();
        jarOf(Application.class).ifPresent(jars::add);
        jarOf(Channel.class)
                .map(jar -> Objects.requireNonNull(jar.getParent()))
                .ifPresent(directory -> addTo(jars, directory));
        return jars;
    }

    private static void addTo(List<Path> jars, Path directory) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "{netty,slf4j-api}-*.jar")) {
            found.forEach(jars::add);
        } catch (IOException e) {
            throw new IllegalStateException("the supervisor's own libraries can't be listed", e);
        }
    }

    private static Optional<Path> jarOf(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        try {
            return source == null
                    ? Optional.empty()
                    : Optional.of(Path.of(source.getLocation().toURI()));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
