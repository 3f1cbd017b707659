package dev.supervisor.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.supervisor.testing.Client;
import dev.supervisor.testing.Command;
import dev.supervisor.testing.Project;
import dev.supervisor.testing.SameOnEveryJdk;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The real command, with a limit of Linux that is really reached: in a user namespace, which has limits of its own. */
@Timeout(120)
@SameOnEveryJdk
@EnabledOnOs(OS.LINUX)
final class WatchLimitIT {

    private static final String WARNING = ".*can't watch for changes by events, so all files are looked at every 500 ms"
            + " instead: User limit of inotify %s reached.* \\(raise the limit: sudo sysctl fs\\.inotify\\.%s=\\d+\\)";
    private static final String WATCHES = WARNING.formatted("watches", "max_user_watches");
    private static final String INSTANCES = WARNING.formatted("instances", "max_user_instances");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @BeforeEach
    void createProject() throws Exception {
        assumeLimits();
        Project.create(directory, "one");
    }

    /** Skips the test, loudly, where nobody may make a namespace. */
    private static void assumeLimits() throws IOException, InterruptedException {
        String missing = "there are no user namespaces with limits of their own (unshare -Ur, of util-linux)";
        boolean may;
        try {
            Process tried = new ProcessBuilder(limited("max_inotify_watches", 100, "true"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            may = tried.waitFor(30, TimeUnit.SECONDS) && tried.exitValue() == 0;
        } catch (IOException e) {
            may = false;
        }
        if (!may) {
            System.err.println("TEST SKIPPED: " + missing);
        }
        assumeTrue(may, missing);
    }

    private static List<String> limited(String limit, int value, String command) {
        return List.of("unshare", "-Ur", "sh", "-c", "echo " + value + " > /proc/sys/user/" + limit + " && " + command);
    }

    private Command start(String limit, int value) throws IOException {
        String supervisor = "exec '" + Command.SCRIPT + "' --port 0 --app app.jar --build 'sh build.sh' --watch src";
        return Command.start(directory, Map.of(), limited(limit, value, supervisor));
    }

    private void save(String file, String text) throws IOException {
        Files.writeString(
                directory.resolve(file),
                "package app; class Text { static String text() { return \"" + text + "\"; } }");
    }

    @Test
    void whoReachesTheLimitOfWatchesIsToldAndGoesOn() throws Exception {
        try (Command command = start("max_inotify_watches", 3)) {
            assertSavesAreSeen(command, WATCHES);
        }
    }

    @Test
    void whoReachesTheLimitOfInstancesIsToldAndGoesOn() throws Exception {
        try (Command command = start("max_inotify_instances", 0)) {
            assertSavesAreSeen(command, INSTANCES);
        }
    }

    private void assertSavesAreSeen(Command command, String warning) throws Exception {
        command.await(warning);
        InetSocketAddress address = command.awaitSocket();
        command.await("generation 1 serving .*");
        save("src/app/Text.java", "two");
        command.await("generation 2 serving .*");
        assertEquals("two", Client.get(address, "/").body());
    }

    @Test
    void whoReachesItLaterIsToldAndLosesNothing() throws Exception {
        int enough = directory.toRealPath().getNameCount() + 10;
        try (Command command = start("max_inotify_watches", enough)) {
            InetSocketAddress address = command.awaitSocket();
            command.await("generation 1 serving .*");
            save("src/app/Text.java", "two");
            command.await("generation 2 serving .*");
            assertFalse(command.hasSaid(WATCHES));

            for (int i = 0; i < 20; i++) {
                Files.createDirectories(directory.resolve("src/many/" + i));
            }
            Files.delete(directory.resolve("src/app/Text.java"));
            save("src/many/19/Text.java", "three");
            command.await(WATCHES);
            command.await("generation 3 serving .*");
            assertEquals("three", Client.get(address, "/").body());
            save("src/many/19/Text.java", "four");
            command.await("generation 4 serving .*");
            assertEquals("four", Client.get(address, "/").body());
            assertTrue(command.hasSaid(WATCHES));
        }
    }

    @Test
    void whoChangesARuleNeedsNoMoreWatchesThanBefore() throws Exception {
        for (int i = 0; i < 40; i++) {
            Files.createDirectories(directory.resolve("src/many/" + i));
        }
        int enough = directory.toRealPath().getNameCount() + 40 + 10;
        try (Command command = start("max_inotify_watches", enough)) {
            InetSocketAddress address = command.awaitSocket();
            command.await("generation 1 serving .*");
            Files.writeString(directory.resolve("src/.gitignore"), "*.log\n");
            save("src/app/Text.java", "two");
            do { // the rule's change may be built for by itself
                command.await("generation \\d+ serving .*");
            } while (!Client.get(address, "/").body().equals("two"));
            assertFalse(command.hasSaid(WATCHES));
        }
    }
}
