package dev.supervisor.lending;

import static dev.supervisor.lending.Operation.OMITTED;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.lending.Comparison.Allowed;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random operations on a lent server channel and on one of the JDK. */
@Timeout(120)
class ServerComparisonTest {

    private static final int CASES = 1000;
    private static final int LENGTH = 40;

    private static final List<Allowed> ALLOWED = List.of(new Allowed(
            "accept|socket accept",
            "ClosedChannelException.*",
            "AsynchronousCloseException.*",
            "JDK 17 says so of a channel that blocks, as if it had been closed just now; 25 does not"));

    private static final List<SocketOption<?>> OPTIONS = List.of(
            StandardSocketOptions.SO_RCVBUF,
            StandardSocketOptions.SO_REUSEADDR,
            StandardSocketOptions.SO_REUSEPORT,
            StandardSocketOptions.SO_SNDBUF,
            StandardSocketOptions.TCP_NODELAY);

    private final List<Operation<ServerSide>> operations = new ArrayList<>();

    @Test
    void aLentServerChannelAnswersAsOneOfTheJdk() throws Exception {
        binding();
        accepting();
        selection();
        options();
        states();
        Comparison<ServerSide> comparison =
                new Comparison<>(ServerSide::lent, ServerSide::real, ServerSide::normal, operations, ALLOWED);
        Map<String, String> differences = comparison.differences(CASES, LENGTH);
        assertEquals(List.of(), comparison.neverPerformed());
        assertEquals(Map.of(), differences);
    }

    private void add(String name, int weight, Operation.Body<ServerSide> body) {
        operations.add(new Operation<>(name, weight, body));
    }

    private void binding() {
        add(
                "bind",
                3,
                (side, random) -> side.subject.bind(ServerSide.address(), random.nextInt(3) * 25 - 5) == side.subject);
        add(
                "bind wrong",
                1,
                (side, random) -> side.isBound()
                        ? side.subject.bind(InetSocketAddress.createUnresolved("nowhere.invalid", 1))
                        : OMITTED);
        add("socket bind", 2, (side, random) -> {
            side.subject.socket().bind(ServerSide.address());
            return "bound";
        });
    }

    private void accepting() {
        add("connect", 8, (side, random) -> {
            if (!side.isBound() || !side.subject.isOpen() || side.waiting() > 10) {
                return OMITTED;
            }
            boolean interrupted = Thread.interrupted(); // which is not for the peer
            side.connectAndWait();
            return "connected " + interrupted;
        });
        add("accept", 8, (side, random) -> waits(side) ? OMITTED : accepted(side, side.subject.accept()));
        add("socket accept", 4, (side, random) -> {
            boolean waits = waits(side) && side.subject.socket().getSoTimeout() == 0;
            return waits
                    ? OMITTED
                    : accepted(side, side.subject.socket().accept().getChannel());
        });
        add("setSoTimeout", 3, (side, random) -> {
            side.subject.socket().setSoTimeout(random.nextInt(4) - 1);
            return side.subject.socket().getSoTimeout();
        });
        add("configureBlocking", 5, (side, random) -> {
            side.subject.configureBlocking(random.nextInt(3) == 0);
            return side.subject.isBlocking();
        });
        add("close", 1, (side, random) -> {
            side.subject.close();
            return side.subject.isRegistered();
        });
        add("socket close", 1, (side, random) -> {
            side.subject.socket().close();
            return "closed";
        });
    }

    private static boolean waits(ServerSide side) {
        return side.subject.isOpen() && side.subject.isBlocking() && side.isBound() && side.waiting() == 0;
    }

    private static Object accepted(ServerSide side, @Nullable SocketChannel channel) throws Exception {
        if (channel == null) {
            return "none";
        }
        SocketChannel peer = side.peers.get(side.accepted.size());
        side.accepted.add(channel);
        return channel.isBlocking() + " " + channel.isConnected() + " "
                + peer.getLocalAddress().equals(channel.getRemoteAddress());
    }

