package dev.supervisor.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends the process when a stop takes longer than it may: an application can block whatever it shares with the supervisor.
 * Its thread is there from the beginning, since there may be none to be had then.
 */
final class StopDeadline {

    /** What a stop takes besides the drain and the end of the application. */
    private static final Duration REST = Duration.ofSeconds(5);

    private StopDeadline() {}

    /** From the moment at which the signals ask for a stop. */
    static void begin(Signals signals, Duration drainTimeout, Duration stopTimeout) {
        Duration allowed = drainTimeout.plus(stopTimeout).plus(REST);
        Thread thread = new Thread(() -> await(signals, allowed), "supervisor-stop-deadline");
        thread.setDaemon(true);
        thread.start();
    }

    private static void await(Signals signals, Duration allowed) {
        signals.awaitStop();
        long deadline = System.nanoTime() + allowed.toNanos();
        for (long rest = allowed.toNanos(); rest > 0; rest = deadline - System.nanoTime()) {
            LockSupport.parkNanos(rest);
            Thread.interrupted(); // an application may interrupt all threads that it finds
        }
        signals.halt(SupervisorCommand.FAILED, () -> print(allowed));
    }

    /** Not by {@code System.err}, which an application may have replaced. */
    @SuppressWarnings("resource") // it would close standard error
    private static void print(Duration allowed) {
        String line = "supervisor: the stop has taken longer than " + allowed.toSeconds()
                + " s (--drain-timeout, --stop-timeout): ending at once\n";
        try {
            new FileOutputStream(FileDescriptor.err).write(line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) { // nobody reads it
        }
    }
}
