package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;

/** Builds of the versioned application that are made in advance, and differ by one resource only: its number. */
final class VersionedBuilds {

    private static final String RESOURCE = "version.txt";

    private final Path classes;

    private VersionedBuilds(Path classes) {
        this.classes = classes;
    }

    /** @param classes a new directory, for what is compiled */
    static VersionedBuilds compile(Path source, Path classPath, Path classes) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--release", "17", "-cp", classPath.toString(), "-d"));
        arguments.add(Files.createDirectories(classes).toString());
        try (var files = Files.list(source)) {
            files.map(Path::toString).forEach(arguments::add);
        }
        int errors = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        if (errors != 0) {
            throw new IllegalStateException(source + " can't be compiled");
        }
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        Files.writeString(services.resolve("dev.supervisor.spi.Application"), "versioned.Versioned\n");
        return new VersionedBuilds(classes);
    }

    Path jar(int number, Path jar) throws IOException {
        try (var out = new JarOutputStream(Files.newOutputStream(jar));
                var files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
            }
            out.putNextEntry(new JarEntry(RESOURCE));
            out.write(text(number).getBytes());
        }
        return jar;
    }

    /** The resource alone; that of each number has another time, since that is what DevTools looks at. */
    static Path resource(int number, Path file) throws IOException {
        Files.writeString(file, text(number));
        return Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(number)));
    }

    private static String text(int number) {
        return "v" + number + "\n";
    }
}
