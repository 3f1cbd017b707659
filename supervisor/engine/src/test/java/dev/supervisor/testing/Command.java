package dev.supervisor.testing;

import dev.supervisor.process.ProcessStat;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The command as a user starts it, from the distribution that the build has made. */
public final class Command implements AutoCloseable {

    public static final Path SCRIPT =
            Path.of("../target/dist/bin/supervisor").toAbsolutePath().normalize();

    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** In the background of a shell without job control INT is ignored, which all that is started there inherits. */
    private static final List<String> HEARS_INT = System.getProperty("os.name").equals("Linux")
            ? List.of("env", "--default-signal=INT") // of coreutils; it becomes the command
            : List.of();

    private static final Pattern SOCKET = Pattern.compile("~> \\w+://([\\d.]+|\\[.*]):(\\d+)/?.*");

    private final Process process;
    /** What its thread has read, and nothing at the end of it. */
    private final BlockingQueue<Optional<String>> output = new LinkedBlockingQueue<>();

    private final List<String> transcript = new ArrayList<>();
    private final List<String> passedOver = new ArrayList<>();

    private Command(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "output of process " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(Optional.of(line));
            }
        } catch (IOException e) {
            output.add(Optional.of(e.toString())); // the test that awaits another line shows it
        } finally {
            output.add(Optional.empty());
        }
    }

    /** Returns the next line that is written until then, or nothing at the end of the output. */
    private Optional<String> next(String awaited, long deadline) throws InterruptedException {
        Optional<String> line = output.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (line == null) {
            close();
            throw new AssertionError("still waiting for " + awaited + " after " + transcript);
        }
        line.ifPresentOrElse(transcript::add, () -> output.add(Optional.empty())); // the end stays the end
        return line;
    }

    public static Command start(Path directory, Map<String, String> environment, List<String> command)
            throws IOException {
        List<String> line = new ArrayList<>(HEARS_INT);
        line.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(line).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment()
                .remove("PYTHONUNBUFFERED"); // with it a line of print comes in pieces, between others' lines
        builder.environment().put("SUPERVISOR_LOG", "plain"); // as on a terminal
        builder.environment().putAll(environment);
        return new Command(builder.start());
    }

    public static Command start(Path directory, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(List.of(arguments));
        return start(directory, Map.of(), command);
    }

    /** Waits for a line that matches, in whatever order they come, and returns it; the next call finds another. */
    public String await(String pattern) throws InterruptedException {
        for (int i = 0; i < passedOver.size(); i++) {
            if (passedOver.get(i).matches(pattern)) {
                return passedOver.remove(i);
            }
        }
        long deadline = System.nanoTime() + TIMEOUT_NANOS;
        while (true) {
            String line = next(pattern, deadline)
                    .orElseThrow(() -> new AssertionError("no line matches " + pattern + " in " + transcript));
            if (line.matches(pattern)) {
                return line;
            }
            passedOver.add(line);
        }
    }

    /** Whether a line that has been read so far matches. */
    public boolean hasSaid(String pattern) {
        return transcript.stream().anyMatch(line -> line.matches(pattern));
    }

    /** Presses keys, where it was started on a terminal ({@code script} of util-linux). */
    public void type(String keys) throws IOException {
        process.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Where the next socket that is printed listens. */
    public InetSocketAddress awaitSocket() throws InterruptedException {
        Matcher socket = SOCKET.matcher(await(SOCKET.pattern()));
        if (!socket.matches()) {
            throw new IllegalStateException();
        }
        return new InetSocketAddress(socket.group(1), Integer.parseInt(socket.group(2)));
    }

    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
                .inheritIO()
                .start()
                .waitFor();
    }

    /** Waits for the end of a command that may take long, and returns the exit code. */
    public int exitCode(Duration most) throws InterruptedException {
        return exitCode(most.toNanos());
    }

    /** Waits for the end and returns the exit code. */
    public int exitCode() throws InterruptedException {
        return exitCode(TIMEOUT_NANOS);
    }

    private int exitCode(long timeoutNanos) throws InterruptedException {
        long deadline = System.nanoTime() + timeoutNanos;
        while (next("its end", deadline).isPresent()) {}
        if (!process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            close();
            throw new AssertionError("still running after " + transcript);
        }
        return process.exitValue();
    }

    /** What has been read of standard output and error. */
    public String transcript() {
        return String.join("\n", transcript);
    }

    /** Waits for the ends, too: until then their ports are in use. */
    @Override
    public void close() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        long deadline = System.nanoTime() + TIMEOUT_NANOS;
        while (all.stream().anyMatch(ProcessStat::isAlive) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(TURN_NANOS);
        }
    }
}
