import com.sun.management.UnixOperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/**
 * Measures what many idle keep-alive connections cost, and how long a swap takes that moves them all. Each has been
 * answered and is idle; the jar is rebuilt; then each asks again, and all must be answered by the new build, on the
 * same TCP connection. Memory is that of the server's process, before the connections and with them, after a full
 * collection; on plain Netty with the same application, too.
 *
 * <p>After a build, from the project's directory, on Linux: {@code java bench/IdleConnections.java [CONNECTIONS
 * [SWAPS]]}. The servers run on the same JVM as this program. Each connection comes from an address of its own in
 * 127.1.0.0/16, so that no ports run out. The client and the server need a file descriptor for each; where a process
 * may not have so many this program tries to raise the limit, or else takes fewer connections.
 */
class IdleConnections {

    static final Path DISTRIBUTION = Path.of("supervisor/target/dist");
    static final String SOURCE = "bench/hello/Hello.java";
    static final String JAVA_OPTIONS = "-Xms32m -Xmx1g";
    static final int SPARE_DESCRIPTORS = 300;
    static final int PATIENCE_SECONDS = 60;
    static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    static final Pattern ANSWER = Pattern.compile("HTTP/1.1 200 OK\r\n.*\r\n\r\nbuild (\\d+)\n", Pattern.DOTALL);

    record Memory(long heapKilobytes, long residentKilobytes) {}

    /** Milliseconds from the moment that the rebuilt jar was moved into place; {@code asking} is apart. */
    record Swap(double serving, double connecting, double keptAlive, double ended, double asking) {}

    public static void main(String[] args) throws Exception {
        int wanted = args.length > 0 ? Integer.parseInt(args[0]) : 20_000;
        int swaps = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        if (!Files.exists(DISTRIBUTION.resolve("bin/supervisor"))) {
            System.err.println("there is no " + DISTRIBUTION
                    + " (build it: mvn -B -q package -DskipTests; run this where the pom.xml is)");
            System.exit(1);
        }
        if (possibleConnections() < wanted && !Boolean.getBoolean("again")) {
            System.exit(runAgain(wanted, swaps));
        }
        run((int) Math.min(wanted, possibleConnections()), wanted, swaps);
    }

    static long possibleConnections() {
        var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getMaxFileDescriptorCount() - SPARE_DESCRIPTORS;
    }

