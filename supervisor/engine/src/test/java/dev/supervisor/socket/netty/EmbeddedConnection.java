package dev.supervisor.socket.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.socket.Connection;
import dev.supervisor.socket.http.HandoffState.Phase;
import dev.supervisor.socket.http.HandoffState.Reading;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A connection without a socket. What arrives waits in {@code kernel} until its owner reads it: an embedded channel
 * that leaves by {@link Handoff} as {@link ConnectionChannel} does, and is followed by one of the next generation.
 */
final class EmbeddedConnection {

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
    private final ByteBuf kernel = Unpooled.buffer();
    private final StringBuilder received = new StringBuilder();
    private final Connection connection;
    private final IntFunction<ChannelHandler> application;
    private final int receiveBuffer;

    /** The number of the generation that the gate is open to, unless that holds. */
    private int live = 1;

    private boolean holding;
    private boolean closed;
    private @Nullable Owner owner;

    /** @param application what stands behind the codec of a generation */
    EmbeddedConnection(Connection connection, int receiveBuffer, IntFunction<ChannelHandler> application) {
        this.connection = connection;
        this.receiveBuffer = receiveBuffer;
        this.application = application;
        offer();
    }

    /** What the peer has received so far. */
    String received() {
        return received.toString();
    }

    boolean isClosed() {
        return closed;
    }

    void arrive(String bytes) {
        kernel.writeCharSequence(bytes, ISO_8859_1);
        readable();
    }

    void hold() {
        holding = true;
        if (owner != null && owner.generation == live) {
            owner.handoff().held();
        }
        readable();
    }

    void resume() {
        holding = false;
        if (owner != null && owner.generation == live) {
            owner.handoff().resume();
        }
        offer();
        readable();
    }

    /** With or without a hold before. */
    void supersede() {
        holding = false;
        live++;
        if (owner != null && owner.generation == live - 1) {
            owner.handoff().leave();
        }
        offer();
        readable();
    }

    /** After something was written. */
    void endTurn() {
        if (owner != null) {
            owner.endTurn();
        }
        readable();
    }

    /** Ends it, and returns how many bytes of its buffers have not been released. */
    long end() {
        if (owner != null) {
            owner.finishAndReleaseAll();
        }
        return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
    }

    private void readable() {
        if (owner != null) {
            owner.readable();
        }
    }

    /** What the gate does. */
    private void offer() {
        if (owner == null && !holding && !closed) {
            owner = new Owner(live);
            owner.readable();
        }
    }

    private final class Owner extends EmbeddedChannel implements HandoffChannel {

        final int generation;
        private @Nullable Handoff handoff;
        private boolean touched;
        private boolean lettingGo;
        private final Queue<Runnable> later = new ArrayDeque<>();

        Owner(int generation) {
            this.generation = generation;
            config().setAllocator(allocator);
            pipeline().addLast(new HttpServerCodec(), application.apply(generation));
        }

        private Handoff handoff() {
            if (handoff == null) {
                handoff = new Handoff(this);
            }
            return handoff;
        }

        private boolean isQuiescing() {
            return phase() != Phase.SERVING;
        }

        /** As the selector reports it, again and again. */
        void readable() {
            for (int turns = 0; isActive() && isReading() && somethingCanBeRead(); turns++) {
                assertTrue(turns < 1000, "reads in circles");
                readUntilABufferIsNotFilled();
                pipeline().fireChannelReadComplete();
                endTurn();
            }
        }

        private boolean isReading() {
            return handoff == null || handoff.isReading();
        }

        void endTurn() {
            runPendingTasks();
            for (Runnable task = later.poll(); task != null; task = later.poll()) {
                task.run();
            }
        }

        private boolean somethingCanBeRead() {
            return connection.hasUnread() || kernel.isReadable();
        }

        private void readUntilABufferIsNotFilled() {
            boolean filled = true;
            while (filled && isActive() && somethingCanBeRead()) {
                Reading reading = isQuiescing() ? handoff().readable() : Reading.ALL;
                if (reading == Reading.NONE) {
                    return;
                }
                ByteBuf buffer = receive();
                if (reading == Reading.KEPT) {
                    handoff().keep(buffer);
                    buffer.release();
                    return;
                }
                touched = true;
                filled = !buffer.isWritable();
                pipeline().fireChannelRead(buffer);
            }
        }

        private ByteBuf receive() {
            ByteBuf buffer = allocator.heapBuffer(receiveBuffer, receiveBuffer);
            if (connection.hasUnread()) {
                connection.read(buffer);
            } else {
                kernel.readBytes(buffer, Math.min(kernel.readableBytes(), receiveBuffer));
            }
            return buffer;
        }

        @Override
        protected void doWrite(ChannelOutboundBuffer buffer) throws Exception {
            touched = true;
            super.doWrite(buffer);
            if (isQuiescing()) {
                handoff().checkSoon();
            }
        }

        @Override
        protected void handleOutboundMessage(Object message) {
            ByteBuf bytes = (ByteBuf) message;
            received.append(bytes.toString(ISO_8859_1));
            bytes.release();
        }

        /** As the tail of a pipeline does. */
        @Override
        protected void handleInboundMessage(Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        protected void doClose() throws Exception {
            super.doClose();
            owner = null;
            closed = !lettingGo;
        }

        @Override
        public Connection connection() {
            return connection;
        }

        @Override
        public Phase phase() {
            return generation < live ? Phase.SUPERSEDED : holding ? Phase.HOLDING : Phase.SERVING;
        }

        @Override
        public boolean isUntouched() {
            return !touched;
        }

        @Override
        public boolean hasBufferingHandler() {
            return false;
        }

        @Override
        public boolean isWriting() {
            return false;
        }

        /** On an event loop tasks come when all handlers have returned; an embedded one would run them in between. */
        @Override
        public void later(Runnable task) {
            later.add(task);
        }

        @Override
        public void letGo(Consumer<Connection> next) {
            lettingGo = true;
            unsafe().close(newPromise().addListener(moved -> offer()));
        }
    }
}
