package dev.supervisor.cli;

import dev.supervisor.SupervisorOptions;
import dev.supervisor.cli.archive.ClassArchive;
import dev.supervisor.process.SupervisorThreads;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * Ends the process when a stop takes too long: an application can block everything that it shares with the supervisor,
 * and so can a stalled reader of standard error.
 */
final class StopDeadline {

    /** What the stop timeout is for: shutdown hooks of a program, its servers, and then threads that go on. */
    private static final int STEPS = 3;

    /** The time for a stop, besides the delay, the drain and the end of the application. */
    private static final Duration REST = Duration.ofSeconds(5);

    /** The time for the JVM's shutdown hooks; the JDK's hook for logging flushes standard error, which may block. */
    private static final Duration HOOKS = Duration.ofSeconds(2);

    /** The time for them and for the archive of classes, in a training run. */
    private static final Duration WITH_ARCHIVE = Duration.ofMinutes(1);

    private static final String AT_ONCE = ": ending at once";

    private StopDeadline() {}

    /**
     * Starts the thread of the deadline, which counts from the moment at which a stop is requested. The thread starts
     * now, since later no thread may be available.
     *
     * @param timeouts of each application; they stop at the same time
     */
    static void begin(Signals signals, List<SupervisorOptions.Timeouts> timeouts, ErrorOutput errors) {
        Duration allowed = timeouts.stream()
                .map(StopDeadline::allowed)
                .max(Comparator.naturalOrder())
                .orElse(REST);
        Thread thread = new Thread(() -> await(signals, allowed, errors), "supervisor-stop-deadline");
        thread.setDaemon(true);
        thread.start();
    }

    private static Duration allowed(SupervisorOptions.Timeouts timeouts) {
        return timeouts.stopDelay()
                .plus(timeouts.drain())
                .plus(timeouts.stop().multipliedBy(STEPS))
                .plus(REST);
    }

    private static void await(Signals signals, Duration allowed, ErrorOutput errors) {
        signals.awaitStop();
        SupervisorThreads.sleep(allowed);
        signals.halt(
                ExitCode.FAILED,
                () -> errors.error("the stop has taken longer than " + allowed.toSeconds()
                        + " s (--stop-delay, --drain-timeout, --stop-timeout)" + AT_ONCE));
    }

    /** Ends the JVM after its shutdown hooks, or without waiting for hooks that take too long. */
    static void exit(int code, ErrorOutput errors) {
        Thread thread = new Thread(() -> haltAfterHooks(errors), "supervisor-exit");
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError e) { // hooks are threads too, and could not start either
            Runtime.getRuntime().halt(code);
        }
        System.exit(code);
    }

    private static void haltAfterHooks(ErrorOutput errors) {
        SupervisorThreads.sleep(ClassArchive.isMadeAtExit() ? WITH_ARCHIVE : HOOKS);
        Thread printing = new Thread(() -> errors.error(
                "the shutdown hooks of the JVM have taken longer than " + HOOKS.toSeconds() + " s" + AT_ONCE));
        try {
            printing.start(); // it may hang
            SupervisorThreads.sleep(Duration.ofSeconds(1));
        } finally {
            Runtime.getRuntime().halt(ExitCode.FAILED);
        }
    }
}
