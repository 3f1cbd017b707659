package dev.supervisor.socket;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.supervisor.SocketSpec;
import dev.supervisor.SupervisorException;
import dev.supervisor.SupervisorOptions.Binding;
import dev.supervisor.Tally;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.Listeners;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is bound is what was said, and what is printed is what is bound. */
@Timeout(60)
final class ListeningSocketTest {

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    @AfterEach
    void end() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private ListeningSocket bind(String spec) {
        return Listeners.bind(SocketSpec.parse(spec), loops.next());
    }

    /** Has the accept loop do nothing else until all of this has been done. */
    private static void whileNothingIsAccepted(ListeningSocket listener, Callable<?> action) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        Future<?> busy = listener.acceptLoop().submit(() -> {
            begun.countDown();
            done.await();
            return true;
        });
        begun.await();
        try {
            action.call();
        } finally {
            done.countDown();
        }
        busy.sync();
    }

    /** Keeps the loop busy, with one short task after another, so that it turns to its selector rarely. */
    private static void keepBusy(EventLoop loop, AtomicBoolean ended) {
        loop.execute(new Runnable() {
            @Override
            public void run() {
                if (!ended.get()) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
                    loop.execute(this);
                }
            }
        });
    }

    @Test
    void itIsUnboundWhenThatWasWaitedForAlthoughTheLoopIsBusy() throws Exception {
        ListeningSocket listener = bind("http::0");
        AtomicBoolean ended = new AtomicBoolean();
        keepBusy(listener.acceptLoop(), ended);
        try {
            listener.close();
            listener.awaitUnbound();
            assertThrows(
                    ConnectException.class, () -> Listeners.connect(listener).close());
        } finally {
            ended.set(true);
        }
    }

    @Test
    void whatTheKernelHasCompletedIsAcceptedBeforeItCloses() throws Exception {
        ListeningSocket listener = bind("http::0");
        Thread closing = new Thread(listener::close);
        List<Socket> clients = new ArrayList<>();
        try {
            whileNothingIsAccepted(listener, () -> {
                for (int i = 0; i < 10; i++) { // fewer than the backlog
                    clients.add(new Socket(
                            NetUtil.LOCALHOST4, Listeners.addressOf(listener).getPort()));
                }
                closing.start();
                SingleThreadEventExecutor loop = (SingleThreadEventExecutor) listener.acceptLoop();
                Await.until("the loop has been told to close it", () -> loop.pendingTasks() > 0);
                return true;
            });
            closing.join();
            assertEquals(new Tally(10, 10, 0), listener.tally());
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    private static boolean hasIpv6() {
        try (ServerSocket probe = new ServerSocket(0, 1, NetUtil.LOCALHOST6)) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isReached(ListeningSocket listener, InetAddress by) throws IOException {
        try (Socket socket = new Socket(by, Listeners.addressOf(listener).getPort())) {
            return socket.isConnected();
        } catch (ConnectException e) {
            return false;
        }
    }

    private static String printed(ListeningSocket listener) {
        String text = NetUtil.toSocketAddressString(Listeners.addressOf(listener));
        return text.replaceAll(":\\d+$", "");
    }

    @ParameterizedTest
    @CsvSource({
        "http::0,               127.0.0.1, true,  false",
        "http::127.0.0.1:0,     127.0.0.1, true,  false",
        "http::0.0.0.0:0,       0.0.0.0,   true,  false",
        "http::[::1]:0,         [::1],     false, true",
        "http::[0:0:0:0:0:0:0:1]:0, [::1], false, true",
        "http::[::]:0,          [::],      true,  true"
    })
    void listensWhereItIsTold(String spec, String printed, boolean byIpv4, boolean byIpv6) throws Exception {
        assumeTrue(hasIpv6());
        try (ListeningSocket listener = bind(spec)) {
            assertEquals(printed, printed(listener));
            assertEquals(byIpv4, isReached(listener, NetUtil.LOCALHOST4));
            assertEquals(byIpv6, isReached(listener, NetUtil.LOCALHOST6));
        }
    }

    @Test
    void aPortIsSharedByThoseOnlyThatAllowIt() {
        Binding shared = new Binding(true, Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), Map.of());
        BoundSocket first = BoundSocket.bind(SocketSpec.http(0), 16, shared);
        SocketSpec same = SocketSpec.http(((InetSocketAddress) first.address()).getPort());
        BoundSocket second = BoundSocket.bind(same, 16, shared);
        try {
            assertEquals(first.address(), second.address());
            assertThrows(SupervisorException.class, () -> BoundSocket.bind(same, 16, Binding.DEFAULT));
        } finally {
            close(first);
            close(second);
        }
    }

    private static void close(BoundSocket socket) {
        assertDoesNotThrow(socket.channel()::close);
    }
}
