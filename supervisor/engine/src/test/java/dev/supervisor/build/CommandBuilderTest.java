package dev.supervisor.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.ApplicationBuilder;
import dev.supervisor.ApplicationBuilder.Built;
import dev.supervisor.ApplicationBuilder.Failed;
import dev.supervisor.ApplicationBuilder.NotNeeded;
import dev.supervisor.ApplicationBuilder.Outcome;
import dev.supervisor.ApplicationBuilder.Outdated;
import dev.supervisor.Diagnostic;
import dev.supervisor.OnBusy;
import dev.supervisor.process.ProcessStat;
import dev.supervisor.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the builds are scripts of a POSIX shell")
final class CommandBuilderTest {

    private static final Path SOURCE = Path.of("App.java");

    @TempDir
    private Path directory;

    private final List<Outcome> ended = new ArrayList<>();
    private final List<Path> unsettled = new ArrayList<>();
    private volatile Duration now = Duration.ZERO;
    private Runnable whenBegun = () -> {};

    private CommandBuilder builder(OnBusy onBusy) {
        return builder("echo built >> builds.txt; [ ! -e broken ]", onBusy);
    }

    private CommandBuilder builder(String command, OnBusy onBusy) {
        return builder(new CommandBuilder.Settings(command, directory, Duration.ZERO, onBusy));
    }

    private CommandBuilder builder(CommandBuilder.Settings settings) {
        ApplicationBuilder.Observer observer = new ApplicationBuilder.Observer() {
            @Override
            public void unsettled(Path source) {
                unsettled.add(source);
            }

            @Override
            public void began() {
                whenBegun.run();
            }

            @Override
            public void said(String line) {}

            @Override
            public void ended(Outcome outcome) {
                ended.add(outcome);
            }
        };
        return new CommandBuilder(settings, observer, () -> now.toNanos());
    }

    private int builds() throws IOException {
        Path log = directory.resolve("builds.txt");
        return Files.exists(log) ? Files.readAllLines(log).size() : 0;
    }

    /** Between the moment that the sources have settled and that the command is started. */
    private void saveOnceWhenBegun(ApplicationBuilder builder) {
        whenBegun = () -> {
            whenBegun = () -> {};
            builder.changed(SOURCE);
        };
    }

    @Test
    void theFirstBuildIsMadeAndThenOneForEachChange() throws Exception {
        CommandBuilder builder = builder(OnBusy.RESTART);
        assertInstanceOf(Built.class, builder.build(() -> {}));
        assertInstanceOf(NotNeeded.class, builder.build(() -> {}));
        builder.changed(SOURCE);
        builder.changed(SOURCE);
        assertInstanceOf(Built.class, builder.build(() -> {}));
        assertInstanceOf(NotNeeded.class, builder.build(() -> {}));
        assertEquals(2, builds());
    }

    @Test
    void aBuildThatIsOutdatedBeforeItIsStartedIsNotStarted() throws Exception {
        CommandBuilder builder = builder(OnBusy.RESTART);
        saveOnceWhenBegun(builder);
        assertInstanceOf(Outdated.class, builder.build(() -> {}));
        assertEquals(0, builds());
        assertInstanceOf(Built.class, builder.build(() -> {}));
        assertInstanceOf(NotNeeded.class, builder.build(() -> {}));
        assertEquals(1, builds());
        assertEquals(2, ended.size(), "each that began has ended");
    }

    @Test
    void withAQueueItIsStartedAndOneMoreFollows() throws Exception {
        CommandBuilder builder = builder(OnBusy.QUEUE);
        saveOnceWhenBegun(builder);
        assertInstanceOf(Built.class, builder.build(() -> {}));
        assertInstanceOf(Built.class, builder.build(() -> {}));
        assertInstanceOf(NotNeeded.class, builder.build(() -> {}));
        assertEquals(2, builds());
        assertTrue(ended.stream().allMatch(Built.class::isInstance), ended::toString);
    }

