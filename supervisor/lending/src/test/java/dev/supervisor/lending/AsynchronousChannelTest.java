package dev.supervisor.lending;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Asynchronous channels that are lent, beside the JDK's. */
@Timeout(120)
@SuppressWarnings("FutureReturnValueIgnored") // that an operation is refused, or waits, is what is looked at
class AsynchronousChannelTest {

    private static final int MANY = 20_000;

    private interface Case {
        @Nullable
        Object run(AsynchronousSide side) throws Exception;
    }

    private interface Connected {
        @Nullable
        Object run(AsynchronousSocketChannel channel, SocketChannel peer) throws Exception;
    }

    private final Map<String, Case> cases = new LinkedHashMap<>();

    private void connected(String name, Connected body) {
        cases.put(name, side -> {
            side.bound();
            SocketChannel peer = side.connect();
            return body.run(side.accept(), peer);
        });
    }

    /** A handler whose outcome can be waited for. */
    private static final class Told<V> extends CompletableFuture<V> implements CompletionHandler<V, Object> {

        private volatile @Nullable Object attachment;

        @Override
        public void completed(V result, Object attached) {
            attachment = attached;
            complete(result);
        }

        @Override
        public void failed(Throwable failure, Object attached) {
            attachment = attached;
            completeExceptionally(failure);
        }

        String outcome() throws Exception {
            return AsynchronousChannelTest.outcome(this) + " for " + attachment;
        }
    }

    private static String outcome(Future<?> future) throws Exception {
        try {
            Object value = future.get(AsynchronousSide.PATIENCE_SECONDS, TimeUnit.SECONDS);
            return value instanceof Number || value == null ? "got " + value : "got one";
        } catch (ExecutionException e) {
            return String.valueOf(e.getCause());
        }
    }

    private static String outcome(Case body, AsynchronousSide side) {
        try {
            return String.valueOf(body.run(side));
        } catch (Exception e) {
            return e.toString();
        }
    }

    private void compare() throws Exception {
        Map<String, String> differences = new TreeMap<>();
        for (Map.Entry<String, Case> one : cases.entrySet()) {
            try (AsynchronousSide lent = AsynchronousSide.lent(null);
                    AsynchronousSide real = AsynchronousSide.real(null)) {
                String ofLent = outcome(one.getValue(), lent);
                String ofReal = outcome(one.getValue(), real);
                if (!ofLent.equals(ofReal)) {
                    differences.put(one.getKey(), "lent " + ofLent + ", real " + ofReal);
                }
            }
        }
        assertEquals(Map.of(), differences);
    }

    private static ByteBuffer bytes(int count) {
        return ByteBuffer.allocate(count);
    }

    private static void read(AsynchronousSocketChannel channel, ByteBuffer target, Told<Integer> told) {
        channel.read(target, "it", told);
    }

    /** Returns the write that the socket has no room for. */
    private static Future<Integer> fill(AsynchronousSocketChannel channel) throws Exception {
        channel.setOption(StandardSocketOptions.SO_SNDBUF, 20_000);
        while (true) {
            Future<Integer> write = channel.write(bytes(100_000));
            try {
                write.get(100, TimeUnit.MILLISECONDS);
            } catch (java.util.concurrent.TimeoutException e) {
                return write;
            }
        }
    }