    private void selection() {
        add("register", 4, (side, random) -> {
            int ops = random.nextInt(4) == 0 ? random.nextInt(33) : random.nextInt(2) * SelectionKey.OP_ACCEPT;
            return side.isBound() ? side.subject.register(side.selector, ops).interestOps() : OMITTED;
        });
        add("interestOps", 3, (side, random) -> {
            SelectionKey key = side.subject.keyFor(side.selector);
            return key == null
                    ? "no key"
                    : key.interestOps(random.nextInt(3) * 8).interestOps();
        });
        add("cancel", 1, (side, random) -> {
            SelectionKey key = side.subject.keyFor(side.selector);
            if (key != null) {
                key.cancel();
            }
            return key != null;
        });
        add("selectNow", 8, (side, random) -> side.selector.selectNow() + selected(side, random));
        add("select", 2, (side, random) -> side.selector.select(1) + selected(side, random));
        add("selectNow(action)", 2, (side, random) -> {
            List<String> told = new ArrayList<>();
            return side.selector.selectNow(key -> told.add(described(key))) + " " + told;
        });
        add("validOps", 1, (side, random) -> side.subject.validOps());
    }

    private static String selected(ServerSide side, Random random) {
        String text = side.selector.selectedKeys().stream()
                .map(ServerComparisonTest::described)
                .collect(Collectors.joining(
                        ",", " ", " of " + side.selector.keys().size()));
        if (random.nextBoolean()) {
            side.selector.selectedKeys().clear();
        }
        return text;
    }

    private static String described(SelectionKey key) {
        return key.isValid() ? key.readyOps() + "/" + key.interestOps() : "invalid";
    }

    private void options() {
        add(
                "supportedOptions",
                1,
                (side, random) -> side.subject.supportedOptions().stream()
                        .map(SocketOption::name)
                        .collect(Collectors.toCollection(TreeSet::new)));
        add("getOption", 2, (side, random) -> side.subject.getOption(OPTIONS.get(random.nextInt(OPTIONS.size()))));
        add("setOption", 2, (side, random) -> set(side, OPTIONS.get(random.nextInt(OPTIONS.size())), random));
        add(
                "socket setOption",
                1,
                (side, random) -> side.subject
                                .socket()
                                .setOption(StandardSocketOptions.SO_RCVBUF, 70_000 + random.nextInt(50_000))
                        == side.subject.socket());
        add("ReceiveBufferSize", 1, (side, random) -> {
            side.subject.socket().setReceiveBufferSize(random.nextInt(3) == 0 ? -random.nextInt(2) : 80_000);
            return side.subject.socket().getReceiveBufferSize();
        });
        add("ReuseAddress", 1, (side, random) -> {
            side.subject.socket().setReuseAddress(random.nextBoolean());
            return side.subject.socket().getReuseAddress();
        });
    }

    @SuppressWarnings("unchecked")
    private static Object set(ServerSide side, SocketOption<?> option, Random random) throws Exception {
        Object right = option.type() == Boolean.class ? (Object) random.nextBoolean() : 70_000 + random.nextInt(50_000);
        Object value = random.nextInt(5) == 0 ? "wrong" : right;
        side.subject.setOption((SocketOption<Object>) option, value);
        return side.subject.getOption(option);
    }

    private void states() {
        add("states", 4, (side, random) -> {
            ServerSocket socket = side.subject.socket();
            return List.of(
                    side.subject.isOpen(),
                    side.subject.isRegistered(),
                    socket.isBound(),
                    socket.isClosed(),
                    socket.getChannel() == side.subject,
                    socket == side.subject.socket());
        });
        add("address", 2, (side, random) -> String.valueOf(side.subject.getLocalAddress()));
        add("socket address", 2, (side, random) -> {
            ServerSocket socket = side.subject.socket();
            return socket.getInetAddress() + " " + (socket.getLocalPort() > 0) + " " + socket.getLocalSocketAddress();
        });
        add("socket toString", 1, (side, random) -> side.subject.socket().toString());
    }
}
