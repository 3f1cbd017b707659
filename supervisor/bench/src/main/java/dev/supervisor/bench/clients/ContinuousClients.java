package dev.supervisor.bench.clients;

import dev.supervisor.bench.builds.Builds;
import dev.supervisor.bench.tools.Polling;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Clients that send requests all the time, each on a thread of its own, and see which build answers. A client reports a
 * problem if it gets no answer, or an answer of a former build after a newer one.
 */
public final class ContinuousClients {

    /** Finds the number in the answers of {@link Builds#ofHello}. */
    public static final Pattern BUILD = Pattern.compile("\r\n\r\nbuild (\\d+)\n");

    /** Finds the number in the answers of {@link Builds#ofDemo}. */
    public static final Pattern GENERATION = Pattern.compile("<h1>Generation (\\d+)</h1>");

    /** Finds the number in the answers of the servers in {@code supervisor/frameworks}. */
    public static final Pattern VERSION = Pattern.compile("\r\n\r\nv(\\d+)\n");

    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: (\\d+)");
    private static final Pattern LAST = Pattern.compile("(?i)\r\nconnection: close\r\n");
    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    public final AtomicLong answers = new AtomicLong();
    final AtomicInteger problems = new AtomicInteger();

    /** The longest time from a request, or from connecting, to its answer, in nanoseconds. */
    public final AtomicLong longestConnecting = new AtomicLong();

    public final AtomicLong longestKeptAlive = new AtomicLong();

    /** The clients hold the read lock during a request, so no request is under way while the write lock is held. */
    public final ReadWriteLock asking = new ReentrantReadWriteLock();

    private final InetSocketAddress address;
    private final Pattern build;
    private final int pauseMillis;
    private final Consumer<String> problem;
    private final List<Thread> threads = new ArrayList<>();
    private int newest;
    private long newestSeen;
    private volatile boolean stopping;

    /**
     * @param build its first group is the number of the build
     * @param pauseMillis the pause of each client before a request
     * @param problem receives each problem
     */
    public ContinuousClients(InetSocketAddress address, Pattern build, int pauseMillis, Consumer<String> problem) {
        this.address = address;
        this.build = build;
        this.pauseMillis = pauseMillis;
        this.problem = problem;
    }

    /**
     * Starts the clients.
     *
     * @param keptAlive the number of clients on keep-alive connections; one more client connects anew for each request
     */
    public void start(int keptAlive) {
        for (int i = 0; i <= keptAlive; i++) {
            boolean keepAlive = i < keptAlive;
            Thread thread = new Thread(() -> askOnAndOn(keepAlive), "client " + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    /** Waits for an answer of a build, and returns when the first one came, by {@link System#nanoTime}. */
    public long awaitAnswerOf(int number) throws InterruptedException {
        Polling.await("an answer of build " + number, () -> newest() >= number);
        synchronized (this) {
            return newestSeen;
        }
    }

    public void awaitMoreAnswers(int number) throws InterruptedException {
        long before = answers.get();
        Polling.await(number + " more answers", () -> answers.get() >= before + number);
    }

    public void stop() throws InterruptedException {
        stopping = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void askOnAndOn(boolean keepAlive) {
        AtomicLong longest = keepAlive ? longestKeptAlive : longestConnecting;
        Socket socket = new Socket();
        while (!stopping && pause()) {
            asking.readLock().lock();
            try {
                boolean goesOn = ask(socket, longest);
                socket = keepAlive && goesOn ? socket : another(socket);
            } catch (IOException e) {
                tell((keepAlive ? "a client on keep-alive: " : "a client that connects: ") + e);
                socket = another(socket);
            } finally {
                asking.readLock().unlock();
            }
        }
        another(socket);
    }

    private boolean pause() {
        try {
            Thread.sleep(pauseMillis);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private static Socket another(Socket former) {
        try {
            former.close();
        } catch (IOException e) {
            // closing failed: the socket is given up anyway
        }
        return new Socket();
    }

    /** Returns whether the server leaves the connection open. */
    private boolean ask(Socket socket, AtomicLong longest) throws IOException {
        int before = newest();
        long begun = System.nanoTime();
        if (!socket.isConnected()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(Polling.TIMEOUT_SECONDS * 1000);
            socket.connect(address);
        }
        socket.getOutputStream().write(REQUEST);
        String answer = answer(socket.getInputStream());
        int number = number(answer);
        long now = System.nanoTime();
        longest.accumulateAndGet(now - begun, Math::max);
        if (number < before) {
            tell("stale: build " + number + " has answered after build " + before);
        }
        seen(number, now);
        answers.incrementAndGet();
        return !LAST.matcher(answer).find();
    }

    private void tell(String text) {
        problems.incrementAndGet();
        problem.accept(text);
    }

    private synchronized int newest() {
        return newest;
    }

    private synchronized void seen(int number, long now) {
        if (number > newest) {
            newestSeen = now;
            newest = number;
        }
    }

    private static String answer(InputStream in) throws IOException {
        byte[] buffer = new byte[8192];
        int length = 0;
        while (true) {
            int read = in.read(buffer, length, buffer.length - length);
            String text = new String(buffer, 0, length + Math.max(0, read), StandardCharsets.UTF_8);
            if (read <= 0) {
                throw new IOException("no answer, but '" + text + "'");
            }
            length += read;
            int end = text.indexOf("\r\n\r\n");
            Matcher size = LENGTH.matcher(text);
            if (end >= 0 && size.find() && length >= end + 4 + Integer.parseInt(size.group(1))) {
                return text;
            }
        }
    }

    private int number(String answer) throws IOException {
        Matcher matcher = build.matcher(answer);
        if (!answer.startsWith("HTTP/1.1 200") || !matcher.find()) {
            throw new IOException("unexpected answer: " + answer);
        }
        return Integer.parseInt(matcher.group(1));
    }
}
