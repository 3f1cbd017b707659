package dev.supervisor.build;

import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A command of the shell in a process group of its own, so that it can be ended with all that it has started, also what
 * its parent has left. It does not hear of the terminal's Ctrl-C. Thread-safe.
 */
final class BuildProcess {

    private static final Logger LOG = LoggerFactory.getLogger(BuildProcess.class);

    /** Of util-linux; makes the command the leader of a session, and so of a group. */
    static final Optional<Path> SETSID = Optional.of(Path.of("/usr/bin/setsid")).filter(Files::isExecutable);

    private static final boolean IS_WINDOWS = System.getProperty("os.name").startsWith("Windows");
    private static final long GRACE_MILLIS = 500;
    private static final long LONGEST_PAUSE_MILLIS = 25;

    private final Process process;
    private final boolean hasGroup;

    /** All that it is known to consist of, parents before their children; some may have lost theirs since. */
    private final Set<ProcessHandle> known = Collections.synchronizedSet(new LinkedHashSet<>());

    /** Guarded by this. */
    private boolean ended;

    private BuildProcess(Process process, boolean hasGroup) {
        this.process = process;
        this.hasGroup = hasGroup;
        known.add(process.toHandle());
    }

    static BuildProcess start(String command, Path directory) throws IOException {
        return start(command, directory, SETSID);
    }

    static BuildProcess start(String command, Path directory, Optional<Path> setsid) throws IOException {
        Process process = new ProcessBuilder(line(command, setsid))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close(); // a tool that asks is told that nobody answers
        return new BuildProcess(process, setsid.isPresent());
    }

    private static List<String> line(String command, Optional<Path> setsid) {
        if (IS_WINDOWS) {
            return List.of("cmd", "/c", command);
        }
        List<String> line = new ArrayList<>();
        setsid.ifPresent(path -> line.add(path.toString()));
        line.addAll(List.of("sh", "-c", command));
        return line;
    }

    /**
     * Returns its exit code as soon as it has ended, and its output has been read: what it has left running (a daemon,
     * say) may keep that open, and is not waited for.
     *
     * @param output told of each line, by a thread of its own, and not after this has returned
     */
    int awaitEnd(Consumer<String> output) throws InterruptedException {
        Reader reader = new Reader(process, output);
        reader.start();
        try {
            int code = process.waitFor();
            reader.join(GRACE_MILLIS);
            return code;
        } finally {
            reader.stopTelling();
        }
    }

    private static final class Reader extends Thread {

        private final Process process;
        private @Nullable Consumer<String> output;

        Reader(Process process, Consumer<String> output) {
            super("supervisor-build-output");
            setDaemon(true);
            this.process = process;
            this.output = output;
        }

        @Override
        public void run() {
            try (var lines =
                    new LineReader(new InputStreamReader(process.getInputStream(), Charset.defaultCharset()))) {
                for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
                    tell(line.get());
                }
            } catch (IOException e) {
                LOG.debug("the output of the build has ended early", e);
            }
        }

        private synchronized void tell(String line) {
            if (output != null) {
                output.accept(line);
            }
        }

        synchronized void stopTelling() {
            output = null;
        }
    }

    /**
     * Asks all of its processes to end, and after half a second ends those that are still there. Blocks until they are
     * gone, a second at most; if it is interrupted, they are ended at once. Idempotent.
     */
    synchronized void end() {
        if (ended) {
            return;
        }
        ended = true;
        look();
        signal("TERM");
        if (!areGoneWithin(GRACE_MILLIS)) {
            kill();
            areGoneWithin(GRACE_MILLIS / 2);
        }
    }

    /** Ends all of its processes without asking or waiting, also in the middle of {@link #end}. */
    void kill() {
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
        return List.copyOf(known).stream().anyMatch(Stat::isAlive) || (hasGroup && Stat.isAnyAliveIn(process.pid()));
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
                && Stat.of(each).filter(stat -> stat.group() == process.pid()).isPresent();
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
            LOG.warn("can't signal the build: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
