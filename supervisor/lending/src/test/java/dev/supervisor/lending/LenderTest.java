package dev.supervisor.lending;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.lending.Traffic.Readiness;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the lender decides, whatever the socket has. */
@Timeout(120)
class LenderTest {

    private static final int SWITCHES = 3_000;
    private static final int CLOSES = 400;
    private static final int CONNECTIONS = 400;

    /** A connection that counts its ends, and may live on unseen. */
    private static final class Lent extends PlainTraffic implements AutoCloseable {

        final LoopbackBorrower borrower = new LoopbackBorrower();
        final SocketChannel peer;
        final LentChannel channel;
        final AtomicInteger finished = new AtomicInteger();
        final CountDownLatch end = new CountDownLatch(1);
        final boolean seen;
        volatile Readiness readiness = Readiness.WITH_SOCKET;

        /** Bytes that the socket does not know of. */
        final AtomicInteger extra = new AtomicInteger();

        Lent(ServerSocketChannel listener, boolean seen) throws IOException {
            this(SocketChannel.open(listener.getLocalAddress()), listener.accept(), seen);
        }

        private Lent(SocketChannel peer, SocketChannel socket, boolean seen) throws IOException {
            super(socket);
            this.peer = peer;
            this.seen = seen;
            channel = borrower.lent(this);
        }

        void set(Readiness changed) {
            readiness = changed;
            channel.readableChanged();
        }

        void give() {
            extra.incrementAndGet();
            channel.readableChanged();
        }

        @Override
        public Readiness readable() {
            return extra.get() > 0 ? Readiness.NOW : readiness;
        }

        @Override
        public synchronized int read(ByteBuffer target) throws IOException {
            if (extra.get() > 0 && target.hasRemaining()) {
                extra.decrementAndGet();
                target.put((byte) 1);
                return 1;
            }
            return readiness == Readiness.NOT ? 0 : super.read(target);
        }

        @Override
        public boolean closing() {
            return seen;
        }

        @Override
        public void finished() {
            finished.incrementAndGet();
            end.countDown();
        }

        void awaitEnd() throws InterruptedException {
            assertTrue(end.await(30, TimeUnit.SECONDS), "never finished");
        }

        @Override
        public void close() throws IOException {
            channel.close();
            peer.close();
            socket().close();
        }
    }

    @Test
    void aConnectionThatIsNotReadableIsNotSelectedAndDoesNotSpin() throws Exception {
        try (ServerSocketChannel listener = Side.listen();
                Lent lent = new Lent(listener, true);
                Selector selector = lent.borrower.openSelector()) {
            lent.peer.write(ByteBuffer.allocate(10));
            lent.readiness = Readiness.NOT;
            lent.channel.configureBlocking(false);
            SelectionKey key = lent.channel.register(selector, SelectionKey.OP_READ);
            AtomicInteger selections = new AtomicInteger();
            FutureTask<Integer> task = new FutureTask<>(() -> {
                while (true) {
                    int selected = selector.select();
                    selections.incrementAndGet();
                    if (selected > 0) {
                        return selected;
                    }
                }
            });
            Thread thread = Threads.start(false, task);
            for (int i = 0; i < 20; i++) {
                Threads.awaitBlocked(thread);
                lent.channel.readableChanged(); // with nothing new
            }
            Threads.awaitBlocked(thread);
            assertTrue(selections.get() <= 20, selections + " selections");
            lent.set(Readiness.WITH_SOCKET);
            assertEquals(1, task.get(30, TimeUnit.SECONDS));
            assertEquals(SelectionKey.OP_READ, key.readyOps());
        }
    }

    @Test
    void aConnectionThatIsReadableNowIsSelectedThoughTheSocketHasNothing() throws Exception {
        try (ServerSocketChannel listener = Side.listen();
                Lent lent = new Lent(listener, true);
                Selector selector = lent.borrower.openSelector()) {
            lent.channel.configureBlocking(false);
            SelectionKey key = lent.channel.register(selector, SelectionKey.OP_READ);
            assertEquals(0, selector.selectNow());
            lent.give();
            assertEquals(1, selector.select());
            assertEquals(SelectionKey.OP_READ, key.readyOps());
            selector.selectedKeys().clear();
            assertEquals(1, selector.selectNow(), "stays readable until it has been read");
            assertEquals(1, lent.channel.read(ByteBuffer.allocate(5)));
            lent.channel.readableChanged();
            selector.selectedKeys().clear();
            assertEquals(0, selector.selectNow());
            assertEquals(0, selector.selectNow());
        }
    }