    @Test
    void whatHasFailedHasFailedUntilASourceChanges() throws Exception {
        Path broken = Files.createFile(directory.resolve("broken"));
        CommandBuilder builder = builder(OnBusy.RESTART);
        Outcome failed = assertInstanceOf(Failed.class, builder.build(() -> {}));
        assertSame(
                failed, builder.build(() -> {}), "a change that came before it had settled was counted, but is built");
        assertEquals(1, builds());
        assertEquals(List.of(failed), ended);
        Files.delete(broken);
        builder.changed(SOURCE);
        assertInstanceOf(Built.class, builder.build(() -> {}));
        assertInstanceOf(NotNeeded.class, builder.build(() -> {}));
    }

    @Test
    void whatWasInterruptedIsStillToBeBuilt() throws Exception {
        CommandBuilder builder = builder(OnBusy.RESTART);
        assertInstanceOf(Built.class, builder.build(() -> {}));
        builder.changed(SOURCE);
        whenBegun = Thread.currentThread()::interrupt;
        assertThrows(InterruptedException.class, () -> builder.build(() -> {}));
        whenBegun = () -> {};
        assertInstanceOf(Built.class, builder.build(() -> {}));
        assertInstanceOf(NotNeeded.class, builder.build(() -> {}));
    }

    @Test
    void soIsWhatHasBrokenOff() throws Exception {
        CommandBuilder builder = builder(OnBusy.RESTART);
        OutOfMemoryError broken = new OutOfMemoryError("unable to create native thread");
        whenBegun = () -> {
            throw broken;
        };
        assertSame(broken, assertThrows(OutOfMemoryError.class, () -> builder.build(() -> {})));
        whenBegun = () -> {};
        assertThrows(
                IllegalStateException.class,
                () -> builder.build(() -> {
                    throw new IllegalStateException("before it has begun");
                }));
        assertInstanceOf(Built.class, builder.build(() -> {}));
        assertEquals(1, builds());
    }

    @ParameterizedTest
    @CsvSource({"PT1H,PT10H", "PT0.1S,PT2S"})
    void sourcesThatNeverSettleAreBuiltAfterAWhileAndNamed(Duration settle, Duration patience) throws Exception {
        Path go = directory.resolve("go");
        String command = "touch begun; while [ ! -e go ]; do sleep 0.05; done; echo built >> builds.txt";
        CommandBuilder builder = builder(new CommandBuilder.Settings(command, directory, settle, OnBusy.RESTART));
        CompletableFuture<Outcome> first = CompletableFuture.supplyAsync(() -> build(builder));
        changeUntilItIsBuilt(builder, settle);
        assertTrue(now.compareTo(patience) >= 0, now::toString);
        assertEquals(List.of(SOURCE), unsettled);
        builder.changed(SOURCE);
        Files.createFile(go);
        assertInstanceOf(Built.class, first.get(), "what never settles ends no build");
        now = now.plus(settle);
        assertInstanceOf(Built.class, builder.build(() -> {}));
        assertEquals(List.of(SOURCE), unsettled, "these have settled");
        assertEquals(2, builds());
    }

    private void changeUntilItIsBuilt(CommandBuilder builder, Duration settle) throws Exception {
        Await.until("it is being built", () -> {
            now = now.plus(settle.dividedBy(2));
            builder.changed(SOURCE);
            return Files.exists(directory.resolve("begun"));
        });
    }

