package dev.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the commands are scripts of a POSIX shell")
final class ProcessGroupTest {

    /** It writes its id into a file, and does not end when it is asked to. */
    private static final String STUBBORN = "trap '' TERM; echo $$ > child; while :; do sleep 0.05; done";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    /** Whatever a test has left. */
    @AfterEach
    void endChild() throws Exception {
        Path file = directory.resolve("child");
        if (Files.exists(file)) {
            ProcessHandle.of(Await.pid(file)).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private ProcessGroup start(String child, String command, boolean hasGroup) throws Exception {
        return start(child, command, hasGroup, Duration.ofMillis(500));
    }

    private ProcessGroup start(String child, String command, boolean hasGroup, Duration grace) throws Exception {
        Files.writeString(directory.resolve("child.sh"), child);
        ProcessBuilder builder = new ProcessBuilder(CommandWords.ofShell(command)).directory(directory.toFile());
        return ProcessGroup.start(builder, hasGroup, grace);
    }

    private long child() throws Exception {
        return Await.pid(directory.resolve("child"));
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessStat::isAlive).orElse(false);
    }

    static boolean hasGroups() {
        return CommandWords.canBeApart();
    }

    @Test
    void whoIgnoresThatItIsToEndIsEndedWhenTheShellHasLongEnded() throws Exception {
        ProcessGroup group = start(STUBBORN, "sh child.sh; true", true);
        long child = child();
        group.end();
        assertFalse(isAlive(child));
    }

    @Test
    void withoutGroupsTheDescendantsAreEndedAllTheSame() throws Exception {
        ProcessGroup group = start(STUBBORN, "sh -c 'sh child.sh & wait'; touch next", false);
        long child = child();
        group.end();
        assertFalse(isAlive(child));
        assertFalse(Files.exists(directory.resolve("next")), "the shell went on");
    }

    @Test
    @EnabledIf("hasGroups")
    void whoHasLeftTheGroupIsEndedAsWell() throws Exception {
        ProcessGroup group = start(STUBBORN, "setsid sh child.sh; true", true);
        long child = child();
        group.end();
        assertFalse(isAlive(child));
    }

    @Test
    void whatTheShellHasStartedMayFinishWhatItDoesAtItsEnd() throws Exception {
        String tidy = "trap 'sleep 0.1; echo tidy > hook; exit' TERM; echo $$ > child; while :; do sleep 0.05; done";
        // not into the pipe, which Java closes when the shell has ended: dash would die of what it says of its children
        for (boolean hasGroup : List.of(true, false)) {
            ProcessGroup group = start(tidy, "sh child.sh > /dev/null 2>&1 && true", hasGroup, Duration.ofSeconds(20));
            child();
            group.end();
            assertTrue(Files.deleteIfExists(directory.resolve("hook")), "as a shutdown hook of Maven");
            Files.delete(directory.resolve("child"));
        }
    }
}
