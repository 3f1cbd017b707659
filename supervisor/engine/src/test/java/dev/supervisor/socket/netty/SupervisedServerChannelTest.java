package dev.supervisor.socket.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Held;
import dev.supervisor.SocketSpec;
import dev.supervisor.socket.Connection;
import dev.supervisor.socket.ListeningSocket;
import dev.supervisor.socket.Receiver;
import dev.supervisor.socket.Server;
import dev.supervisor.testing.Listeners;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The listener is bound, since only then it has an address; but nobody connects to it. */
final class SupervisedServerChannelTest {

    private static final EventLoopGroup ACCEPT = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private static final InetSocketAddress IGNORED = new InetSocketAddress(1);

    private final ListeningSocket listener = Listeners.bind(SocketSpec.http(0), ACCEPT.next());
    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final List<Server> announced = new ArrayList<>();
    private final Connections connections = new Connections(announced::add);
    private final SupervisedServerChannel server = connections.open(listener);
    private final Children children = new Children();
    private final List<Connection> arrived = new ArrayList<>();

    /** What the application's acceptor would get, turn by turn. */
    private static final class Children extends ChannelInboundHandlerAdapter {

        final List<ConnectionChannel> all = new ArrayList<>();
        final List<Integer> turns = new ArrayList<>();

        @Override
        public void channelRead(ChannelHandlerContext context, Object child) {
            all.add((ConnectionChannel) child);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            turns.add(all.size());
            context.fireChannelReadComplete();
        }
    }

    private static final class Recorder implements Receiver {

        final List<Connection> taken = new ArrayList<>();

        @Override
        public void take(Connection connection) {
            taken.add(connection);
        }

        @Override
        public List<Connection> giveBack() {
            return List.of();
        }
    }

    @BeforeAll
    static void warmUp() {
        assertTrue(ACCEPT.next().submit(() -> {}).awaitUninterruptibly(10, TimeUnit.SECONDS));
    }

    @AfterEach
    void close() throws IOException {
        children.all.forEach(child -> child.unsafe().closeForcibly());
        for (Connection connection : arrived) {
            connection.end();
        }
        listener.close();
        loop.finishAndReleaseAll();
    }

    @AfterAll
    static void end() {
        ACCEPT.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void serve(boolean autoRead) {
        server.config().setAutoRead(autoRead);
        server.pipeline().addLast(children);
        assertTrue(loop.eventLoop().register(server).isSuccess());
        assertTrue(server.bind(IGNORED).isSuccess());
        loop.runPendingTasks();
    }

    private List<Connection> take(int count) throws IOException {
        List<Connection> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(new Connection(SocketChannel.open(), listener.gate()));
        }
        arrived.addAll(taken);
        taken.forEach(server::take);
        return taken;
    }

    /** What waits at the gate by now. */
    private List<Connection> atTheGate() throws Exception {
        Recorder recorder = new Recorder();
        Held held = listener.gate().open(recorder).get(10, TimeUnit.SECONDS);
        assertEquals(recorder.taken.size(), held.count());
        return recorder.taken;
    }

    @Test
    void anApplicationSeesTheAddressOfTheListener() {
        assertFalse(server.isActive());
        serve(true);
        assertTrue(server.isActive());
        assertEquals(listener.address(), server.localAddress());
        assertNull(server.remoteAddress());
    }

    @Test
    void aGenerationServesAListenerOnceItHasBound() {
        assertEquals(Optional.empty(), connections.serverOf(listener));
        serve(true);
        assertEquals(Optional.of(server), connections.serverOf(listener));
        assertEquals(List.of(server), announced);
        assertTrue(server.close().isSuccess());
        loop.runPendingTasks();
        assertEquals(Optional.empty(), connections.serverOf(listener));
    }

    @Test
    void aListenerIsServedOnceByAGeneration() {
        serve(true);
        SupervisedServerChannel second = connections.open(listener);
        assertTrue(loop.eventLoop().register(second).isSuccess());
        ChannelFuture bound = second.bind(IGNORED);
        assertInstanceOf(IllegalStateException.class, bound.cause());
        assertEquals(
                "listener " + listener.spec().name() + " is already served by this generation",
                bound.cause().getMessage());
        assertTrue(second.close().isSuccess());
        assertEquals(Optional.of(server), connections.serverOf(listener));
    }