    private static Outcome build(CommandBuilder builder) {
        try {
            return builder.build(() -> {});
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aBuildThatBeganBeforeTheSourcesSettledIsEndedByAnotherSource() throws Exception {
        Duration settle = Duration.ofHours(1);
        CommandBuilder builder =
                builder(new CommandBuilder.Settings("touch begun; sleep 1000", directory, settle, OnBusy.RESTART));
        CompletableFuture<Outcome> first = CompletableFuture.supplyAsync(() -> build(builder));
        changeUntilItIsBuilt(builder, settle);
        builder.changed(Path.of("Other.java"));
        assertInstanceOf(Outdated.class, first.get());
    }

    /** A save while the last build ran, and one when it had just ended. */
    @Test
    void aSaveIsGivenItsTimeToSettleHoweverLongAgoTheOneBeforeWas() throws Exception {
        CommandBuilder builder =
                builder(new CommandBuilder.Settings("true", directory, Duration.ofMillis(100), OnBusy.QUEUE));
        now = Duration.ofSeconds(1);
        assertInstanceOf(Built.class, builder.build(() -> {}));
        builder.changed(SOURCE);
        now = Duration.ofHours(1);
        builder.changed(SOURCE);
        CompletableFuture<Outcome> second = CompletableFuture.supplyAsync(() -> build(builder));
        Await.until("it is built", () -> {
            now = now.plusMillis(10);
            return second.isDone();
        });
        assertInstanceOf(Built.class, second.get());
        assertEquals(List.of(), unsettled);
    }

    @Test
    void withoutACommandEachChangeIsABuildOnceItHasSettled() throws Exception {
        CommandBuilder builder = builder(new CommandBuilder.Settings("", directory, Duration.ZERO, OnBusy.RESTART));
        assertInstanceOf(Built.class, builder.build(() -> {}));
        assertInstanceOf(NotNeeded.class, builder.build(() -> {}));
        builder.changed(SOURCE);
        assertInstanceOf(Built.class, builder.build(() -> {}));
        assertEquals(List.of(), ended, "nothing was run");
    }

    private Failed failed(String command) throws InterruptedException {
        return assertInstanceOf(Failed.class, builder(command, OnBusy.RESTART).build(() -> {}));
    }

    @Test
    void ofALineWithoutAnEndTheBeginningIsKept() throws Exception {
        List<String> output = failed("head -c 300000 /dev/zero | tr '\\0' x; echo; echo end; exit 1")
                .output();
        assertEquals(2, output.size());
        assertTrue(output.get(0).length() < 10_000, () -> output.get(0).length() + " characters");
        assertEquals("end", output.get(1));
    }

    @Test
    void anErrorIsFoundHoweverMuchIsSaidBeforeAndAfterIt() throws Exception {
        Failed failed = failed("i=0; while [ $i -lt 5000 ]; do i=$((i + 1)); echo test $i"
                + "; [ $i -eq 1000 ] && printf 'A.java:3: error: no\\nint x = \"\";\\n        ^\\n'; done; exit 1");
        assertEquals(List.of(new Diagnostic(directory.resolve("A.java"), 3, 9, "no")), failed.diagnostics());
        assertEquals("test 1", failed.output().get(0));
        assertEquals("test 5000", failed.output().get(failed.output().size() - 1));
        assertTrue(failed.output().size() <= 2001, failed.output()::toString);
    }

    /** Writes its id into a file, and does not end when it is asked to. */
    private Path stubborn() throws IOException {
        Files.writeString(directory.resolve("child.sh"), "trap '' TERM; echo $$ > child; while :; do sleep 0.05; done");
        return directory.resolve("child");
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessStat::isAlive).orElse(false);
    }

    @Test
    void anOutdatedBuildHasEndedWhenTheNextOneMayBegin() throws Exception {
        Path child = stubborn();
        CommandBuilder builder = builder("sh child.sh; true", OnBusy.RESTART);
        CompletableFuture<Long> saved = CompletableFuture.supplyAsync(() -> {
            long pid = pid(child);
            builder.changed(SOURCE);
            return pid;
        });
        assertInstanceOf(Outdated.class, builder.build(() -> {}));
        assertFalse(isAlive(saved.get()));
    }

    @Test
    void aBuildCanBeKilledAtOnceWithAllThatItHasStarted() throws Exception {
        Path child = stubborn();
        CommandBuilder builder = builder("setsid sh child.sh; true", OnBusy.QUEUE);
        CompletableFuture<Long> killed = CompletableFuture.supplyAsync(() -> {
            long pid = pid(child);
            builder.kill();
            return pid;
        });
        assertThrows(InterruptedException.class, () -> builder.build(() -> {}));
        Await.end(killed.get());
        builder.changed(SOURCE);
        assertThrows(InterruptedException.class, () -> builder.build(() -> {}), "nor does another begin");
    }

    private static long pid(Path file) {
        try {
            return Await.pid(file);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
