package dev.supervisor.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.supervisor.SocketSpec;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
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
        return ListeningSocket.bind(
                SocketSpec.parse(spec), loops.next(), 16, new Gate.Limits(100, Duration.ofMinutes(1)));
    }

    private static boolean hasIpv6() {
        try (ServerSocket probe = new ServerSocket(0, 1, NetUtil.LOCALHOST6)) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isReached(ListeningSocket listener, InetAddress by) throws IOException {
        try (Socket socket = new Socket(by, listener.address().getPort())) {
            return socket.isConnected();
        } catch (ConnectException e) {
            return false;
        }
    }

    private static String printed(ListeningSocket listener) {
        String text = NetUtil.toSocketAddressString(listener.address());
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
}
