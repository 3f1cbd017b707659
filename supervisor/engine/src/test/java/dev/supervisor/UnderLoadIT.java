package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Client.Answer;
import dev.supervisor.testing.PreparedBuilds;
import dev.supervisor.testing.Running;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that never stop asking, through a hundred swaps: nothing refused, reset, cut short, failed or stale. */
@Timeout(300)
class UnderLoadIT {

    private static final int SWAPS = 100;
    private static final int KEEP_ALIVE_CLIENTS = 12;
    private static final int CONNECTING_CLIENTS = 4;

    @TempDir
    private Path directory;

    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong answers = new AtomicLong();

    /** The newest build that has answered anybody; whatever is asked after that must be answered by it or a newer. */
    private final AtomicInteger newest = new AtomicInteger();

    @ParameterizedTest
    @EnumSource(Swap.class)
    void noRequestIsLostAndNoneIsStaleThroughAHundredSwaps(Swap swap) throws Exception {
        Path jar = directory.resolve("app.jar");
        PreparedBuilds builds = PreparedBuilds.of(SWAPS + 1, version -> Apps.http("v" + version), jar);
        builds.moveNext();
        try (Running running = Running.http(jar, options -> options.swap(swap))) {
            running.awaitServing(1);
            List<Thread> clients = startClients(running.address());
            for (int version = 1; version <= SWAPS; version++) {
                long before = answers.get();
                builds.moveNext();
                running.awaitServing(version + 1);
                awaitMoreAnswersThan(before + KEEP_ALIVE_CLIENTS);
            }
            stopping.set(true);
            for (Thread client : clients) {
                client.join();
            }
            assertEquals(List.of(), List.copyOf(failures));
            assertEquals(SWAPS, newest.get());
            assertEquals(SWAPS + 1, running.events(Event.Serving.class).size());
            running.awaitTally(tally -> tally.open() == 0 && tally.ended() > KEEP_ALIVE_CLIENTS);
        }
    }

    private List<Thread> startClients(InetSocketAddress address) {
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < KEEP_ALIVE_CLIENTS; i++) {
            clients.add(new Thread(() -> run(() -> askOnOneConnection(address))));
        }
        for (int i = 0; i < CONNECTING_CLIENTS; i++) {
            clients.add(new Thread(() -> run(() -> askOnManyConnections(address))));
        }
        clients.forEach(Thread::start);
        return clients;
    }

    private interface Work {
        void run() throws IOException;
    }

    private void run(Work work) {
        try {
            work.run();
        } catch (IOException | RuntimeException e) {
            failures.add(Thread.currentThread().getName() + ": " + e);
        }
    }

    private void askOnOneConnection(InetSocketAddress address) throws IOException {
        try (Client client = Client.connect(address)) {
            while (!stopping.get()) {
                ask(client);
            }
        }
    }

    private void askOnManyConnections(InetSocketAddress address) throws IOException {
        while (!stopping.get()) {
            try (Client client = Client.connect(address)) {
                ask(client);
            }
        }
    }

    private void ask(Client client) throws IOException {
        int atLeast = newest.get();
        Answer answer = client.get("/");
        if (answer.status() != 200) {
            failures.add("status " + answer.status() + ": " + answer.body());
            return;
        }
        int version = Integer.parseInt(answer.body().substring(1, answer.body().indexOf(' ')));
        if (version < atLeast) {
            failures.add("stale: v" + version + " after v" + atLeast);
        }
        newest.accumulateAndGet(version, Math::max);
        answers.incrementAndGet();
    }

    private void awaitMoreAnswersThan(long count) {
        while (answers.get() < count && failures.isEmpty()) {
            Thread.onSpinWait();
        }
        assertTrue(failures.isEmpty(), failures::toString);
    }
}
