import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures how long a swap of the demo takes: from the moment that the rebuilt jar is moved into place to the first
 * answer of the new build, and the longest that a client ever waited for an answer. Clients ask all the while, a
 * millisecond after each answer, one with a new connection for each request, the others on keep-alive connections.
 *
 * <p>After a build, from the project's directory: {@code java bench/SwapTime.java [SWAPS]}
 */
class SwapTime {

    static final int KEEP_ALIVE_CLIENTS = 3;
    static final int WARM_UP_SWAPS = 100;
    static final int PAUSE_MILLIS = 100;
    static final Pattern SOCKET = Pattern.compile("~> http://127.0.0.1:(\\d+)/");
    static final Pattern GENERATION = Pattern.compile("<h1>Generation (\\d+)</h1>");

    static final AtomicInteger newest = new AtomicInteger();
    static final AtomicLong firstSeen = new AtomicLong();
    static final AtomicLong answers = new AtomicLong();
    static final AtomicLong longestConnecting = new AtomicLong();
    static final AtomicLong longestKeptAlive = new AtomicLong();
    static final Queue<String> failures = new ConcurrentLinkedQueue<>();
    static volatile boolean stopping;

    public static void main(String[] args) throws Exception {
        int swaps = args.length > 0 ? Integer.parseInt(args[0]) : 50;
        Path directory = Files.createTempDirectory("swap-time");
        Path jar = directory.resolve("demo-app.jar");
        copyTree(Path.of("demo-app/target/lib"), directory.resolve("lib"));
        Files.copy(Path.of("demo-app/target/demo-app.jar"), jar);
        Process supervisor = new ProcessBuilder(
                        "supervisor/target/dist/bin/supervisor", "--port", "0", "--app", jar.toString())
                .redirectErrorStream(true)
                .start();
        try {
            BufferedReader output = new BufferedReader(new InputStreamReader(supervisor.getInputStream()));
            InetSocketAddress address = new InetSocketAddress("127.0.0.1", awaitPort(output));
            daemon(() -> discard(output));
            List<Thread> clients = new ArrayList<>();
            clients.add(daemon(() -> ask(address, false, longestConnecting)));
            for (int i = 0; i < KEEP_ALIVE_CLIENTS; i++) {
                clients.add(daemon(() -> ask(address, true, longestKeptAlive)));
            }
            while (newest.get() == 0) {
                Thread.sleep(1);
            }
            long cold = swap(jar, 0);
            for (int i = 1; i < WARM_UP_SWAPS; i++) {
                swap(jar, i);
            }
            longestConnecting.set(0);
            longestKeptAlive.set(0);
            long before = answers.get();
            long[] nanos = new long[swaps];
            for (int i = 0; i < swaps; i++) {
                nanos[i] = swap(jar, WARM_UP_SWAPS + i);
            }
            stopping = true;
            for (Thread client : clients) {
                client.join();
            }
            print(nanos, cold, answers.get() - before);
        } finally {
            supervisor.destroy();
            supervisor.waitFor();
            deleteTree(directory);
        }
        System.exit(failures.isEmpty() ? 0 : 1);
    }

    /** Returns nanoseconds from the move to the first answer. */
    static long swap(Path jar, int number) throws Exception {
        Path next = jar.resolveSibling("next.jar");
        Files.copy(jar, next, StandardCopyOption.REPLACE_EXISTING);
        try (FileSystem zip = FileSystems.newFileSystem(next)) {
            Files.writeString(zip.getPath("rebuilt"), "build " + number);
        }
        Thread.sleep(PAUSE_MILLIS);
        int former = newest.get();
        long begun = System.nanoTime();
        Files.move(next, jar, StandardCopyOption.ATOMIC_MOVE);
        while (newest.get() == former) {
            if (System.nanoTime() - begun > 60_000_000_000L || !failures.isEmpty()) {
                throw new IllegalStateException("no new generation after build " + number + ": " + failures);
            }
            Thread.sleep(1);
        }
        return firstSeen.get() - begun;
    }

    static void ask(InetSocketAddress address, boolean keepAlive, AtomicLong longest) {
        try {
            Socket socket = null;
            while (!stopping) {
                long begun = System.nanoTime();
                if (socket == null) {
                    socket = new Socket();
                    socket.setTcpNoDelay(true);
                    socket.connect(address);
                }
                socket.getOutputStream()
                        .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                int generation = generationIn(answer(socket.getInputStream()));
                long now = System.nanoTime();
                longest.accumulateAndGet(now - begun, Math::max);
                answers.incrementAndGet();
                seen(generation, now);
                if (!keepAlive) {
                    socket.close();
                    socket = null;
                }
                Thread.sleep(1);
            }
        } catch (IOException | RuntimeException | InterruptedException e) {
            failures.add((keepAlive ? "keep-alive: " : "connecting: ") + e);
        }
    }

    static synchronized void seen(int generation, long now) {
        if (generation > newest.get()) {
            firstSeen.set(now);
            newest.set(generation);
        }
    }

    static String answer(InputStream in) throws IOException {
        byte[] buffer = new byte[8192];
        int length = 0;
        while (true) {
            int read = in.read(buffer, length, buffer.length - length);
            if (read < 0) {
                throw new IOException("closed before an answer");
            }
            length += read;
            String text = new String(buffer, 0, length, StandardCharsets.UTF_8);
            int end = text.indexOf("\r\n\r\n");
            Matcher size = Pattern.compile("(?i)content-length: (\\d+)").matcher(text);
            if (end >= 0 && size.find() && length >= end + 4 + Integer.parseInt(size.group(1))) {
                return text;
            }
        }
    }

    static int generationIn(String answer) throws IOException {
        Matcher generation = GENERATION.matcher(answer);
        if (!answer.startsWith("HTTP/1.1 200") || !generation.find()) {
            throw new IOException("unexpected answer: " + answer);
        }
        return Integer.parseInt(generation.group(1));
    }

    static void print(long[] nanos, long cold, long answered) {
        Arrays.sort(nanos);
        System.out.printf(
                "Java %s, %d processors%n",
                Runtime.version(), Runtime.getRuntime().availableProcessors());
        System.out.printf(
                "rebuilt jar to first new answer, %d swaps, warm: median %.1f ms, 90%% %.1f ms, maximum %.1f ms%n",
                nanos.length,
                millis(nanos[nanos.length / 2]),
                millis(nanos[nanos.length * 9 / 10]),
                millis(nanos[nanos.length - 1]));
        System.out.printf("the same for the first swap of a cold JVM: %.1f ms%n", millis(cold));
        System.out.printf(
                "longest wait of a client: %.1f ms connecting each time, %.1f ms on keep-alive; %d answers, %d failures%n",
                millis(longestConnecting.get()), millis(longestKeptAlive.get()), answered, failures.size());
        failures.forEach(System.out::println);
    }

    static double millis(long nanos) {
        return nanos / 1e6;
    }

    static int awaitPort(BufferedReader output) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher socket = SOCKET.matcher(line);
            if (socket.find()) {
                return Integer.parseInt(socket.group(1));
            }
        }
        throw new IOException("the supervisor did not start");
    }

    static void discard(BufferedReader output) {
        try {
            while (output.readLine() != null) {
                continue;
            }
        } catch (IOException e) {
            // the supervisor has ended
        }
    }

    static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    static void copyTree(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
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
