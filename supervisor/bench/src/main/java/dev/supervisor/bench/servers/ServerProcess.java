package dev.supervisor.bench.servers;

import dev.supervisor.bench.tools.Polling;
import dev.supervisor.bench.tools.Programs;
import dev.supervisor.bench.tools.ToolOutput;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A server process that prints its address as the supervisor does: {@code ~> http://127.0.0.1:PORT/}, or {@code https}. A thread reads
 * its output all the time. The process is ended by {@link #close}, or with this JVM.
 */
public final class ServerProcess implements AutoCloseable {

    /** Memory in KiB: heap and metaspace in use after full collections, and resident memory. */
    public record Memory(double heap, double metaspace, double resident) {}

    private static final Pattern SOCKET = Pattern.compile("~> (https?)://127.0.0.1:(\\d+)/");
    private static final int KEPT_LINES = 50;

    private final Process process;
    private final CompletableFuture<InetSocketAddress> address = new CompletableFuture<>();
    private final BlockingQueue<SupervisorEvent> events = new LinkedBlockingQueue<>();
    private final Deque<String> lastLines = new ConcurrentLinkedDeque<>();

    /** Written before the address is known. */
    private volatile String scheme = "http";

    private ServerProcess(Process process, Consumer<String> listener) {
        this.process = process;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy)); // if this JVM is told to end
        Thread reader = new Thread(() -> readLines(listener), "transcript of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a process.
     *
     * @param javaOptions for the supervisor's script, which takes them from its environment
     */
    public static ServerProcess start(String javaOptions, List<String> command) throws IOException {
        return start(javaOptions, command, line -> {});
    }

    public static ServerProcess start(String javaOptions, List<String> command, Consumer<String> listener)
            throws IOException {
        return start(Map.of("SUPERVISOR_JAVA_OPTS", javaOptions), command, listener);
    }

    /** Starts a process that need not print its address. */
    public static ServerProcess start(Map<String, String> environment, List<String> command) throws IOException {
        return start(environment, command, line -> {});
    }

    private static ServerProcess start(Map<String, String> environment, List<String> command, Consumer<String> listener)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return new ServerProcess(builder.start(), listener);
    }

    private void readLines(Consumer<String> listener) {
        try (var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String text = output.readLine(); text != null; text = output.readLine()) {
                read(text);
                listener.accept(text);
            }
        } catch (IOException | UncheckedIOException e) {
            // the process was ended
        }
        address.completeExceptionally(new IllegalStateException("the server has ended, and said " + lastLines));
    }

    private void read(String line) {
        SupervisorEvent.of(line).ifPresent(events::add);
        lastLines.add(line);
        if (lastLines.size() > KEPT_LINES) {
            lastLines.remove();
        }
        Matcher socket = SOCKET.matcher(line);
        if (socket.matches()) {
            scheme = socket.group(1);
            address.complete(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(socket.group(2))));
        }
    }

    /** Waits for the address, and returns it. */
    public InetSocketAddress address() throws Exception {
        return address.get(Polling.TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /** Waits for the address, and returns its URL. */
    public String url() throws Exception {
        int port = address().getPort();
        return scheme + "://127.0.0.1:" + port + "/";
    }

    /** Waits for the next event of this name; events before it are dropped. */
    public SupervisorEvent await(String name) throws InterruptedException {
        return await(name, event -> event.name().equals(name));
    }

    /** Waits for the next event of this name and generation; events before it are dropped. */
    public SupervisorEvent await(String name, int generation) throws InterruptedException {
        return await(name + " of generation " + generation, event -> event.is(name, generation));
    }

    private SupervisorEvent await(String what, Predicate<SupervisorEvent> which) throws InterruptedException {
        SupervisorEvent event = events.poll(Polling.TIMEOUT_SECONDS, TimeUnit.SECONDS);
        while (event != null && !which.test(event)) {
            event = events.poll(Polling.TIMEOUT_SECONDS, TimeUnit.SECONDS);
        }
        if (event == null) {
            throw new IllegalStateException("the server has not reported '" + what + "', but " + lastLines);
        }
        return event;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Returns the last lines that the process has printed. */
    public String lastLines() {
        return String.join("\n", lastLines);
    }

    /** Returns the process and its descendants. */
    Stream<ProcessHandle> processes() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    /** Returns the user and system time of all processes, in microseconds; Linux counts it in ticks of 10 ms. */
    public long cpuMicros() {
        return processes().mapToLong(ServerProcess::cpuMicros).sum();
    }

    private static long cpuMicros(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" "); // the name may have blanks in it
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10_000;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the memory of a JVM. Collects twice: the second collection frees what the first one finds. */
    public Memory memory() throws IOException {
        ToolOutput used = jcmd("GC.run", "GC.run", "GC.heap_info", "VM.metaspace basic scale=K");
        ToolOutput status = new ToolOutput(Files.readString(Path.of("/proc/" + process.pid() + "/status")));
        return new Memory(
                used.number(" used (\\d+)K"),
                used.number("Both: +([\\d.]+) KB used"),
                status.number("VmRSS:\\s+(\\d+) kB"));
    }

    /** Runs commands of {@code jcmd} on the JVM, and returns their output. */
    public ToolOutput jcmd(String... commands) throws IOException {
        Path file = Files.createTempFile("jcmd", ".txt");
        try {
            Files.write(file, List.of(commands));
            String[] command = {Programs.ofJdk("jcmd"), String.valueOf(process.pid()), "-f", file.toString()};
            return ToolOutput.of(new ProcessBuilder(command));
        } finally {
            Files.delete(file);
        }
    }

    public int descriptors() {
        return descriptors(file -> true);
    }

    /** Returns how many descriptors of the process are sockets. */
    public int sockets() {
        return descriptors(file -> {
            try {
                return Files.readSymbolicLink(file).toString().startsWith("socket:");
            } catch (IOException e) {
                return false; // just closed
            }
        });
    }

    private int descriptors(Predicate<Path> which) {
        try (var open = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            return (int) open.filter(which).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the process, and returns the exit code. */
    public int end() {
        process.destroy();
        process.onExit().join();
        return process.exitValue();
    }

    @Override
    public void close() {
        end();
    }
}