    /** With more file descriptors, if that is allowed; the servers inherit the limit. */
    static int runAgain(int connections, int swaps) throws Exception {
        String raising = "ulimit -n " + (connections + SPARE_DESCRIPTORS) + " 2>/dev/null; exec \"$0\" \"$@\"";
        List<String> command = new ArrayList<>(List.of("sh", "-c", raising));
        command.addAll(List.of(tool("java"), "-Dagain=true", "bench/IdleConnections.java"));
        command.addAll(List.of(String.valueOf(connections), String.valueOf(swaps)));
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    static String tool(String name) {
        return System.getProperty("java.home") + "/bin/" + name;
    }

    static void run(int connections, int wanted, int swaps) throws Exception {
        System.out.printf(
                "Java %s, %d processors%n",
                Runtime.version(), Runtime.getRuntime().availableProcessors());
        if (connections < wanted) {
            System.out.printf("a process may not open more files (ulimit -Hn): not %d connections, but ", wanted);
        }
        System.out.printf("%d idle connections%n%n", connections);
        Path directory = Files.createTempDirectory("idle-connections");
        try {
            Builds builds = new Builds(directory);
            builds.move(builds.make(1));
            try (Server plain = new Server(plainNetty(builds.jar))) {
                connectMeasuring("plain Netty", plain, connections).forEach(Connection::close);
            }
            try (Server supervised = new Server(supervised(builds.jar))) {
                List<Connection> idle = connectMeasuring("supervised", supervised, connections);
                swapMeasuring(supervised, builds, idle, swaps);
                idle.forEach(Connection::close);
            }
        } finally {
            deleteTree(directory);
        }
    }

    // Memory

    static List<Connection> connectMeasuring(String name, Server server, int number) throws Exception {
        List<Connection> warmUp = connect(server, number / 10);
        askAll(warmUp);
        warmUp.forEach(Connection::close);
        Memory before = memory(server.process);
        List<Connection> idle = connect(server, number);
        askAll(idle);
        print(name + ", for each connection", before, memory(server.process), number);
        return idle;
    }

    static Memory memory(Process server) throws Exception {
        jcmd(server, "GC.run");
        jcmd(server, "GC.run");
        String status = Files.readString(Path.of("/proc/" + server.pid() + "/status"));
        return new Memory(number("used (\\d+)K", jcmd(server, "GC.heap_info")), number("VmRSS:\\s+(\\d+) kB", status));
    }

    static String jcmd(Process server, String command) throws Exception {
        Process jcmd = new ProcessBuilder(tool("jcmd"), String.valueOf(server.pid()), command).start();
        return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    static long number(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in: " + text);
        }
        return Long.parseLong(matcher.group(1));
    }

    static void print(String what, Memory before, Memory now, double connections) {
        System.out.printf(
                "%-36s heap %6.2f KiB, resident %6.2f KiB   (all: %5.1f and %5.1f MiB)%n",
                what,
                (now.heapKilobytes() - before.heapKilobytes()) / connections,
                (now.residentKilobytes() - before.residentKilobytes()) / connections,
                now.heapKilobytes() / 1024.0,
                now.residentKilobytes() / 1024.0);
    }

    // Swaps

    static void swapMeasuring(Server server, Builds builds, List<Connection> idle, int swaps) throws Exception {
        Memory before = memory(server.process);
        List<Swap> measured = new ArrayList<>();
        for (int build = 2; build < 2 + swaps; build++) {
            measured.add(swap(server, builds, build, idle));
        }
        print("the same, more after " + swaps + " swaps", before, memory(server.process), idle.size());
        System.out.printf("%nms from the rebuilt jar until %33s%9s%9s%n", "min", "median", "max");
        print("the new generation serves", measured, Swap::serving);
        print("the first new answer to a new connection", measured, Swap::connecting);
        print("the first new answer on a connection in use", measured, Swap::keptAlive);
        print("all have moved, the old generation has ended", measured, Swap::ended);
        System.out.println("and then");
        print("ms until each has asked and has been answered", measured, Swap::asking);
        print(
                "µs for each connection that moved",
                measured,
                swap -> (swap.ended() - swap.serving()) * 1000 / idle.size());
        System.out.printf("all %d connections lived through %d swaps%n", idle.size(), swaps);
    }

    static Swap swap(Server server, Builds builds, int build, List<Connection> idle) throws Exception {
        Path rebuilt = builds.make(build);
        Executor eachOnItsThread = task -> new Thread(task).start(); // the common pool may have but one
        var connecting = CompletableFuture.supplyAsync(() -> firstAnswer(server, build, false), eachOnItsThread);
        var keptAlive = CompletableFuture.supplyAsync(() -> firstAnswer(server, build, true), eachOnItsThread);
        Thread.sleep(500); // they ask meanwhile
        long begun = System.nanoTime();
        builds.move(rebuilt);
        Line serving = server.await("generation " + build + " serving");
        Line ended = server.await("generation " + (build - 1) + " ended after");
        long firstToNew = connecting.get();
        long firstToKeptAlive = keptAlive.get();
        long asking = System.nanoTime();
        askAll(idle);
        long answered = System.nanoTime();
        checkThatAllWereAnsweredBy(build, idle);
        System.out.println("  " + ended.text());
        return new Swap(
                millis(begun, serving.nanos()),
                millis(begun, firstToNew),
                millis(begun, firstToKeptAlive),
                millis(begun, ended.nanos()),
                millis(asking, answered));
    }

    static double millis(long from, long to) {
        return (to - from) / 1e6;
    }

    static void checkThatAllWereAnsweredBy(int build, List<Connection> connections) {
        for (Connection connection : connections) {
            if (connection.build() != build) {
                throw new IllegalStateException("not build " + build + " has answered " + connection.channel);
            }
        }
    }

    /** Asks once a millisecond until this build answers, and returns when that was. */
    static long firstAnswer(Server server, int build, boolean keepAlive) {
        try {
            Connection connection = connect(server, 1).get(0);
            while (connection.build() != build) {
                Thread.sleep(1);
                if (!keepAlive) {
                    connection.close();
                    connection = connect(server, 1).get(0);
                }
                askAll(List.of(connection));
            }
            connection.close();
            return System.nanoTime();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("while waiting for build " + build, e);
        }
    }

    static void print(String what, List<Swap> swaps, ToDoubleFunction<Swap> value) {
        double[] sorted = swaps.stream().mapToDouble(value).sorted().toArray();
        double last = sorted[sorted.length - 1];
        System.out.printf("  %-50s %9.1f%9.1f%9.1f%n", what, sorted[0], sorted[sorted.length / 2], last);
    }

    // The clients

    /** The client's side of a connection. */
    static class Connection {

        final SocketChannel channel;
        private String answer = "";

        Connection(SocketChannel channel) {
            this.channel = channel;
        }

        void ask() throws IOException {
            answer = "";
            channel.write(ByteBuffer.wrap(REQUEST));
        }

        /** Returns whether the answer is complete. */
        boolean read() throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(512);
            if (channel.read(buffer) < 0) {
                throw new IOException("closed, not answered: " + channel);
            }
            answer += StandardCharsets.US_ASCII.decode(buffer.flip());
            return build() != 0;
        }

        /** Which build has answered; 0 if none has. */
        int build() {
            Matcher matcher = ANSWER.matcher(answer);
            return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
        }

        void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static List<Connection> connect(Server server, int number) throws IOException {
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            byte[] source = {127, 1, (byte) (i >> 8), (byte) i};
            SocketChannel channel = SocketChannel.open();
            channel.bind(new InetSocketAddress(InetAddress.getByAddress(source), 0));
            channel.connect(server.address);
            channel.configureBlocking(false);
            connections.add(new Connection(channel));
        }
        return connections;
    }

