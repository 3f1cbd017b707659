package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SupervisorOptions.BuildTool;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Project;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A real {@code git checkout} of a branch on which many sources differ. */
@Timeout(180)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the build is a script of a POSIX shell")
@SameOnEveryJdk
class CheckoutIT {

    private static final int FILES = 200;

    /** Whatever is configured on this machine. */
    private static final List<String> OPTIONS = List.of(
            "-c", "user.name=Test",
            "-c", "user.email=test@localhost",
            "-c", "commit.gpgsign=false",
            "-c", "core.hooksPath=/dev/null",
            "-c", "core.autocrlf=false");

    @TempDir
    private Path directory;

    private Tool git;
    private Project project;

    @BeforeEach
    void createRepository() throws Exception {
        git = Tool.find("git", "git");
        project = Project.create(directory, "");
        project.write(".gitignore", "/out/\n*.jar\n/builds.txt\n");
        project.write("src/app/Text.java", text());
        write(1);
        git("init", "--quiet");
        git("checkout", "--quiet", "-b", "one");
        commit();
        git("checkout", "--quiet", "-b", "other");
        write(2);
        commit();
        git("checkout", "--quiet", "one");
    }

    /** Says what all of the classes sum up to. */
    private static String text() {
        String sum = IntStream.range(0, FILES)
                .mapToObj(i -> "many.C" + i + ".value()")
                .collect(Collectors.joining(" + "));
        return "package app; class Text { static String text() { return \"sum \" + (" + sum + "); } }";
    }

    private void write(int value) throws IOException {
        for (int i = 0; i < FILES; i++) {
            project.write(
                    "src/many/C" + i + ".java",
                    "package many; public class C" + i + " { public static int value() { return " + value + "; } }");
        }
    }

    private void commit() throws Exception {
        git("add", "--all");
        git("commit", "--quiet", "--message", "a state of all files");
    }

    private void git(String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of("-C", directory.toString()));
        line.addAll(OPTIONS);
        line.addAll(List.of(arguments));
        try (Tool.Run run = git.start(line.toArray(String[]::new))) {
            run.report();
        }
    }

    /** With all of the working tree watched, and time to check it out on a busy machine. */
    private SupervisorOptions.Builder built(SupervisorOptions.Builder options) {
        return options.buildTool(new BuildTool(
                "sh build.sh", directory, List.of(directory), List.of(), Duration.ofMillis(500), OnBusy.RESTART));
    }

    @Test
    void anotherBranchIsOneGenerationWithAllOfIt() throws Exception {
        try (Running running = Running.http(project.jar(), this::built)) {
            running.awaitServing(1);
            assertEquals("sum " + FILES, Client.get(running.address(), "/").body());
            git("checkout", "--quiet", "other");
            running.awaitServing(2);
            assertEquals("sum " + 2 * FILES, Client.get(running.address(), "/").body());
            assertEquals(2, project.builds(), () -> "" + running.events(Event.Changed.class));

            git("commit", "--quiet", "--allow-empty", "--message", "nothing but what git keeps for itself");
            git("tag", "a-name");
            project.write("src/app/Text.java", text().replace("sum ", "marked "));
            running.awaitServing(3);
            assertEquals(
                    "marked " + 2 * FILES, Client.get(running.address(), "/").body());
            assertEquals(3, project.builds());
            assertTrue(
                    running.events(Event.Changed.class).stream()
                            .noneMatch(event -> event.path().startsWith(directory.resolve(".git"))),
                    () -> "" + running.events(Event.Changed.class));
            assertEquals(List.of(), running.events(Event.Failed.class));
        }
    }
}
