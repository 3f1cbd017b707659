package dev.supervisor.bench.builds;

import dev.supervisor.bench.tools.Programs;
import dev.supervisor.bench.tools.ProjectPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A local repository of Maven, in which the supervisor's plugin is that of this build; nothing is installed into the
 * user's own. All else is the user's, by links to its directories, so that it is not copied, and downloads go there.
 */
public record PluginRepository(Path directory) {

    private static final Pattern ARTIFACT =
            Pattern.compile("(?s)(?:<parent>.*?</parent>.*?)?<artifactId>([^<]+)</artifactId>");
    private static final List<String> MODULES = List.of(
            "",
            "spi",
            "supervisor",
            "supervisor/leaks",
            "supervisor/lending",
            "supervisor/engine",
            "supervisor/compile",
            "supervisor/load-test",
            "supervisor/cli",
            "supervisor/maven-plugin");
    private static final String GROUP = "dev";
    private static final String ORGANISATION = "supervisor";

    /** Makes the repository, or renews it. */
    public static PluginRepository of(Path users) throws IOException {
        Path directory = Files.createDirectories(
                ProjectPaths.BENCH.resolve("target/repository").toAbsolutePath());
        link(users, directory, GROUP);
        link(users.resolve(GROUP), Files.createDirectories(directory.resolve(GROUP)), ORGANISATION);
        PluginRepository repository = new PluginRepository(directory);
        String version = PomVersions.read().supervisor();
        for (String module : MODULES) {
            repository.install(ProjectPaths.ROOT.resolve(module), version);
        }
        return repository;
    }

    /** Links to what is in a directory, except an entry. */
    private static void link(Path from, Path to, String except) throws IOException {
        if (!Files.isDirectory(from)) {
            return;
        }
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isDirectory).toList()) {
                String name = String.valueOf(file.getFileName());
                if (!name.equals(except) && !Files.exists(to.resolve(name))) {
                    Files.deleteIfExists(to.resolve(name)); // a link to what is no more
                    Files.createSymbolicLink(to.resolve(name), file.toAbsolutePath());
                }
            }
        }
    }

    /** Does what {@code mvn install} does with the files that {@code mvn package} has made. */
    private void install(Path module, String version) throws IOException {
        Path pom = Stream.of("dependency-reduced-pom.xml", "pom.xml")
                .map(module::resolve)
                .filter(Files::exists)
                .findFirst()
                .orElseThrow();
        Matcher artifact = ARTIFACT.matcher(Files.readString(module.resolve("pom.xml")));
        if (!artifact.find()) {
            throw new IllegalStateException("no artifactId in " + module);
        }
        String name = artifact.group(1);
        Path target = directory.resolve(Path.of(GROUP, ORGANISATION, name, version));
        Files.createDirectories(target);
        copy(pom, target.resolve(name + "-" + version + ".pom"));
        if (Files.exists(module.resolve("src/main"))) {
            copy(jar(module, name, version), target.resolve(name + "-" + version + ".jar"));
        }
    }

    private static Path jar(Path module, String name, String version) {
        Set<String> names = Set.of(name + "-" + version + ".jar", "supervisor.jar"); // the latter is the command's
        return names.stream()
                .map(module.resolve("target")::resolve)
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new Programs.Missing("there is no " + name + "-" + version + ".jar in "
                        + module.resolve("target") + " (build it: mvn -B -q package -DskipTests)"));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Returns the option by which Maven uses it. */
    public String option() {
        return "-Dmaven.repo.local=" + directory;
    }
}
