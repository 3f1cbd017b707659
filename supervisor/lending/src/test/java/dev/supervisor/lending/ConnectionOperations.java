package dev.supervisor.lending;

import static dev.supervisor.lending.Operation.OMITTED;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What applications do with a connection, and what their peers do. */
final class ConnectionOperations {

    private static final List<SocketOption<?>> OPTIONS = List.of(
            StandardSocketOptions.SO_SNDBUF,
            StandardSocketOptions.SO_RCVBUF,
            StandardSocketOptions.SO_KEEPALIVE,
            StandardSocketOptions.SO_REUSEADDR,
            StandardSocketOptions.SO_REUSEPORT,
            StandardSocketOptions.SO_LINGER,
            StandardSocketOptions.TCP_NODELAY,
            StandardSocketOptions.IP_TOS,
            StandardSocketOptions.SO_BROADCAST,
            StandardSocketOptions.IP_MULTICAST_TTL);

    private final List<Operation<Side>> all = new ArrayList<>();

    static List<Operation<Side>> all() {
        ConnectionOperations operations = new ConnectionOperations();
        operations.data();
        operations.selection();
        operations.keys();
        operations.streams();
        operations.options();
        operations.socketOptions();
        operations.states();
        operations.ends();
        operations.peer();
        return operations.all;
    }

    private void add(String name, int weight, Operation.Body<Side> body) {
        all.add(new Operation<>(name, weight, body));
    }

    // Bytes

