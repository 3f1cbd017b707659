package dev.supervisor.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.testing.Client.Answer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Clients that ask {@code GET /} all the time, on connections that they keep, and on one for each request. */
public final class AskingClients implements AutoCloseable {

    private final InetSocketAddress address;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();
    private final Queue<String> lost = new ConcurrentLinkedQueue<>();
    private final AtomicLong asked = new AtomicLong();
    private volatile boolean stopping;

    private AskingClients(InetSocketAddress address) {
        this.address = address;
    }

    public static AskingClients begin(InetSocketAddress address, int keeping, int connecting) {
        AskingClients clients = new AskingClients(address);
        for (int i = 0; i < keeping; i++) {
            clients.threads.add(new Thread(() -> clients.run(true), "keeping-" + i));
        }
        for (int i = 0; i < connecting; i++) {
            clients.threads.add(new Thread(() -> clients.run(false), "connecting-" + i));
        }
        clients.threads.forEach(Thread::start);
        return clients;
    }

    private void run(boolean keeps) {
        while (!stopping) {
            try (Client client = Client.connect(address)) {
                do {
                    asked.incrementAndGet();
                    Answer answer = client.get("/");
                    String body = answer.body().strip();
                    answers.computeIfAbsent(answer.status() + " " + body.split("\\s", 2)[0], key -> new LongAdder())
                            .increment();
                } while (keeps && !stopping);
            } catch (IOException | RuntimeException e) {
                lost.add(Thread.currentThread().getName() + ": " + e);
            }
        }
    }

    /** How many requests got each answer, by its status and the first word of its body: {@code 200 v1}. */
    public Map<String, Long> answers() {
        Map<String, Long> sums = new TreeMap<>();
        answers.forEach((answer, count) -> sums.put(answer, count.sum()));
        return sums;
    }

    public long count(String answer) {
        LongAdder count = answers.get(answer);
        return count == null ? 0 : count.sum();
    }

    /** Waits until so many more requests have got this answer. */
    public void awaitMore(String answer, long more) throws Exception {
        long before = count(answer);
        Await.until(more + " more answers are " + answer + " among " + answers(), () -> count(answer) >= before + more);
    }

    /** The requests that got no answer. */
    public List<String> lost() {
        return List.copyOf(lost);
    }

    /** Ends the clients, each with an answer. */
    public void stop() {
        stopping = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Ends the clients. Fails if a request has got no answer. */
    public void assertAllAnswered() {
        stop();
        assertEquals(List.of(), lost());
        assertEquals(
                asked.get(),
                answers().values().stream().mapToLong(Long::longValue).sum());
    }

    @Override
    public void close() {
        stop();
    }
}
