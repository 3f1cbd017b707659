package dev.supervisor.bench.builds;

import dev.supervisor.bench.tools.ProjectPaths;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Builds of one of the small servers in {@code supervisor/frameworks}, which know nothing of the supervisor and answer
 * {@code vN}. They differ in one entry of the jar, and are moved into place.
 */
public final class ProgramBuilds {

    private static final Path PROJECT = ProjectPaths.ROOT.resolve("supervisor/frameworks");

    private static final Pattern BOOT = Pattern.compile("spring-boot-(\\d.*)\\.jar");

    /** Classes in a directory, and libraries in another. */
    public record Unpacked(Path classes, Path libraries) {

        /** Changes the version that the server answers. DevTools sees a change by the time of modification. */
        public void put(int version) throws IOException {
            Path file = classes.resolve("version.txt");
            FileTime next =
                    FileTime.from(Files.getLastModifiedTime(file).toInstant().plusSeconds(1));
            Files.writeString(file, "v" + version + "\n");
            Files.setLastModifiedTime(file, next);
        }
    }

    private final Path home;
    private final Path jar;

    private ProgramBuilds(String name, Path home) {
        this.home = home;
        this.jar = home.resolve(name + ".jar");
    }

    /**
     * Builds a server by Maven, and copies it.
     *
     * @param home an empty directory
     */
    public static ProgramBuilds of(String name, Path home) throws IOException, InterruptedException {
        Maven.run(PROJECT.resolve("pom.xml"), "-pl", ":" + name, "package");
        Path target = PROJECT.resolve(name).resolve("target");
        Files.copy(target.resolve(name + ".jar"), home.resolve(name + ".jar"));
        Path libraries = target.resolve("lib");
        if (Files.isDirectory(libraries)) {
            copy(libraries, home.resolve("lib"));
        }
        return new ProgramBuilds(name, home);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    public Path jar() {
        return jar;
    }

    /** Makes the jar of a build, beside the jar that is in place. */
    public Path make(int version) throws IOException {
        Path next = home.resolve("next.jar");
        Files.copy(jar, next, StandardCopyOption.REPLACE_EXISTING);
        try (FileSystem zip = FileSystems.newFileSystem(next)) {
            Path ofBoot = zip.getPath("BOOT-INF/classes/version.txt");
            Files.writeString(Files.exists(ofBoot) ? ofBoot : zip.getPath("version.txt"), "v" + version + "\n");
        }
        return next;
    }

    public void move(Path made) throws IOException {
        Files.move(made, jar, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Unpacks a fat jar of Spring Boot as an IDE would have it, and adds DevTools of the same version. */
    public Unpacked unpackWithDevTools() throws IOException, InterruptedException {
        Path classes = Files.createDirectory(home.resolve("classes"));
        Path libraries = Files.createDirectory(home.resolve("libraries"));
        try (FileSystem zip = FileSystems.newFileSystem(jar)) {
            copyOut(zip.getPath("BOOT-INF/classes"), classes);
            copyOut(zip.getPath("BOOT-INF/lib"), libraries);
        }
        Maven.run(
                PROJECT.resolve("pom.xml"),
                "-N",
                "dependency:copy",
                "-Dartifact=org.springframework.boot:spring-boot-devtools:" + versionOfBoot(libraries),
                "-DoutputDirectory=" + libraries.toAbsolutePath());
        return new Unpacked(classes, libraries);
    }

    private static String versionOfBoot(Path libraries) throws IOException {
        try (var files = Files.list(libraries)) {
            return files.map(file -> BOOT.matcher(String.valueOf(file.getFileName())))
                    .filter(Matcher::matches)
                    .map(matcher -> matcher.group(1))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void copyOut(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }
}