    static void askAll(List<Connection> connections) throws IOException {
        try (Selector selector = Selector.open()) {
            for (Connection connection : connections) {
                connection.channel.register(selector, SelectionKey.OP_READ, connection);
                connection.ask();
            }
            int waiting = connections.size();
            while (waiting > 0) {
                if (selector.select(PATIENCE_SECONDS * 1000) == 0) {
                    throw new IOException(waiting + " connections were not answered");
                }
                waiting -= readAnswers(selector);
            }
        }
    }

    /** Returns how many answers are complete now. */
    static int readAnswers(Selector selector) throws IOException {
        int complete = 0;
        for (SelectionKey key : selector.selectedKeys()) {
            if (((Connection) key.attachment()).read()) {
                complete++;
            }
        }
        selector.selectedKeys().clear();
        return complete;
    }

    // The servers

    record Line(String text, long nanos) {}

    static class Server implements AutoCloseable {

        final Process process;
        final InetSocketAddress address;
        private final BlockingQueue<Line> lines = new LinkedBlockingQueue<>();

        Server(List<String> command) throws Exception {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment().put("SUPERVISOR_JAVA_OPTS", JAVA_OPTIONS);
            process = builder.start();
            Thread reader = new Thread(this::readLines);
            reader.setDaemon(true);
            reader.start();
            String socket = await("~> http://127.0.0.1:").text();
            address = new InetSocketAddress("127.0.0.1", (int) number("127.0.0.1:(\\d+)", socket));
        }

        private void readLines() {
            try (var output = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
                for (String text = output.readLine(); text != null; text = output.readLine()) {
                    lines.add(new Line(text, System.nanoTime()));
                }
            } catch (IOException e) {
                // the server has been ended
            }
        }

        /** Reads on until the line that begins so. */
        Line await(String beginning) throws InterruptedException {
            List<String> others = new ArrayList<>();
            Line line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            while (line != null && !line.text().startsWith(beginning)) {
                others.add(line.text());
                line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            if (line == null) {
                throw new IllegalStateException("the server has not said '" + beginning + "', but " + others);
            }
            return line;
        }

        @Override
        public void close() throws InterruptedException {
            process.destroy();
            process.waitFor();
        }
    }

    static List<String> supervised(Path jar) {
        return List.of(DISTRIBUTION + "/bin/supervisor", "--port", "0", "--app", jar.toString());
    }

    /** With the class path and the logging that the supervisor has. */
    static List<String> plainNetty(Path jar) {
        List<String> command = new ArrayList<>(List.of(tool("java")));
        command.addAll(List.of(JAVA_OPTIONS.split(" ")));
        command.add("-Dlogback.configurationFile=supervisor-logback.xml");
        command.addAll(List.of("-cp", DISTRIBUTION + "/lib/supervisor.jar:" + jar, "hello.Hello"));
        return command;
    }

    // The builds

    static class Builds {

        final Path jar;
        private final Path classes;

        Builds(Path directory) throws IOException {
            jar = directory.resolve("hello.jar");
            classes = Files.createDirectory(directory.resolve("classes"));
            String[] arguments = {"-cp", DISTRIBUTION + "/lib/supervisor.jar", "-d", classes.toString(), SOURCE};
            if (ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments) != 0) {
                throw new IllegalStateException(SOURCE + " can't be compiled");
            }
            Path services = Files.createDirectories(classes.resolve("META-INF/services"));
            Files.writeString(services.resolve("dev.supervisor.spi.Application"), "hello.Hello\n");
        }

        Path make(int build) throws IOException {
            Files.writeString(classes.resolve("answer.txt"), "build " + build + "\n");
            Path next = jar.resolveSibling("next.jar");
            try (var out = new JarOutputStream(Files.newOutputStream(next));
                    var files = Files.walk(classes)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                    Files.copy(file, out);
                }
            }
            return next;
        }

        void move(Path made) throws IOException {
            Files.move(made, jar, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    static void deleteTree(Path root) throws IOException {
        try (var files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
