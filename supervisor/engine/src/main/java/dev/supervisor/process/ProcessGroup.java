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
 * A process in a group of its own, if the system can do that, so that all its descendants can be ended with it,
 * including orphaned ones. The terminal's Ctrl-C does not reach it. Thread-safe.
 */
public final class ProcessGroup {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessGroup.class);
    private static final Duration GRACE = Duration.ofMillis(500);
    private static final long LONGEST_PAUSE_MILLIS = 25;

    private final Process process;
    private final boolean hasGroup;
    private final long graceMillis;

    /** All known members, parents before their children; some of the children may be orphaned since. */
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
     * Starts a process without input.
     *
     * @param builder its command is replaced by one that makes the group
     * @throws IOException if the process can't be started
     */
    public static ProcessGroup start(ProcessBuilder builder) throws IOException {
        return start(builder, true, GRACE);
    }

    /** @param inGroup whether to make a group of its own, if the system can do that */
    static ProcessGroup start(ProcessBuilder builder, boolean inGroup, Duration grace) throws IOException {
        List<String> command = builder.command();
        List<String> line = inGroup ? CommandWords.apart(command) : command;
        builder.environment(); // else the child has that of the C library, from which nothing can be hidden
        Process process = builder.command(line).start();
        process.getOutputStream().close(); // a program that asks for input sees its end
        return new ProcessGroup(process, line.size() > command.size(), grace);
    }

    /**
     * Returns the group of a process that leads one.
     *
     * @param grace how long {@link #end} waits before it kills
     */
    public static ProcessGroup ledBy(Process leader, Duration grace) {
        return new ProcessGroup(leader, true, grace);
    }

    /** Returns the first process. */
    public Process process() {
        return process;
    }

    /**
     * Asks all processes of the group to end, and kills the remaining ones after the grace time. Blocks until they are
     * gone, at most one and a half times the grace time. If interrupted, kills them at once. Idempotent.
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

    /** Kills all processes of the group without asking or waiting, even during {@link #end}. */
    public void kill() {
        look();
        signal("KILL");
    }

    /** Notes all descendants while their parents live: an orphan can't be traced to its former parent. */
    private void look() {
        for (ProcessHandle each : List.copyOf(known)) {
            each.descendants().forEach(known::add);
        }
    }

    /** Polls, since the system reports only the end of the first process. */
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

    /**
     * Signals the group as a whole, since otherwise a shell would go on with its next command. Each process is
     * signalled only once: some take a second signal amiss.
     */
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

    /** Runs kill, since Java knows no process groups. */
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
