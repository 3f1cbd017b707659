package dev.supervisor.bench.builds;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** A directory of compiled classes and other files, from which a jar can be made. */
public record CompiledClasses(Path directory) {

    /** Compiles against Netty, the SPI and the supervisor. */
    public static CompiledClasses compile(Path directory, String... sources) {
        return compile(directory, Distribution.SUPERVISOR_JAR.toString(), sources);
    }

    public static CompiledClasses compile(Path directory, String classPath, String[] sources) {
        String[] options = {"-proc:none", "-cp", classPath, "-d", directory.toString()};
        String[] arguments = Stream.of(options, sources).flatMap(Arrays::stream).toArray(String[]::new);
        if (ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments) != 0) {
            throw new IllegalStateException(List.of(sources) + " can't be compiled");
        }
        return new CompiledClasses(directory);
    }

    /** Declares the class that implements the SPI. */
    CompiledClasses provide(String name) throws IOException {
        return put("META-INF/services/dev.supervisor.spi.Application", name + "\n");
    }

    CompiledClasses put(String path, String content) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        return this;
    }

    Path jar(Path jar) throws IOException {
        try (var out = new JarOutputStream(Files.newOutputStream(jar));
                var files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(directory.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
        return jar;
    }
}