    @Test
    void acceptsEndAsTheJdks() throws Exception {
        cases.put("not bound", side -> side.server.accept());
        cases.put("closed", side -> {
            side.bound().server.close();
            return outcome(side.server.accept());
        });
        cases.put("closed, handler", side -> {
            side.bound().server.close();
            Told<AsynchronousSocketChannel> told = new Told<>();
            side.server.accept("it", told);
            return told.outcome();
        });
        cases.put("waits", side -> {
            Future<?> accept = side.bound().server.accept();
            boolean early = accept.isDone();
            side.connect();
            return outcome(accept) + early;
        });
        cases.put("two, handler", side -> {
            Told<AsynchronousSocketChannel> told = new Told<>();
            side.bound().server.accept("it", told);
            return outcome(
                            one -> {
                                one.server.accept("other", told);
                                return "accepts";
                            },
                            side)
                    + told.isDone();
        });
        cases.put("close while it waits", side -> {
            Future<?> accept = side.bound().server.accept();
            side.server.close();
            side.server.close();
            return outcome(accept) + side.server.isOpen();
        });
        cases.put("close while it waits, handler", side -> {
            Told<AsynchronousSocketChannel> told = new Told<>();
            side.bound().server.accept("it", told);
            side.server.close();
            return told.outcome();
        });
        for (boolean closes : new boolean[] {true, false}) {
            cases.put("cancel " + closes, side -> {
                Future<?> accept = side.bound().server.accept();
                return accept.cancel(closes) + " " + accept.isCancelled() + accept.isDone() + accept.cancel(closes)
                        + side.server.isOpen() + outcome(one -> outcome(one.server.accept()), side);
            });
        }
        cases.put("null handler", side -> {
            side.bound().server.accept("it", null);
            return "accepts";
        });
        compare();
    }

    @Test
    void serversAreBoundAsTheJdks() throws Exception {
        cases.put("twice", side -> side.bound().bound());
        cases.put("closed", side -> {
            side.server.close();
            return side.bound();
        });
        cases.put("closed when bound", side -> {
            side.bound().server.close();
            return side.bound();
        });
        cases.put("unresolved", side -> side.server.bind(InetSocketAddress.createUnresolved("nowhere.invalid", 1)));
        cases.put("any", side -> ((InetSocketAddress) side.server.bind(null).getLocalAddress()).getPort() > 0);
        cases.put("address", side -> String.valueOf(side.server.getLocalAddress()));
        cases.put(
                "address when bound",
                side -> ((InetSocketAddress) side.bound().server.getLocalAddress()).getAddress());
        cases.put("address when closed", side -> {
            side.bound().server.close();
            return side.server.getLocalAddress();
        });
        cases.put("options", side -> names(side.server.supportedOptions()));
        cases.put(
                "option",
                side -> side.bound()
                        .server
                        .setOption(StandardSocketOptions.SO_RCVBUF, 70_000)
                        .getOption(StandardSocketOptions.SO_RCVBUF));
        cases.put("wrong option", side -> side.server.getOption(StandardSocketOptions.TCP_NODELAY));
        cases.put("provider", side -> side.server.provider());
        compare();
    }