    private void data() {
        add("read", 8, (side, random) -> {
            ByteBuffer buffer = Buffers.toRead(random);
            boolean waits = buffer.hasRemaining() && side.subject.isBlocking() && !side.readsAtOnce();
            return waits ? OMITTED : read(side, buffer);
        });
        add("read zero", 1, (side, random) -> read(side, ByteBuffer.allocate(0)));
        add("read(null)", 1, (side, random) -> side.subject.read((ByteBuffer) nothing()));
        add("scatter", 6, ConnectionOperations::scatter);
        add("write", 8, (side, random) -> {
            int size = Buffers.size(random);
            if (!side.writesAtOnce(size)) {
                return OMITTED;
            }
            ByteBuffer buffer = Buffers.toWrite(side.next(size), random);
            int begin = buffer.position();
            int count = side.subject.write(buffer);
            side.wrote(count);
            return count + " to " + (buffer.position() - begin);
        });
        add("write(null)", 1, (side, random) -> side.subject.write((ByteBuffer) nothing()));
        add("gather", 6, ConnectionOperations::gather);
        add("fill", 1, ConnectionOperations::fill);
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // applications do that
    private static <T> T nothing() {
        return null;
    }

    private static String read(Side side, ByteBuffer buffer) throws Exception {
        int begin = buffer.position();
        int count = side.subject.read(buffer);
        byte[] bytes = Buffers.between(buffer, begin);
        return count + " to " + bytes.length + " " + side.isNext(bytes, bytes.length);
    }

    private static Object scatter(Side side, Random random) throws Exception {
        @Nullable ByteBuffer[] buffers = Buffers.several(random, () -> Buffers.toRead(random));
        int offset = random.nextInt(buffers.length + 1);
        int length = random.nextInt(buffers.length - offset + (random.nextInt(20) == 0 ? 2 : 1));
        if (side.subject.isBlocking() && !side.readsAtOnce()) {
            return OMITTED;
        }
        int[] begins = positions(buffers);
        StringBuilder outcome = new StringBuilder();
        try {
            outcome.append(side.subject.read(buffers, offset, length));
        } catch (Exception e) {
            outcome.append(Operation.described(e));
        }
        for (int i = 0; i < buffers.length; i++) {
            ByteBuffer buffer = buffers[i];
            if (buffer != null) {
                byte[] bytes = Buffers.between(buffer, begins[i]);
                outcome.append(' ').append(bytes.length).append(side.isNext(bytes, bytes.length));
            }
        }
        return outcome;
    }

    private static int[] positions(@Nullable ByteBuffer[] buffers) {
        return Arrays.stream(buffers)
                .mapToInt(buffer -> buffer == null ? 0 : buffer.position())
                .toArray();
    }

    private static Object gather(Side side, Random random) throws Exception {
        int[] total = {0};
        byte[] bytes = side.next(30_000);
        @Nullable
        ByteBuffer[] buffers = Buffers.several(random, () -> {
            int size = Buffers.size(random);
            int begin = total[0];
            total[0] += size;
            return Buffers.toWrite(Arrays.copyOfRange(bytes, begin, begin + size), random);
        });
        int length = random.nextInt(buffers.length + (random.nextInt(20) == 0 ? 2 : 1));
        if (!side.writesAtOnce(total[0])) {
            return OMITTED;
        }
        int[] begins = positions(buffers);
        StringBuilder outcome = new StringBuilder();
        try {
            long count = side.subject.write(buffers, 0, length);
            outcome.append(count);
            side.wrote(count);
        } catch (Exception e) {
            outcome.append(Operation.described(e));
        }
        int[] ends = positions(buffers);
        for (int i = 0; i < begins.length; i++) {
            outcome.append(' ').append(ends[i] - begins[i]);
        }
        return outcome;
    }

    /** How many bytes the kernel takes depends on its timing; that the channel says when it is full does not. */
    private static Object fill(Side side, Random random) throws Exception {
        if (side.subject.isBlocking()
                || side.outputShut
                || side.peerClosed
                || !side.subject.isOpen()
                || random.nextInt(3) > 0) {
            return OMITTED;
        }
        side.subject.setOption(StandardSocketOptions.SO_SNDBUF, 20_000);
        side.peer.setOption(StandardSocketOptions.SO_RCVBUF, 20_000);
        do {
            int count;
            do {
                ByteBuffer buffer = Buffers.toWrite(side.next(50_000), random);
                int begin = buffer.position();
                count = side.subject.write(buffer);
                if (count != buffer.position() - begin) {
                    return "position wrong";
                }
                side.wrote(count);
            } while (count > 0);
        } while (Kernel.poll(side.socket, Kernel.POLLOUT, 2) != 0);
        String drained = side.peerReads();
        Kernel.await(side.socket, Kernel.POLLOUT);
        return drained;
    }

    // Selectors

    private void selection() {
        add("selectNow", 6, (side, random) -> {
            Selector selector = selector(side, random);
            return selector.selectNow() + " " + selected(selector, random);
        });
        add("select(1)", 3, (side, random) -> {
            Selector selector = selector(side, random);
            return selector.select(1) + " " + selected(selector, random);
        });
        add("select after wakeup", 1, (side, random) -> {
            Selector selector = selector(side, random).wakeup();
            return selector.select() + " " + selected(selector, random);
        });
        add("selectNow(action)", 3, (side, random) -> {
            List<String> told = new ArrayList<>();
            return selector(side, random).selectNow(key -> told.add(described(key))) + " " + told;
        });
        add("select(action, 1)", 2, (side, random) -> {
            List<String> told = new ArrayList<>();
            Consumer<SelectionKey> action = key -> {
                told.add(described(key));
                if (random.nextInt(4) == 0) {
                    key.cancel();
                }
            };
            return selector(side, random).select(action, 1) + " " + told;
        });
        add("close selector", 1, (side, random) -> {
            int which = random.nextInt(side.selectors.length);
            side.selectors[which].close();
            side.selectors[which] = side.borrower.openSelector();
            return side.subject.isRegistered();
        });
    }

    private static Selector selector(Side side, Random random) {
        return side.selectors[random.nextInt(side.selectors.length)];
    }

    private static String selected(Selector selector, Random random) {
        String text = selector.selectedKeys().stream()
                        .map(ConnectionOperations::described)
                        .collect(Collectors.joining(","))
                + " of " + selector.keys().size();
        if (random.nextBoolean()) {
            selector.selectedKeys().clear();
        }
        return text;
    }

    private static String described(SelectionKey key) {
        return key.isValid() ? key.readyOps() + "/" + key.interestOps() + "@" + key.attachment() : "invalid";
    }

    private static int ops(Random random) {
        int[] often = {0, 1, 1, 4, 5, 8, 13};
        return random.nextInt(12) == 0 ? random.nextInt(33) : often[random.nextInt(often.length)];
    }

    private void keys() {
        add("register", 5, (side, random) -> {
            SelectionKey key = side.subject.register(selector(side, random), ops(random), random.nextInt(3));
            return key.isValid() + " " + key.interestOps() + " " + key.attachment();
        });
        add("interestOps", 5, (side, random) -> {
            SelectionKey key = side.subject.keyFor(selector(side, random));
            return key == null ? "no key" : key.interestOps(ops(random)).interestOps();
        });
        add("interestOpsOr", 1, (side, random) -> {
            SelectionKey key = side.subject.keyFor(selector(side, random));
            return key == null ? "no key" : key.interestOpsOr(ops(random)) + " " + key.interestOps();
        });
        add("interestOpsAnd", 1, (side, random) -> {
            SelectionKey key = side.subject.keyFor(selector(side, random));
            return key == null ? "no key" : key.interestOpsAnd(random.nextInt(40)) + " " + key.interestOps();
        });
        add("readyOps", 2, (side, random) -> {
            SelectionKey key = side.subject.keyFor(selector(side, random));
            return key == null ? "no key" : key.readyOps();
        });
        add("cancel", 2, (side, random) -> {
            SelectionKey key = side.subject.keyFor(selector(side, random));
            if (key != null) {
                key.cancel();
            }
            return key != null && key.isValid();
        });
        add("isRegistered", 1, (side, random) -> side.subject.isRegistered());
        add("validOps", 1, (side, random) -> side.subject.validOps());
        add(
                "configureBlocking",
                6,
                (side, random) -> side.subject.configureBlocking(random.nextInt(3) == 0) == side.subject);
        add("isBlocking", 1, (side, random) -> side.subject.isBlocking());
    }

    // By the socket

    private void streams() {
        add("stream read", 6, (side, random) -> streamRead(side, random, Buffers.size(random)));
        add("stream read one", 2, (side, random) -> streamRead(side, random, -1));
        add(
                "stream read wrong",
                1,
                (side, random) -> side.subject.socket().getInputStream().read(new byte[3], 2, 2));
        add("stream skip", 1, (side, random) -> {
            if (!side.readsAtOnce()) {
                return OMITTED;
            }
            InputStream stream = side.subject.socket().getInputStream();
            int count = Math.min(stream.available(), random.nextInt(100));
            long skipped = count == 0 ? 0 : stream.skip(count);
            side.isNext(new byte[(int) skipped], (int) skipped);
            return skipped;
        });
        add("available", 2, (side, random) -> side.input(random.nextBoolean()).available());
        add("stream write", 5, ConnectionOperations::streamWrite);
        add("stream write one", 1, (side, random) -> {
            if (!side.writesAtOnce(1)) {
                return OMITTED;
            }
            side.output(random.nextBoolean()).write(side.next(1)[0]);
            side.wrote(1);
            return "written";
        });
        add("stream write wrong", 1, (side, random) -> {
            side.output(random.nextBoolean()).write(new byte[3], 2, 2);
            return "written";
        });
        add("stream flush", 1, (side, random) -> {
            side.subject.socket().getOutputStream().flush();
            return "flushed";
        });
        add("sendUrgentData", 1, (side, random) -> {
            if (!side.writesAtOnce(1) || side.peerClosed) {
                return OMITTED;
            }
            side.subject.socket().sendUrgentData(random.nextInt());
            return "sent";
        });
        add("setSoTimeout", 3, (side, random) -> {
            side.subject.socket().setSoTimeout(random.nextInt(4) - 1);
            return side.subject.socket().getSoTimeout();
        });
    }

    private static Object streamRead(Side side, Random random, int size) throws Exception {
        Socket socket = side.subject.socket();
        boolean waits = size != 0
                && side.subject.isBlocking()
                && !side.readsAtOnce()
                && (!side.subject.isOpen() || socket.getSoTimeout() == 0);
        if (waits) {
            return OMITTED;
        }
        InputStream stream = side.input(random.nextBoolean());
        if (size < 0) {
            int read = stream.read();
            return read + " " + (read < 0 || side.isNext(new byte[] {(byte) read}, 1));
        }
        byte[] bytes = new byte[size + 2];
        int count = stream.read(bytes, 1, size);
        return count + " " + side.isNext(Arrays.copyOfRange(bytes, 1, 1 + Math.max(0, count)), Math.max(0, count));
    }

    private static Object streamWrite(Side side, Random random) throws Exception {
        int size = Buffers.size(random);
        if (!side.writesAtOnce(size)) {
            return OMITTED;
        }
        byte[] bytes = new byte[size + 2];
        System.arraycopy(side.next(size), 0, bytes, 1, size);
        side.output(random.nextBoolean()).write(bytes, 1, size);
        side.wrote(size);
        return "written";
    }

    // Options

    private void options() {
        add(
                "supportedOptions",
                1,
                (side, random) -> side.subject.supportedOptions().stream()
                        .map(SocketOption::name)
                        .collect(Collectors.toCollection(TreeSet::new)));
        add("getOption", 3, (side, random) -> side.subject.getOption(option(random)));
        add("setOption", 4, (side, random) -> set(side, option(random), random));
        add("setOption(null)", 1, (side, random) -> side.subject.setOption(nothing(), 1) == side.subject);
        add("getOption(null)", 1, (side, random) -> String.valueOf(side.subject.<Object>getOption(nothing())));
        add("socket getOption", 1, (side, random) -> side.subject.socket().getOption(option(random)));
    }

    private static SocketOption<?> option(Random random) {
        return OPTIONS.get(random.nextInt(OPTIONS.size()));
    }

    @SuppressWarnings("unchecked")
    private static Object set(Side side, SocketOption<?> option, Random random) throws Exception {
        @Nullable Object value = value(option, random);
        side.subject.setOption((SocketOption<@Nullable Object>) option, value);
        return side.subject.getOption(option);
    }

    private static @Nullable Object value(SocketOption<?> option, Random random) {
        return switch (random.nextInt(10)) {
            case 0 -> null;
            case 1 -> "wrong";
            case 2 -> -1 - random.nextInt(3);
            default -> valueOf(option, random);
        };
    }

    private static Object valueOf(SocketOption<?> option, Random random) {
        if (option.type() == Boolean.class) {
            return random.nextBoolean();
        }
        if (option == StandardSocketOptions.SO_LINGER) {
            return random.nextInt(3) - 1;
        }
        return option == StandardSocketOptions.IP_TOS ? random.nextInt(300) : 70_000 + random.nextInt(100_000);
    }

    private interface Setter {
        void set(Socket socket, int value) throws Exception;
    }

    private interface Getter {
        @Nullable
        Object get(Socket socket) throws Exception;
    }

    private void option(String name, Setter setter, Getter getter) {
        add(name, 1, (side, random) -> {
            int value = random.nextInt(3) == 0 ? random.nextInt(4) - 3 : 70_000 + random.nextInt(50_000);
            if (random.nextBoolean()) {
                setter.set(side.subject.socket(), value);
            }
            return getter.get(side.subject.socket());
        });
    }

    private void socketOptions() {
        option("TcpNoDelay", (socket, value) -> socket.setTcpNoDelay(value > 90_000), Socket::getTcpNoDelay);
        option("SoLinger", (socket, value) -> socket.setSoLinger(value > 90_000, value % 3), Socket::getSoLinger);
        option("KeepAlive", (socket, value) -> socket.setKeepAlive(value > 90_000), Socket::getKeepAlive);
        option("ReuseAddress", (socket, value) -> socket.setReuseAddress(value > 90_000), Socket::getReuseAddress);
        option("TrafficClass", (socket, value) -> socket.setTrafficClass(value % 300), Socket::getTrafficClass);
        option("SendBufferSize", Socket::setSendBufferSize, Socket::getSendBufferSize);
        option("ReceiveBufferSize", Socket::setReceiveBufferSize, Socket::getReceiveBufferSize);
        option("OOBInline", (socket, value) -> socket.setOOBInline(false), Socket::getOOBInline);
    }

    // States and addresses

    private void states() {
        add("isOpen", 1, (side, random) -> side.subject.isOpen());
        add("isConnected", 2, (side, random) -> side.subject.isConnected() + " " + side.subject.isConnectionPending());
        add("addresses", 2, (side, random) -> side.subject.getLocalAddress() + " " + side.subject.getRemoteAddress());
        add("socket addresses", 2, (side, random) -> {
            Socket socket = side.subject.socket();
            return List.of(
                    String.valueOf(socket.getLocalSocketAddress()),
                    String.valueOf(socket.getRemoteSocketAddress()),
                    String.valueOf(socket.getInetAddress()),
                    String.valueOf(socket.getLocalAddress()),
                    ":" + socket.getPort(),
                    socket.getLocalPort());
        });
        add("socket states", 3, (side, random) -> {
            Socket socket = side.subject.socket();
            return List.of(
                    socket.isConnected(),
                    socket.isBound(),
                    socket.isClosed(),
                    socket.isInputShutdown(),
                    socket.isOutputShutdown(),
                    socket.getChannel() == side.subject,
                    socket == side.subject.socket());
        });
        add("socket toString", 1, (side, random) -> side.subject.socket().toString());
        add("toString", 1, (side, random) -> side.subject.toString().replaceFirst("^[^\\[]*", ""));
        add("bind", 1, (side, random) -> side.subject.bind(address(random)) == side.subject);
        add("socket bind", 1, (side, random) -> {
            side.subject.socket().bind(address(random));
            return "bound";
        });
        add(
                "connect",
                1,
                (side, random) -> side.subject.connect(
                        Objects.requireNonNullElseGet(address(random), ConnectionOperations::nothing)));
        add("socket connect", 1, (side, random) -> {
            SocketAddress address = address(random);
            int timeout = random.nextInt(3) - 1;
            if (address == null) {
                side.subject.socket().connect(nothing(), timeout);
            } else {
                side.subject.socket().connect(address, timeout);
            }
            return "connected";
        });
        add("finishConnect", 1, (side, random) -> side.subject.finishConnect());
    }

    private static @Nullable SocketAddress address(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> null;
            case 1 -> InetSocketAddress.createUnresolved("nowhere.invalid", 1);
            case 2 -> UnixDomainSocketAddress.of("/nowhere");
            default -> new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        };
    }

