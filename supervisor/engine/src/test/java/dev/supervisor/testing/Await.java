package dev.supervisor.testing;

import dev.supervisor.process.ProcessStat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for what other processes do, of which nobody tells: looks until it is so, and fails when that takes too long. */
public final class Await {

    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long TURN_MILLIS = 10;

    private Await() {}

    /** @param what it is, for the message */
    public static void until(String what, Callable<Boolean> condition) throws Exception {
        long begun = System.nanoTime();
        while (!condition.call()) {
            if (System.nanoTime() - begun > TIMEOUT_NANOS) {
                throw new AssertionError("still waiting until " + what);
            }
            TimeUnit.MILLISECONDS.sleep(TURN_MILLIS);
        }
    }

    /** Waits until there is one. */
    public static <T> T value(Callable<Optional<T>> source) throws Exception {
        List<T> found = new ArrayList<>();
        until("there is a value", () -> {
            source.call().ifPresent(found::add);
            return !found.isEmpty();
        });
        return found.get(0);
    }

    /** The id that a process writes into a file of its own. */
    public static long pid(Path file) throws Exception {
        until(
                "there is a process id in " + file,
                () -> Files.exists(file) && Files.readString(file).endsWith("\n"));
        return Long.parseLong(Files.readString(file).strip());
    }

    /** Of a process, whoever has started it. */
    public static void end(long pid) throws Exception {
        until(
                "process " + pid + " has ended",
                () -> ProcessHandle.of(pid)
                        .map(process -> !ProcessStat.isAlive(process))
                        .orElse(true));
    }
}
