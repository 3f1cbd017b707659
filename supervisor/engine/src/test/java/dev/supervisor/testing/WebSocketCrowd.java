package dev.supervisor.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Clients of WebSockets, each with a thread, that send a message 20 times a second, often in fragments and always in pieces,
 * with pings between. An answer is {@code GENERATION:MESSAGE}; it must come in order, and from no generation before the
 * newest that anybody had heard of when its message was begun.
 */
public final class WebSocketCrowd implements AutoCloseable {

    private static final long APART_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int LONG_MESSAGE = 70_000;

    /** A message, and the newest generation when it was begun. */
    private record Sent(String text, int newest) {}

    private final List<Member> members = new ArrayList<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger newest = new AtomicInteger();
    private final LongAdder messages = new LongAdder();
    private final LongAdder pings = new LongAdder();
    private final long begun = System.nanoTime();
    private volatile boolean finishing;

    private WebSocketCrowd() {}

    public static WebSocketCrowd connect(int count, InetSocketAddress address, String path, long seed)
            throws IOException {
        WebSocketCrowd crowd = new WebSocketCrowd();
        try {
            for (int i = 0; i < count; i++) {
                crowd.members.add(crowd.new Member(i, WebSocketClient.connect(address, path, seed + i), seed + i));
            }
        } catch (IOException e) {
            crowd.close();
            throw e;
        }
        crowd.members.forEach(Thread::start);
        return crowd;
    }

    private final class Member extends Thread {

        private final WebSocketClient client;
        private final Random random;
        private final Deque<Sent> unanswered = new ArrayDeque<>();
        private final Deque<String> unponged = new ArrayDeque<>();
        private int count;
        private volatile int heardOf;

        Member(int number, WebSocketClient client, long seed) {
            super("websocket-" + number);
            this.client = client;
            this.random = new Random(seed);
        }

        @Override
        public void run() {
            try {
                long next = System.nanoTime() + random.nextLong(APART_NANOS);
                while (!finishing) {
                    TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
                    next += APART_NANOS;
                    send();
                    if (random.nextInt(10) == 0) { // two at a time
                        send();
                    }
                    while (!unanswered.isEmpty() || !unponged.isEmpty()) {
                        receive();
                    }
                }
            } catch (Exception | AssertionError e) {
                failures.add(
                        new AssertionError(getName() + " after " + count + " messages, unanswered: " + unanswered, e));
            }
        }

        private void send() throws IOException {
            int length = random.nextInt(300) == 0 ? LONG_MESSAGE : random.nextInt(400);
            String text = count++ + " " + "x".repeat(length);
            String ping = "ping " + count;
            unanswered.add(new Sent(text, newest.get()));
            messages.increment();
            for (int sent = client.sendInPieces(text, ping); sent > 0; sent--) {
                unponged.add(ping);
                pings.increment();
            }
        }

        private void receive() throws IOException {
            WebSocketClient.Frame frame = client.next();
            if (frame.opcode() == WebSocketClient.PONG) {
                String expected = unponged.poll();
                check(frame.text().equals(expected), frame.text() + " instead of " + expected);
            } else {
                check(frame.opcode() == WebSocketClient.TEXT, "opcode " + frame.opcode());
                answered(frame.text());
            }
        }

        private void answered(String answer) {
            Sent sent = unanswered.poll();
            int colon = answer.indexOf(':');
            check(sent != null && answer.substring(colon + 1).equals(sent.text()), "another answer: " + answer);
            int generation = Integer.parseInt(answer.substring(0, colon));
            check(sent != null && generation >= sent.newest(), "stale: generation " + generation + " answers " + sent);
            newest.accumulateAndGet(generation, Math::max);
            heardOf = generation;
        }

        private static void check(boolean condition, String otherwise) {
            if (!condition) {
                throw new AssertionError(otherwise);
            }
        }
    }

    /** Waits until each has been answered by this generation, or by a later one. */
    public void awaitAnswersOf(int generation) throws Exception {
        Await.until(
                "all are answered by generation " + generation,
                () -> !failures.isEmpty() || members.stream().allMatch(member -> member.heardOf >= generation));
        assertNoneFailed();
    }

    public void assertNoneFailed() {
        Throwable first = failures.peek();
        if (first != null) {
            throw new AssertionError(failures.size() + " failed", first);
        }
    }

    /** Ends when each has all its answers. */
    public void finish() throws InterruptedException {
        finishing = true;
        for (Member member : members) {
            member.join();
        }
        assertNoneFailed();
    }

    @Override
    public void close() throws IOException {
        finishing = true;
        for (Member member : members) {
            member.client.close();
        }
    }

    @Override
    public String toString() {
        double seconds = (System.nanoTime() - begun) / 1e9;
        return "%d messages, %d pings in %.1f s, %.0f messages/s"
                .formatted(messages.sum(), pings.sum(), seconds, messages.sum() / seconds);
    }
}
