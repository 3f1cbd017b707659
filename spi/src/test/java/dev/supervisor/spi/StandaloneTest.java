package dev.supervisor.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StandaloneTest {

    /** More than a test may take. */
    private static final Duration NEVER = Duration.ofHours(1);

    @TempDir
    private Path directory;

    /** Serves each listener by {@link Lines}. */
    private static void serveAll(ApplicationContext context) {
        context.listeners().forEach(listener -> listener.serve(new Lines(listener.name())));
    }

    /** Serves each listener by a bootstrap of its own. */
    private static void bindAll(ApplicationContext context) {
        for (Listener listener : context.listeners()) {
            new ServerBootstrap()
                    .group(context.eventLoopGroup())
                    .channelFactory(listener::open)
                    .childHandler(new Lines(listener.name()))
                    .bind(0)
                    .syncUninterruptibly();
        }
    }

    @Test
    void severalListenersAreBoundAndServed() throws Exception {
        for (Application application : List.<Application>of(StandaloneTest::serveAll, StandaloneTest::bindAll)) {
            UnixDomainSocketAddress unix = UnixDomainSocketAddress.of(directory.resolve("u.sock"));
            try (Standalone running = Standalone.listen("http", 0)
                    .listen("six", new InetSocketAddress(NetUtil.LOCALHOST6, 0))
                    .listen("unix", unix)
                    .start(application)) {
                assertEquals(NetUtil.LOCALHOST4, ((InetSocketAddress) running.address("http")).getAddress());
                assertEquals(NetUtil.LOCALHOST6, ((InetSocketAddress) running.address("six")).getAddress());
                assertEquals(unix, running.address("unix"));
                for (String name : List.of("http", "six", "unix")) {
                    assertEquals(name + " hello", LineClient.ask(running.address(name), "hello"));
                }
            }
            assertFalse(Files.exists(unix.getPath()));
        }
    }

    @Test
    void theContextIsThatOfTheFirstGeneration() throws Exception {
        Application application = context -> {
            assertEquals(1, context.generation());
            assertEquals(List.of("--verbose", "x"), context.arguments());
            assertSame(context.listeners().get(0), context.listener());
            assertSame(context.listener("admin"), context.listeners().get(1));
            NoSuchElementException none = assertThrows(NoSuchElementException.class, () -> context.listener("web"));
            assertEquals("there is no listener 'web', there is http, admin", none.getMessage());
            assertThrows(IllegalStateException.class, () -> context.handOff(new EmbeddedChannel()));
        };
        Standalone.listen("http", 0)
                .listen("admin", 0)
                .start(application, "--verbose", "x")
                .close();
    }

    @Test
    void theUserSetsTheAddress() throws Exception {
        Path path = directory.resolve("app.sock");
        try (Standalone running = Standalone.listen("http", 1)
                .start(Map.of("LISTEN_ADDRESS_HTTP", path.toString()), StandaloneTest::serveAll)) {
            assertEquals(UnixDomainSocketAddress.of(path), running.address("http"));
            assertEquals("http a", LineClient.ask(running.address("http"), "a"));
        }
    }

    @Test
    void connectionsWaitUntilTheApplicationHasStarted() throws Exception {
        CompletableFuture<Socket> client = new CompletableFuture<>();
        Application application = context -> {
            serveAll(context);
            InetSocketAddress address = (InetSocketAddress) context.listener().address();
            Socket socket = new Socket(address.getAddress(), address.getPort());
            client.complete(socket);
            socket.getOutputStream().write("early\n".getBytes(StandardCharsets.UTF_8));
            socket.setSoTimeout(200);
            assertThrows(
                    SocketTimeoutException.class, () -> socket.getInputStream().read());
            socket.setSoTimeout(0);
        };
        try (Standalone running = Standalone.listen("http", 0).start(application);
                Socket socket = client.join()) {
            byte[] answer = "http early\n".getBytes(StandardCharsets.UTF_8);
            assertEquals(
                    "http early\n",
                    new String(socket.getInputStream().readNBytes(answer.length), StandardCharsets.UTF_8));
            assertTrue(running.address("http") instanceof InetSocketAddress);
        }
    }

    @Test
    void aListenerIsServedOnce() throws Exception {
        Listener[] served = new Listener[1];
        Application application = context -> {
            served[0] = context.listener();
            served[0].serve(new Lines("http"));
            for (Runnable again : List.<Runnable>of(served[0]::open, () -> served[0].serve(new Lines("http")))) {
                IllegalStateException thrown = assertThrows(IllegalStateException.class, again::run);
                assertEquals("can't serve 'http': it is served already", thrown.getMessage());
            }
        };
        Standalone.listen("http", 0).start(application).close();
        IllegalStateException late =
                assertThrows(IllegalStateException.class, () -> served[0].serve(new Lines("http")));
        assertEquals("can't serve 'http': the application has ended", late.getMessage());
    }

    @Test
    void aFailedStartLeavesNothingOpen() throws Exception {
        CompletableFuture<SocketAddress> address = new CompletableFuture<>();
        Application application = new Application() {
            @Override
            public void start(ApplicationContext context) {
                serveAll(context);
                address.complete(context.listener().address());
                throw new UnsupportedOperationException("no database");
            }

            @Override
            public void close() {
                throw new AssertionError("it has not started");
            }
        };
        UnsupportedOperationException thrown = assertThrows(
                UnsupportedOperationException.class,
                () -> Standalone.listen("http", 0).listen("unused", 0).start(application));
        assertEquals("no database", thrown.getMessage());
        awaitRefusal(address.join());
    }

    @Test
    void anAddressInUseIsNamed() throws Exception {
        try (Standalone running = Standalone.listen("http", 0).start(StandaloneTest::serveAll)) {
            SocketAddress address = running.address("http");
            IOException thrown = assertThrows(
                    IOException.class,
                    () -> Standalone.listen("free", 0).listen("web", address).start(StandaloneTest::serveAll));
            assertEquals(
                    "can't listen on " + ListenAddress.format(address)
                            + " for the listener 'web': Address already in use"
                            + " (another address can be set by -Dlisten.address.web or LISTEN_ADDRESS_WEB)",
                    thrown.getMessage());
        }
        IOException unknown = assertThrows(
                IOException.class,
                () -> Standalone.listen("http", InetSocketAddress.createUnresolved("nowhere.invalid", 1))
                        .start(StandaloneTest::serveAll));
        assertTrue(
                String.valueOf(unknown.getMessage()).contains("the host 'nowhere.invalid' is unknown"),
                unknown::getMessage);
    }

    @Test
    void listenersAreChecked() {
        Standalone.Builder builder = Standalone.listen("http", 0);
        assertThrows(IllegalArgumentException.class, () -> builder.listen("http", 1));
        assertThrows(IllegalArgumentException.class, () -> builder.listen("admin", 65536));
        assertThrows(IllegalArgumentException.class, () -> builder.listen("admin", new SocketAddress() {}));
    }

    @Test
    void connectionsFinishAndThenTheApplicationCloses() throws Exception {
        CountDownLatch superseded = new CountDownLatch(1);
        CompletableFuture<ChannelHandlerContext> busy = new CompletableFuture<>();
        CompletableFuture<Boolean> connectedAtClose = new CompletableFuture<>();
        Application application = new Application() {
            @Override
            public void start(ApplicationContext context) {
                context.listener().serve(new Lines("http", ctx -> {
                    busy.complete(ctx);
                    superseded.countDown();
                }));
            }

            @Override
            public void close() {
                connectedAtClose.complete(busy.join().channel().isOpen());
            }
        };
        Standalone running = Standalone.listen("http", 0).drainTimeout(NEVER).start(application);
        SocketAddress address = running.address("http");
        try (LineClient client = LineClient.connect(address)) {
            client.send("a");
            assertEquals("http a", client.line());
            CompletableFuture<Void> closed = CompletableFuture.runAsync(running::close);
            superseded.await();
            awaitRefusal(address);
            client.send("b");
            assertEquals("http b", client.line());
            assertFalse(closed.isDone());
            busy.join().close().sync();
            closed.join();
            running.close();
            assertFalse(connectedAtClose.join());
            assertNull(client.line());
        }
    }

    /** The JDK closes a socket with the next turn of its selector. */
    private static void awaitRefusal(SocketAddress address) {
        boolean refused = false;
        while (!refused) {
            try {
                LineClient.connect(address).close();
            } catch (IOException e) {
                refused = true;
            }
        }
    }

    @Test
    void aConnectionThatDoesNotFinishIsClosed() throws Exception {
        Standalone running = Standalone.listen("http", 0)
                .drainTimeout(Duration.ofMillis(50))
                .start(context -> context.listener().serve(new Lines("http", ctx -> {})));
        try (LineClient client = LineClient.connect(running.address("http"))) {
            client.send("a");
            assertEquals("http a", client.line());
            running.close();
            assertNull(client.line());
        }
    }

    @Test
    void aFailureToCloseIsThrownWhenAllHasEnded() throws Exception {
        CompletableFuture<ApplicationContext> context = new CompletableFuture<>();
        Standalone running = Standalone.listen("http", 0).start(new Application() {
            @Override
            public void start(ApplicationContext given) {
                context.complete(given);
            }

            @Override
            public void close() throws IOException {
                throw new IOException("disk full");
            }
        });
        IllegalStateException thrown = assertThrows(IllegalStateException.class, running::close);
        assertInstanceOf(IOException.class, thrown.getCause());
        assertTrue(context.join().eventLoopGroup().isTerminated());
    }
}
