package dev.supervisor.frameworks;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A copy of a built application, of which new builds are made that differ in {@code version.txt}. */
final class Deployment {

    private static final Path APPLICATIONS =
            Path.of("../frameworks").toAbsolutePath().normalize();

    private final Framework framework;
    /** What Maven has built. */
    private final Path target;
    /** Where builds are prepared, outside of what is watched. */
    private final Path directory;

    private final Path app;
    /** The jar with {@code version.txt}. */
    private final Path jar;

    private Deployment(Framework framework, Path target, Path directory) throws IOException {
        this.framework = framework;
        this.target = target;
        this.directory = directory;
        Path copy = Files.createDirectory(directory.resolve("app"));
        Path quarkus = target.resolve("quarkus-app");
        if (Files.isDirectory(quarkus)) {
            copyTree(quarkus, copy);
            app = copy.resolve("quarkus-run.jar");
            jar = onlyJar(copy.resolve("app"));
        } else {
            app = copy.resolve(framework.directory() + ".jar");
            jar = app;
            Files.copy(builtJar(), app);
            if (Files.isDirectory(target.resolve("lib"))) {
                copyTree(target.resolve("lib"), copy.resolve("lib"));
            }
        }
    }

    /** @param directory an empty one */
    static Deployment of(Framework framework, Path directory) throws IOException {
        return new Deployment(
                framework, APPLICATIONS.resolve(framework.directory()).resolve("target"), directory);
    }

    /** The project that builds all of them. */
    static Path pom() {
        return APPLICATIONS.resolve("pom.xml");
    }

    /** The directories of the applications. */
    static List<String> directories() throws IOException {
        try (Stream<Path> files = Files.list(APPLICATIONS)) {
            return files.filter(file -> Files.exists(file.resolve("pom.xml")))
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }

    private static Path onlyJar(Path directory) throws IOException {
        try (Stream<Path> jars = Files.list(directory)) {
            return jars.filter(file -> file.toString().endsWith(".jar"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no jar in " + directory));
        }
    }

    /** What the supervisor is told to run. */
    Path app() {
        return app;
    }

    /** The jar as Maven has built it, which stays as it is. */
    Path builtJar() {
        return target.resolve(framework.directory() + ".jar");
    }

    /** Prepares a build that answers with this version. */
    Path prepare(String version) throws IOException {
        Path next = directory.resolve("next.jar");
        Files.copy(jar, next, REPLACE_EXISTING);
        try (FileSystem entries = FileSystems.newFileSystem(next)) {
            Path ofBoot = entries.getPath("BOOT-INF/classes/version.txt");
            Files.writeString(Files.exists(ofBoot) ? ofBoot : entries.getPath("version.txt"), version + "\n");
        }
        return next;
    }

    /** Moves a build into place as a whole, as good build tools do. */
    void deploy(Path next) throws IOException {
        Files.move(next, jar, ATOMIC_MOVE, REPLACE_EXISTING);
    }

    /** Returns the framework's version, which its library has in its name. */
    String version() throws IOException {
        if (framework.library().isEmpty()) {
            return "JDK " + System.getProperty("java.version");
        }
        Pattern name = Pattern.compile(Pattern.quote(framework.library()) + "-(\\d.*)\\.jar");
        return libraries()
                .map(name::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1))
                .findFirst()
                .orElseThrow(() -> new IOException("no library " + name));
    }

    private Stream<String> libraries() throws IOException {
        List<String> files = filesBelow(app.getParent());
        try (FileSystem entries = FileSystems.newFileSystem(app)) {
            return Stream.concat(files.stream(), filesBelow(entries.getPath("/")).stream());
        }
    }

    private static List<String> filesBelow(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.flatMap(file -> Optional.ofNullable(file.getFileName()).stream())
                    .map(Path::toString)
                    .toList();
        }
    }

    /** The program that runs the tests, for another process. */
    static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java" + (File.separatorChar == '\\' ? ".exe" : ""));
    }
}