    @Test
    void nothingIsLostWhileReadinessChangesUnderASelector() throws Exception {
        try (ServerSocketChannel listener = Side.listen();
                Lent lent = new Lent(listener, true);
                Selector selector = lent.borrower.openSelector()) {
            lent.channel.configureBlocking(false);
            lent.channel.register(selector, SelectionKey.OP_READ);
            AtomicInteger total = new AtomicInteger();
            Thread reader = Threads.start(false, () -> {
                try {
                    while (total.get() < 2 * SWITCHES) {
                        selector.select();
                        if (!selector.selectedKeys().isEmpty()) {
                            selector.selectedKeys().clear();
                            readInto(total, lent.channel);
                            lent.channel.readableChanged();
                        }
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            switchWhileReading(lent, total, SWITCHES);
            reader.join();
        }
    }

    @Test
    void nothingIsLostWhileReadinessChangesUnderAThreadThatReads() throws Exception {
        for (boolean virtual : Threads.hasVirtual() ? new boolean[] {false, true} : new boolean[] {false}) {
            try (ServerSocketChannel listener = Side.listen();
                    Lent lent = new Lent(listener, true)) {
                AtomicInteger total = new AtomicInteger();
                Thread reader = Threads.start(virtual, () -> {
                    while (total.get() < 2 * SWITCHES) {
                        readInto(total, lent.channel);
                    }
                });
                switchWhileReading(lent, total, SWITCHES);
                reader.join();
            }
        }
    }

    private static void readInto(AtomicInteger total, SocketChannel channel) {
        try {
            total.addAndGet(channel.read(ByteBuffer.allocate(100)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Each byte has to arrive before the next is sent, so that no wake-up stands in for another that is missing. */
    private static void switchWhileReading(Lent lent, AtomicInteger total, int switches) throws IOException {
        for (int i = 0; i < switches; i++) {
            lent.set(Readiness.NOT);
            lent.peer.write(ByteBuffer.allocate(1));
            lent.give();
            await(total, 2 * i + 1);
            lent.set(Readiness.WITH_SOCKET);
            await(total, 2 * i + 2);
        }
    }

    private static void await(AtomicInteger total, int expected) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (total.get() < expected) {
            assertTrue(System.nanoTime() < deadline, "a wake-up is missing after " + total + " bytes");
            LockSupport.parkNanos(20_000);
        }
    }

    @Test
    @SuppressWarnings("try") // closes by hand what it looks at
    void aClosedConnectionThatLivesOnIsLetGoOfByASelectorThatWaits() throws Exception {
        for (int i = 0; i < CLOSES; i++) {
            try (ServerSocketChannel listener = Side.listen();
                    Lent lent = new Lent(listener, false);
                    Selector selector = lent.borrower.openSelector()) {
                lent.channel.configureBlocking(false);
                lent.channel.register(selector, SelectionKey.OP_READ);
                Thread thread = Threads.start(false, () -> selectUntilClosed(selector));
                if (i % 2 == 0) {
                    Threads.awaitBlocked(thread);
                }
                lent.channel.close();
                lent.awaitEnd();
                assertEquals(1, lent.finished.get());
                lent.socket().write(ByteBuffer.wrap(new byte[] {7}));
                ByteBuffer got = ByteBuffer.allocate(2);
                assertEquals(1, lent.peer.read(got), "the peer sees nothing of the end");
                selector.close();
                thread.join();
            }
        }
    }

    private static void selectUntilClosed(Selector selector) {
        try {
            while (selector.isOpen()) {
                selector.select();
            }
        } catch (ClosedSelectorException | IOException e) {
            return;
        }
    }

    @Test
    void aConnectionFinishesOnceWhoeverEndsIt() throws Exception {
        try (ServerSocketChannel listener = Side.listen()) {
            for (int i = 0; i < CLOSES; i++) {
                try (Lent lent = new Lent(listener, i % 2 == 0);
                        Selector selector = lent.borrower.openSelector()) {
                    raceToEnd(lent, selector, i);
                    assertEquals(1, lent.finished.get());
                }
            }
        }
    }

    private static void raceToEnd(Lent lent, Selector selector, int round) throws Exception {
        if (round % 3 == 0) {
            lent.channel.configureBlocking(false);
            lent.channel.register(selector, SelectionKey.OP_READ);
        }
        Thread reader = Threads.start(false, () -> read(lent.channel));
        Thread selecting = Threads.start(false, () -> selectUntilClosed(selector));
        if (round % 4 == 0) {
            Threads.awaitBlocked(reader);
        }
        Thread closing = Threads.start(false, () -> close(lent.channel));
        if (round % 5 == 0) {
            reader.interrupt();
        }
        close(lent.channel);
        selector.wakeup();
        lent.awaitEnd();
        closing.join();
        reader.join();
        selector.close();
        selecting.join();
    }

    private static void read(SocketChannel channel) {
        try {
            channel.read(ByteBuffer.allocate(1));
        } catch (IOException e) {
            return;
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    // Server channels

    @Test
    void aRevokedLeaseIsToldToThreadsThatWaitAndToSelectors() throws Exception {
        try (ServerSide blocked = ServerSide.lent().bound();
                ServerSide selected = ServerSide.lent().bound()) {
            FutureTask<String> accept = new FutureTask<>(
                    () -> assertThrows(AsynchronousCloseException.class, () -> blocked.subject.accept())
                            .toString());
            Threads.awaitBlocked(Threads.start(false, accept));
            ((LentServerChannel) blocked.subject).revoke();
            accept.get(30, TimeUnit.SECONDS);

            selected.subject.configureBlocking(false);
            selected.subject.register(selected.selector, SelectionKey.OP_ACCEPT);
            assertEquals(0, selected.selector.selectNow());
            ((LentServerChannel) selected.subject).revoke();
            assertEquals(1, selected.selector.select());
            assertThrows(AsynchronousCloseException.class, () -> selected.subject.accept());
        }
    }

    @Test
    void eachConnectionIsAcceptedOnceByManyThreads() throws Exception {
        try (ServerSide side = ServerSide.lent().bound()) {
            Set<SocketChannel> accepted = ConcurrentHashMap.newKeySet();
            CountDownLatch all = new CountDownLatch(CONNECTIONS);
            Thread[] threads = new Thread[4];
            for (int i = 0; i < threads.length; i++) {
                threads[i] = Threads.start(false, () -> acceptAll(side, accepted, all));
            }
            for (int i = 0; i < CONNECTIONS; i++) {
                side.connect();
            }
            assertTrue(all.await(60, TimeUnit.SECONDS), all.getCount() + " connections were not accepted");
            side.subject.close();
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(CONNECTIONS, accepted.size());
            side.accepted.addAll(accepted);
        }
    }

    @Test
    void anInterruptAndACloseOfAThreadThatAcceptsDoNotWaitForEachOther() throws Exception {
        for (int i = 0; i < CLOSES; i++) {
            try (ServerSide side = ServerSide.lent().bound()) {
                CountDownLatch started = new CountDownLatch(1);
                Thread accepting = Threads.start(false, () -> {
                    Thread.currentThread().interrupt();
                    started.countDown();
                    acceptAll(side, ConcurrentHashMap.newKeySet(), started);
                });
                started.await();
                side.subject.close();
                accepting.join();
            }
        }
    }

    private static void acceptAll(ServerSide side, Set<SocketChannel> accepted, CountDownLatch all) {
        try {
            while (true) {
                accepted.add(side.subject.accept());
                all.countDown();
            }
        } catch (IOException e) {
            return; // closed
        }
    }

    @Test
    void eachConnectionIsSelectedAndTheDoorbellNeitherSticksNorSpins() throws Exception {
        try (ServerSide side = ServerSide.lent().bound()) {
            side.subject.configureBlocking(false);
            side.subject.register(side.selector, SelectionKey.OP_ACCEPT);
            ConcurrentLinkedQueue<SocketChannel> accepted = new ConcurrentLinkedQueue<>();
            AtomicInteger selections = new AtomicInteger();
            FutureTask<Integer> task = new FutureTask<>(() -> {
                while (accepted.size() < CONNECTIONS) {
                    side.selector.select();
                    selections.incrementAndGet();
                    side.selector.selectedKeys().clear();
                    SocketChannel one = side.subject.accept(); // one at a time: the bell must go on for the others
                    if (one != null) {
                        accepted.add(one);
                    }
                }
                return accepted.size();
            });
            Thread thread = Threads.start(false, task);
            for (int i = 0; i < CONNECTIONS; i++) {
                side.connect();
            }
            assertEquals(CONNECTIONS, task.get(60, TimeUnit.SECONDS));
            thread.join();
            assertTrue(selections.get() <= 2 * CONNECTIONS, selections + " selections");
            assertEquals(0, side.selector.selectNow());
            assertNull(side.subject.accept());
            side.accepted.addAll(accepted);
        }
    }
}