    // Ends

    private void ends() {
        add("shutdownInput", 1, (side, random) -> {
            boolean same = side.subject.shutdownInput() == side.subject;
            side.inputShut = true;
            return same;
        });
        add("shutdownOutput", 1, (side, random) -> {
            boolean same = side.subject.shutdownOutput() == side.subject;
            side.outputShut = true;
            return same;
        });
        add("socket shutdownInput", 1, (side, random) -> {
            side.subject.socket().shutdownInput();
            side.inputShut = true;
            return "shut";
        });
        add("socket shutdownOutput", 1, (side, random) -> {
            side.subject.socket().shutdownOutput();
            side.outputShut = true;
            return "shut";
        });
        close("close", side -> side.subject.close());
        close("socket close", side -> side.subject.socket().close());
        close(
                "input stream close",
                side -> side.subject.socket().getInputStream().close());
        close(
                "output stream close",
                side -> side.subject.socket().getOutputStream().close());
    }

    private interface Close {
        void of(Side side) throws Exception;
    }

    private void close(String name, Close close) {
        add(name, 1, (side, random) -> {
            if (random.nextInt(3) > 0) {
                return OMITTED;
            }
            boolean aborts = side.subject.isOpen() && side.subject.getOption(StandardSocketOptions.SO_LINGER) >= 0;
            close.of(side);
            if (aborts) { // what the peer sees depends on time
                return "closed";
            }
            for (Selector selector : side.selectors) {
                selector.selectNow();
            }
            return side.peerSeesEnd() + side.subject.isRegistered();
        });
    }

    private void peer() {
        add("peer sends", 14, (side, random) -> {
            if (!side.peerCanSend()) {
                return OMITTED;
            }
            side.peerSends(1 + Buffers.size(random));
            return "sent";
        });
        add("peer reads", 4, (side, random) -> side.peerClosed || !side.subject.isOpen() ? OMITTED : side.peerReads());
        ofPeer("peer shuts output", Side::peerShutsOutput);
        ofPeer("peer closes", Side::peerCloses);
        ofPeer("peer resets", Side::peerResets);
    }

    private void ofPeer(String name, Close action) {
        add(name, 1, (side, random) -> {
            if (side.peerClosed || random.nextInt(2) > 0) {
                return OMITTED;
            }
            action.of(side);
            return "done";
        });
    }
}
