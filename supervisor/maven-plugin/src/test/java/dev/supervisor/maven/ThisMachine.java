package dev.supervisor.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.supervisor.testing.Command;
import dev.supervisor.testing.Document;
import dev.supervisor.testing.DocumentShell;
import dev.supervisor.testing.FreePort;
import dev.supervisor.testing.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * This machine, in a directory of its own: with the distribution that the build has made, a Maven that finds what the build
 * has used and has put into the repository of the tests, and an offline Gradle that does, too.
 */
final class ThisMachine implements Machine {

    private static final Pattern NO_NETWORK = Pattern.compile(
            "Could not transfer|failed to transfer from|transfer failed|in offline mode|UnknownHostException");

    private final Path directory;
    private final DocumentShell shell;

    ThisMachine(Path temporary) throws Exception {
        directory = temporary.toRealPath();
        shell = new DocumentShell(directory);
        shell.program("sudo", "exec \"$@\"\n");
        shell.program("mvn", maven());
        copyRepository(directory.resolve("supervisor"));
    }

    private String maven() throws IOException {
        List<String> command = new ArrayList<>(OfflineMaven.own()
                .process(directory, directory, List.of("-Dport=" + FreePort.find(), "-Ddebug=false"))
                .command());
        command.remove("-o");
        String goal = "org.apache.maven.plugins:maven-archetype-plugin:" + System.getProperty("it.archetype-plugin")
                + ":generate";
        return """
                for argument do
                  shift
                  case $argument in # a prefix is looked up in the network
                    archetype:generate) set -- "$@" GOAL -DarchetypeCatalog=local ;;
                    *) set -- "$@" "$argument" ;;
                  esac
                done
                if [ -e .mvn/jvm.config ]; then # it names another collector than the tests do
                  unset MAVEN_OPTS
                fi
                exec COMMAND "$@"
                """.replace("GOAL", goal).replace("COMMAND", quoted(command));
    }

    private static String quoted(List<String> command) {
        return command.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    }

    /** Copies what is tracked, and what the build has made of the demo. */
    private static void copyRepository(Path to) throws IOException, InterruptedException {
        for (String name : tracked()) {
            copy(Document.REPOSITORY.resolve(name), to.resolve(name));
        }
        Path built = Document.REPOSITORY.resolve("demo-app/target");
        try (Stream<Path> files = Files.walk(built)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                copy(file, to.resolve("demo-app/target").resolve(built.relativize(file)));
            }
        }
        Path target = Files.createDirectories(to.resolve("supervisor/target"));
        Files.createSymbolicLink(target.resolve("dist"), Document.REPOSITORY.resolve("supervisor/target/dist"));
    }

    private static List<String> tracked() throws IOException, InterruptedException {
        Tool.find("git", "git");
        Process git = new ProcessBuilder("git", "ls-files", "-z")
                .directory(Document.REPOSITORY.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (git.waitFor() != 0) {
            throw new IOException("git ls-files has failed");
        }
        return Stream.of(names.split("\0"))
                .filter(name -> Files.isRegularFile(Document.REPOSITORY.resolve(name)))
                .toList();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(Objects.requireNonNull(to.getParent()));
        Files.copy(from, to);
    }

    @Override
    public Path file(String name) {
        return directory.resolve(name);
    }

    @Override
    public void write(String name, String text) throws IOException {
        shell.write(name, text); // with the ports of here
    }

    @Override
    public void build(String commands) {} // the build has been made, or this test would not run

    @Override
    public void install() throws Exception {
        run(
                "supervisor",
                Document.read("README.md").block("Install", "sh").commands().get(1));
    }

    @Override
    public Command start(String where, String commands) throws IOException {
        return shell.startIn(directory.resolve(where), commands);
    }

    /** The build has used other versions of plugins than Maven's default ones. */
    @Override
    public void fetch(String project) throws Exception {
        try (Command maven = start(project, "mvn -q package")) {
            int code = maven.exitCode();
            boolean offline = NO_NETWORK.matcher(maven.transcript()).find();
            if (offline) {
                System.err.println("TEST SKIPPED: Maven can't download what a new project needs");
            }
            assumeFalse(offline, "there is no network");
            assertEquals(0, code, maven::transcript);
        }
    }

    @Override
    public void assumeGradle() throws IOException {
        Path gradle = Tool.find("gradle", "gradle").command();
        Path home = Files.createDirectories(directory.resolve(".gradle/init.d"));
        Path repository = Path.of(Objects.requireNonNull(System.getProperty("outer.maven.repository")));
        Files.writeString(
                home.resolve("outer.gradle"),
                "allprojects { repositories { maven { url '" + repository.toUri() + "' } } }\n");
        shell.program("gradle", """
                unset JAVA_HOME # it may be too new for this Gradle
                exec GRADLE --offline --no-daemon -Dmaven.repo.local=REPOSITORY "$@"
                """.replace("GRADLE", gradle.toString()).replace(
                "REPOSITORY", Path.of("target/it-repository").toAbsolutePath().toString()));
        shell.with("GRADLE_USER_HOME", directory.resolve(".gradle").toString());
    }
}
