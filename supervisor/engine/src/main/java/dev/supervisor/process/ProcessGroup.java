package dev.supervisor.process;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process in a group of its own, if the system can do that, so that it can be ended with all that it has started, also
 * what its parent has left. It does not hear of the terminal's Ctrl-C. Thread-safe.
 */
public final class ProcessGroup {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessGroup.class);
    private static final Duration GRACE = Duration.ofMillis(500);
    private static final long LONGEST_PAUSE_MILLIS = 25;

    private final Process process;
    private final boolean hasGroup;
    private final long graceMillis;

    /** All that it is known to consist of, parents before their children; some may have lost theirs since. */
    private final Set<ProcessHandle> known = Collections.synchronizedSet(new LinkedHashSet<>());

    /** Guarded by this. */
    private boolean ended;

    private ProcessGroup(Process process, boolean hasGroup, Duration grace) {
        this.process = process;
        this.hasGroup = hasGroup;
        this.graceMillis = grace.toMillis();
        known.add(process.toHandle());
    }

    /**
     * Starts a process that can read nothing.
     *
     * @param builder its command becomes that of the group
     * @throws IOException if it can't be started
     */
    public static ProcessGroup start(ProcessBuilder builder) throws IOException {
        return start(builder, true, GRACE);
    }

    /** @param inGroup whether in a group of its own, if the system can do that */
    static ProcessGroup start(ProcessBuilder builder, boolean inGroup, Duration grace) throws IOException {
        List<String> command = builder.command();
        List<String> line = inGroup ? CommandWords.apart(command) : command;
        Process process = builder.command(line).start();
        process.getOutputStream().close(); // a program that asks is told that nobody answers
        return new ProcessGroup(process, line.size() > command.size(), grace);
    }

    /** The first one. */
    public Process process() {
        return process;
    }

    /**
     * Asks all of its processes to end, and after half a second ends those that are still there. Blocks until they are
     * gone, a second at most; if it is interrupted, they are ended at once. Idempotent.
     */
    public synchronized void end() {
        if (ended) {
            return;
        }
        ended = true;
        look();
        signal("TERM");
        if (!areGoneWithin(graceMillis)) {
            kill();
            areGoneWithin(graceMillis / 2);
        }
    }

    /** Ends all of its processes without asking or waiting, also in the middle of {@link #end}. */
    public void kill() {
        look();
        signal("KILL");
    }

    /** While those that have started them live, or nobody could tell whose they are. */
    private void look() {
        for (ProcessHandle each : List.copyOf(known)) {
            each.descendants().forEach(known::add);
        }
    }

    /** The system tells of the end of the first of them only. */
    private boolean areGoneWithin(long millis) {
        long begun = System.nanoTime();
        for (long pause = 2; isAnyAlive(); pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            if (System.nanoTime() - begun >= TimeUnit.MILLISECONDS.toNanos(millis) || !sleep(pause)) {
                return false;
            }
        }
        return true;
    }

    private static boolean sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean isAnyAlive() {
        return List.copyOf(known).stream().anyMatch(ProcessStat::isAlive)
                || (hasGroup && ProcessStat.isAnyAliveIn(process.pid()));
    }

    /** The group as a whole, or a shell would go on with its next command. Once each: some take a second one amiss. */
    private void signal(String name) {
        if (hasGroup) {
            signalGroup(name);
        }
        for (ProcessHandle each : List.copyOf(known)) {
            if (name.equals("KILL")) {
                each.destroyForcibly();
            } else if (!isInGroup(each)) {
                each.destroy();
            }
        }
    }

    private boolean isInGroup(ProcessHandle each) {
        return hasGroup
                && ProcessStat.of(each)
                        .filter(stat -> stat.group() == process.pid())
                        .isPresent();
    }

    /** Java knows no process groups. */
    private void signalGroup(String signal) {
        try {
            new ProcessBuilder("sh", "-c", "kill -" + signal + " -" + process.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            LOG.warn("can't signal the processes of {}: {}", process.pid(), e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
