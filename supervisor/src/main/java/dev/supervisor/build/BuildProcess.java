package dev.supervisor.build;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A command of the shell in a process group of its own, so that it can be ended with all that it has started, also what
 * its parent has left. It does not hear of the terminal's Ctrl-C. Thread-safe.
 */
final class BuildProcess {

    private static final Logger LOG = LoggerFactory.getLogger(BuildProcess.class);

    /** Of util-linux; makes the command the leader of a session, and so of a group. */
    private static final boolean HAS_SETSID = Files.isExecutable(Path.of("/usr/bin/setsid"));

    private static final boolean IS_WINDOWS = System.getProperty("os.name").startsWith("Windows");
    private static final long GRACE_MILLIS = 500;

    private final Process process;

    private BuildProcess(Process process) {
        this.process = process;
    }

    static BuildProcess start(String command, Path directory) throws IOException {
        Process process = new ProcessBuilder(line(command))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close(); // a tool that asks is told that nobody answers
        return new BuildProcess(process);
    }

    private static List<String> line(String command) {
        if (IS_WINDOWS) {
            return List.of("cmd", "/c", command);
        }
        List<String> line = new ArrayList<>();
        if (HAS_SETSID) {
            line.add("/usr/bin/setsid");
        }
        line.addAll(List.of("sh", "-c", command));
        return line;
    }

    /** Reads its output to the end, line by line, and returns its exit code. */
    int awaitEnd(Consumer<String> output) throws InterruptedException {
        try (var lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), Charset.defaultCharset()))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.accept(line);
            }
        } catch (IOException e) {
            LOG.debug("the output of the build has ended early", e);
        }
        return process.waitFor();
    }

    /** Asks all of its processes to end, and after half a second ends them. Blocks until the first of them has ended. */
    void end() {
        List<ProcessHandle> descendants = process.descendants().toList();
        signal("TERM", descendants);
        if (!hasEnded(GRACE_MILLIS) || isGroupAlive()) {
            descendants = new ArrayList<>(descendants);
            process.descendants().forEach(descendants::add);
            signal("KILL", descendants);
            process.destroyForcibly();
            hasEnded(GRACE_MILLIS);
        }
    }

    private boolean hasEnded(long millis) {
        try {
            return process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean isGroupAlive() {
        return HAS_SETSID && kill("0") == 0;
    }

    private void signal(String name, List<ProcessHandle> descendants) {
        if (HAS_SETSID) {
            kill(name);
        }
        for (ProcessHandle each : descendants) { // those that have left the group
            if (name.equals("KILL")) {
                each.destroyForcibly();
            } else {
                each.destroy();
            }
        }
    }

    /** Java knows no process groups. */
    private int kill(String signal) {
        try {
            Process kill = new ProcessBuilder("sh", "-c", "kill -" + signal + " -" + process.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return kill.waitFor();
        } catch (IOException e) {
            LOG.warn("can't signal the build: {}", e.toString());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }
}