    @Test
    void socketsBecomeConnectionsInOrderSixteenATurn() throws Exception {
        serve(true);
        List<Connection> taken = take(40);
        loop.runPendingTasks();
        assertEquals(List.of(16, 32, 40), children.turns);
        assertEquals(taken.size(), connections.count());
        for (int i = 0; i < taken.size(); i++) {
            children.all.get(i).unsafe().closeForcibly();
            assertFalse(taken.get(i).socket().isOpen(), "connection " + i + " is made of socket " + i);
        }
        assertEquals(0, connections.count());
    }

    @Test
    void connectionsOnWhichNobodyWaitsComeLast() throws Exception {
        serve(false);
        for (int i = 0; i < 20; i++) {
            Connection idle = new Connection(SocketChannel.open(), listener.gate());
            idle.setIdle(true);
            arrived.add(idle);
            server.take(idle);
        }
        List<Connection> fresh = take(2);
        for (int i = 0; i < fresh.size(); i++) {
            server.read();
            loop.runPendingTasks();
            children.all.get(i).unsafe().closeForcibly();
            assertFalse(fresh.get(i).socket().isOpen());
        }
        assertTrue(arrived.get(0).socket().isOpen());
    }

    @Test
    void nothingIsTakenByAServerThatDoesNotRead() throws Exception {
        serve(false);
        List<Connection> taken = take(20);
        loop.runPendingTasks();
        assertEquals(0, children.all.size());
        server.read();
        loop.runPendingTasks();
        assertTrue(children.all.size() > 0 && children.all.size() <= 16, "one turn");
        int begun = children.all.size();
        assertEquals(taken.subList(begun, taken.size()), server.giveBack());
    }

    @Test
    void whatAClosedServerHadNotBegunWaitsAtTheGate() throws Exception {
        serve(false);
        List<Connection> taken = take(3);
        assertTrue(server.close().isSuccess());
        loop.runPendingTasks();
        taken.addAll(take(2)); // on their way while it closed
        assertFalse(server.isOpen());
        assertEquals(taken, atTheGate());
    }

    @Test
    void whatASupersededGenerationHadNotBegunWaitsAtTheGate() throws Exception {
        serve(false);
        List<Connection> taken = take(3);
        var unused = connections.supersede();
        assertTrue(connections.drained().isDone());
        assertEquals(taken, atTheGate());
    }

    @Test
    void aSupersededGenerationIsDrainedWhenItsLastConnectionHasLeft() throws Exception {
        serve(true);
        take(2);
        loop.runPendingTasks();
        var unused = connections.supersede();
        var drained = connections.drained();
        children.all.get(0).unsafe().closeForcibly();
        assertFalse(drained.isDone());
        children.all.get(1).unsafe().closeForcibly();
        assertTrue(drained.isDone());
    }

    @Test
    void whatIsInTheHandOfAGenerationIsNotForgotten() {
        var unused = connections.supersede();
        var drained = connections.drained();
        assertTrue(drained.isDone());
        Connections busy = new Connections(any -> {});
        busy.adopt(() -> {
            var unusedToo = busy.supersede();
            assertFalse(busy.drained().isDone());
        });
        assertTrue(busy.drained().isDone());
    }

    @Test
    void whenTheApplicationHasEndedItsLoopTheSocketsWaitAtTheGate() throws Exception {
        EventLoop own = new DefaultEventLoop();
        own.register(server).sync();
        server.bind(IGNORED).sync();
        own.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
        List<Connection> taken = take(2);
        assertEquals(Optional.empty(), connections.serverOf(listener));
        assertEquals(taken, atTheGate());
    }

    @Test
    void revokingClosesTheServer() {
        serve(true);
        connections.revoke();
        loop.runPendingTasks();
        assertFalse(server.isOpen());
    }

    @Test
    void everyOptionOfAListeningSocketIsAcceptedQuietly() {
        assertTrue(server.config().setOption(ChannelOption.SO_BACKLOG, 7));
        assertTrue(server.config().setOption(ChannelOption.SO_REUSEADDR, false));
        assertTrue(server.config().setOption(ChannelOption.SO_RCVBUF, 1024));
        assertTrue(server.config().setOption(ChannelOption.TCP_FASTOPEN, 1));
        assertTrue(server.config().setOption(ChannelOption.valueOf("dev.supervisor.UNHEARD_OF"), "x"));
        assertTrue(server.config().isReuseAddress());
        assertFalse(server.config().getOptions().isEmpty());
    }

    @Test
    void optionsThatAreNotTheSocketsTakeEffect() {
        assertTrue(server.config().setOption(ChannelOption.AUTO_READ, false));
        assertFalse(server.config().isAutoRead());
    }
}