    private static Object names(java.util.Set<java.net.SocketOption<?>> options) {
        return options.stream().map(java.net.SocketOption::name).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void readsEndAsTheJdks() throws Exception {
        connected("there", (channel, peer) -> {
            peer.write(bytes(5));
            ByteBuffer target = bytes(10);
            return outcome(channel.read(target)) + target.position();
        });
        connected("waits, handler", (channel, peer) -> {
            Told<Integer> told = new Told<>();
            ByteBuffer target = bytes(10);
            read(channel, target, told);
            boolean early = told.isDone();
            peer.write(bytes(5));
            return told.outcome() + target.position() + early;
        });
        connected("scatters", (channel, peer) -> {
            Told<Long> told = new Told<>();
            ByteBuffer[] targets = {bytes(1), bytes(2), bytes(3), bytes(9)};
            channel.read(targets, 1, 2, 0, TimeUnit.SECONDS, "it", told);
            peer.write(bytes(5));
            return told.outcome() + targets[0].position() + targets[1].position() + targets[2].position();
        });
        connected("scatters nothing", (channel, peer) -> {
            Told<Long> told = new Told<>();
            channel.read(new ByteBuffer[] {bytes(0)}, 0, 1, 0, TimeUnit.SECONDS, "it", told);
            return told.outcome();
        });
        connected("no room", (channel, peer) -> outcome(channel.read(bytes(0))));
        connected("read-only", (channel, peer) -> outcome(channel.read(bytes(1).asReadOnlyBuffer())));
        connected("null handler", (channel, peer) -> {
            channel.read(bytes(1), "it", null);
            return "reads";
        });
        connected("end", (channel, peer) -> {
            peer.shutdownOutput();
            return outcome(channel.read(bytes(1))) + outcome(channel.read(bytes(1)));
        });
        connected("end while it waits", (channel, peer) -> {
            Future<?> read = channel.read(bytes(1));
            peer.close();
            return outcome(read);
        });
        connected("reset while it waits", (channel, peer) -> {
            Future<?> read = channel.read(bytes(1));
            peer.setOption(StandardSocketOptions.SO_LINGER, 0);
            peer.close();
            return outcome(read).replaceFirst(".*Exception: Connection reset.*", "reset");
        });
        connected("two", (channel, peer) -> {
            Future<?> read = channel.read(bytes(1));
            return channel.read(bytes(1)) + " " + read;
        });
        connected("two, no room", (channel, peer) -> {
            Future<?> read = channel.read(bytes(1));
            return channel.read(bytes(0)) + " " + read;
        });
        connected("close while it waits", (channel, peer) -> {
            Future<?> read = channel.read(bytes(1));
            channel.close();
            channel.close();
            return outcome(read) + channel.isOpen() + outcome(channel.read(bytes(1)));
        });
        connected("close while it waits, handler", (channel, peer) -> {
            Told<Integer> told = new Told<>();
            read(channel, bytes(1), told);
            channel.close();
            return told.outcome();
        });
        connected("shutdownInput while it waits", (channel, peer) -> {
            Future<?> read = channel.read(bytes(1));
            channel.shutdownInput().shutdownInput();
            return outcome(read) + outcome(channel.read(bytes(1))) + outcome(channel.read(bytes(0)));
        });
        connected("time-out", (channel, peer) -> {
            Told<Integer> told = new Told<>();
            channel.read(bytes(1), 20, TimeUnit.MILLISECONDS, "it", told);
            String first = told.outcome();
            return first + channel.isOpen() + outcome(channel.write(bytes(1))) + channel.read(bytes(1));
        });
        connected("no time-out", (channel, peer) -> {
            Told<Integer> told = new Told<>();
            channel.read(bytes(1), 60, TimeUnit.SECONDS, "it", told);
            peer.write(bytes(2));
            return told.outcome() + outcome(channel.read(bytes(1)));
        });
        for (boolean closes : new boolean[] {true, false}) {
            connected("cancel " + closes, (channel, peer) -> {
                Future<?> read = channel.read(bytes(1));
                String cancelled = read.cancel(closes) + " " + read.isCancelled() + read.isDone() + channel.isOpen();
                try {
                    return cancelled + outcome(channel.read(bytes(1)));
                } catch (IllegalStateException e) {
                    return cancelled + e;
                }
            });
        }
        connected("cancel what is done", (channel, peer) -> {
            peer.write(bytes(2));
            Future<?> read = channel.read(bytes(2));
            return outcome(read) + read.cancel(true) + channel.isOpen();
        });
        compare();
    }

    @Test
    void writesEndAsTheJdks() throws Exception {
        connected("at once", (channel, peer) -> outcome(channel.write(bytes(5))));
        connected("gathers", (channel, peer) -> {
            Told<Long> told = new Told<>();
            channel.write(new ByteBuffer[] {bytes(1), bytes(2), bytes(4)}, 1, 2, 0, TimeUnit.SECONDS, "it", told);
            return told.outcome();
        });
        connected("nothing", (channel, peer) -> outcome(channel.write(bytes(0))));
        connected("waits", (channel, peer) -> {
            Future<Integer> write = fill(channel);
            ByteBuffer target = bytes(100_000);
            peer.configureBlocking(false); // when it has read everything, the write may not be told yet
            while (!write.isDone()) {
                peer.read(target.clear());
                Kernel.poll(peer, Kernel.POLLIN, 1);
            }
            return write.get() > 0;
        });
        connected("two", (channel, peer) -> {
            fill(channel);
            return channel.write(bytes(1));
        });
        connected("two, nothing", (channel, peer) -> {
            fill(channel);
            return channel.write(bytes(0));
        });
        connected("read while it waits", (channel, peer) -> {
            Future<?> write = fill(channel);
            peer.write(bytes(3));
            return outcome(channel.read(bytes(5))) + write.isDone();
        });
        connected("close while it waits", (channel, peer) -> {
            Future<?> write = fill(channel);
            channel.close();
            return outcome(write) + outcome(channel.write(bytes(1)));
        });
        connected("shutdownOutput", (channel, peer) -> {
            channel.shutdownOutput().shutdownOutput();
            return outcome(channel.write(bytes(1))) + outcome(channel.write(bytes(0)));
        });
        connected("shutdownOutput while it waits", (channel, peer) -> {
            Future<?> write = fill(channel);
            channel.shutdownOutput();
            return outcome(write) + outcome(channel.write(bytes(1)));
        });
        connected("time-out", (channel, peer) -> {
            Future<?> write = fill(channel);
            return write.cancel(false) + outcome(channel.read(bytes(0))) + channel.write(bytes(1));
        });
        compare();
    }

    @Test
    void connectionsTellOfThemselvesAsTheJdks() throws Exception {
        connected(
                "addresses",
                (channel, peer) -> channel.getRemoteAddress().equals(peer.getLocalAddress()) + " "
                        + channel.getLocalAddress().equals(peer.getRemoteAddress()));
        connected("bind", (channel, peer) -> channel.bind(null));
        connected("connect", (channel, peer) -> channel.connect(peer.getRemoteAddress()));
        connected("options", (channel, peer) -> names(channel.supportedOptions()));
        connected(
                "option",
                (channel, peer) -> channel.setOption(StandardSocketOptions.TCP_NODELAY, true)
                        .getOption(StandardSocketOptions.TCP_NODELAY));
        connected("wrong option", (channel, peer) -> channel.getOption(StandardSocketOptions.SO_LINGER));
        connected(
                "option after shutdownOutput",
                (channel, peer) -> channel.shutdownOutput().setOption(StandardSocketOptions.TCP_NODELAY, true));
        connected("closed", (channel, peer) -> {
            channel.close();
            return outcome(channel.connect(peer.getRemoteAddress()));
        });
        connected("address of a closed one", (channel, peer) -> {
            channel.close();
            return channel.getRemoteAddress();
        });
        connected("option of a closed one", (channel, peer) -> {
            channel.close();
            return channel.getOption(StandardSocketOptions.TCP_NODELAY);
        });
        connected("shutdown of a closed one", (channel, peer) -> {
            channel.close();
            return channel.shutdownInput();
        });
        compare();
    }

    // What is not the JDK's

    @Test
    void aHandlerThatReadsOnAndOnDoesNotOverflowTheStack() throws Exception {
        try (AsynchronousSide side = AsynchronousSide.lent(null).bound()) {
            SocketChannel peer = side.connect();
            AsynchronousSocketChannel channel = side.accept();
            peer.write(bytes(MANY));
            CompletableFuture<Integer> deepest = new CompletableFuture<>();
            channel.read(bytes(1), "it", new CompletionHandler<Integer, Object>() {
                private int read;
                private int greatest;

                @Override
                public void completed(Integer count, Object attachment) {
                    greatest = Math.max(greatest, depth());
                    if (++read == MANY) {
                        deepest.complete(greatest);
                    } else {
                        channel.read(bytes(1), attachment, this);
                    }
                }

                // Of this thread: the next handler may run on another one before this one has returned.
                private int depth() {
                    return (int) Arrays.stream(Thread.currentThread().getStackTrace())
                            .filter(frame -> frame.getClassName().startsWith(AsynchronousChannelTest.class.getName())
                                    && frame.getMethodName().equals("completed"))
                            .count();
                }

                @Override
                public void failed(Throwable failure, Object attachment) {
                    deepest.completeExceptionally(failure);
                }
            });
            assertTrue(deepest.get(60, TimeUnit.SECONDS) < 100, deepest + " handlers on the stack");
        }
    }

    @Test
    void handlersAreCalledOnThreadsOfTheGroupWhichEndsWithItsChannels() throws Exception {
        AsynchronousChannelGroup group =
                AsynchronousChannelGroup.withFixedThreadPool(1, AsynchronousChannelTest::threadOfGroup);
        try (AsynchronousSide side = AsynchronousSide.lent(group).bound()) {
            side.connect();
            AsynchronousSocketChannel channel = side.accept();
            CompletableFuture<String> name = new CompletableFuture<>();
            channel.write(bytes(1), "it", new CompletionHandler<Integer, Object>() {
                @Override
                public void completed(Integer count, Object attachment) {
                    name.complete(Thread.currentThread().getName());
                }

                @Override
                public void failed(Throwable failure, Object attachment) {
                    name.completeExceptionally(failure);
                }
            });
            assertEquals("of-group", name.get(AsynchronousSide.PATIENCE_SECONDS, TimeUnit.SECONDS));
            Future<Integer> read = channel.read(bytes(1));
            group.shutdown();
            side.server.close();
            assertFalse(group.isTerminated());
            group.shutdownNow();
            assertFalse(channel.isOpen());
            assertEquals("java.nio.channels.AsynchronousCloseException", outcome(read));
            assertTrue(group.awaitTermination(AsynchronousSide.PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
    }

    private static Thread threadOfGroup(Runnable task) {
        Thread thread = new Thread(task, "of-group");
        thread.setDaemon(true);
        return thread;
    }

    @Test
    void whatTheLenderDecidesEndsAReadThatWaits() throws Exception {
        try (AsynchronousSide side = AsynchronousSide.lent(null).bound()) {
            SocketChannel peer = side.connect();
            AsynchronousSocketChannel channel = side.accept();
            SelfTestLender.Connection connection = side.lender().latest();
            connection.set(Traffic.Readiness.NOT);
            Future<Integer> read = channel.read(bytes(1));
            peer.write(bytes(1));
            ByteBuffer target = bytes(1);
            connection.set(Traffic.Readiness.NOW);
            assertEquals(1, read.get(AsynchronousSide.PATIENCE_SECONDS, TimeUnit.SECONDS));
            assertEquals(1, channel.read(target).get(AsynchronousSide.PATIENCE_SECONDS, TimeUnit.SECONDS));
            assertNotEquals(SelfTestLender.OF_LENDER, target.get(0));
            Future<Integer> last = channel.read(bytes(1));
            Objects.requireNonNull(connection.channel()).close();
            assertEquals("java.nio.channels.AsynchronousCloseException", outcome(last));
            assertTrue(connection.end().await(AsynchronousSide.PATIENCE_SECONDS, TimeUnit.SECONDS));
            Future<?> accept = side.server.accept();
            side.lentServer().revoke();
            assertEquals("java.nio.channels.AsynchronousCloseException", outcome(accept));
        }
    }

    @Test
    void threadsEndWithTheChannels() throws Exception {
        for (int i = 0; i < 5; i++) {
            try (AsynchronousSide side = AsynchronousSide.lent(null).bound()) {
                Told<AsynchronousSocketChannel> accept = new Told<>();
                side.server.accept("it", accept);
                side.connect();
                accept.get(AsynchronousSide.PATIENCE_SECONDS, TimeUnit.SECONDS).close();
            }
        }
        while (Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith("asynchronous-"))) {
            Thread.sleep(1);
        }
    }

    @Test
    void anAddressThatIsNotLentIsTheJdks() throws Exception {
        LoopbackBorrower borrower = LoopbackBorrower.without();
        try (AsynchronousServerSocketChannel server =
                LentAsynchronousServerChannel.openFor(LoopbackBorrower.PROVIDER, borrower, null)) {
            server.bind(ServerSide.address());
            Future<AsynchronousSocketChannel> accept = server.accept();
            try (SocketChannel peer = SocketChannel.open(server.getLocalAddress());
                    AsynchronousSocketChannel channel =
                            accept.get(AsynchronousSide.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                assertEquals(peer.getLocalAddress(), channel.getRemoteAddress());
                assertFalse(channel instanceof LentAsynchronousChannel);
            }
        }
    }
}
