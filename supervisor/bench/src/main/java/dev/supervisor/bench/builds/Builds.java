package dev.supervisor.bench.builds;

import dev.supervisor.bench.tools.ProjectPaths;
import dev.supervisor.bench.tools.ScratchDirectory;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Builds of an application, which differ in one entry of the jar. They are made beside {@code jar}, and then moved into
 * place.
 */
public record Builds(Path former, Path jar, String entry) {

    /** Returns builds of the application that answers {@code build N}. */
    public static Builds ofHello(ScratchDirectory scratch) throws IOException {
        Path former = CompiledClasses.compile(scratch.make("hello-classes"), ProjectPaths.source("hello/Hello"))
                .provide("hello.Hello")
                .jar(scratch.resolve("hello-former.jar"));
        return new Builds(former, scratch.resolve("hello.jar"), "answer.txt");
    }

    /** Returns builds of the demo, with its libraries; its answers contain the generation. */
    public static Builds ofDemo(ScratchDirectory scratch) throws IOException {
        Path libraries = scratch.resolve("lib");
        try (var files = Files.walk(Distribution.DEMO_LIBRARIES)) {
            for (Path file : files.toList()) {
                Path relative = Distribution.DEMO_LIBRARIES.relativize(file);
                Files.copy(file, libraries.resolve(relative.toString()));
            }
        }
        return new Builds(Distribution.DEMO_JAR, scratch.resolve("demo-app.jar"), "rebuilt");
    }

    /** Makes the jar of a build, with the compressed classes as they are. */
    public Path make(int build) throws IOException {
        Path next = jar.resolveSibling("next.jar");
        Files.copy(former, next, StandardCopyOption.REPLACE_EXISTING);
        try (FileSystem zip = FileSystems.newFileSystem(next)) {
            Files.writeString(zip.getPath(entry), "build " + build + "\n");
        }
        return next;
    }

    public void move(Path made) throws IOException {
        Files.move(made, jar, StandardCopyOption.ATOMIC_MOVE);
    }
}
