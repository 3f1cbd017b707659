package dev.supervisor.socket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.socket.Passage.Leave;
import dev.supervisor.socket.Passage.Phase;
import dev.supervisor.socket.Passage.Reading;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A connection without a socket. What arrives waits in {@code kernel} until its owner reads it: an embedded channel
 * that reads, keeps, checks and moves as {@link ConnectionChannel} does, and is followed by one of the next generation.
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
            owner.held();
        }
        readable();
    }

    void resume() {
        holding = false;
        if (owner != null && owner.generation == live) {
            owner.resume();
        }
        offer();
        readable();
    }

    /** With or without a hold before. */
    void supersede() {
        holding = false;
        live++;
        if (owner != null && owner.generation == live - 1) {
            owner.leave();
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

    private final class Owner extends EmbeddedChannel {

        final int generation;
        private Passage passage = Passage.INITIAL;
        private boolean touched;
        private boolean wasBusy;
        private boolean lettingGo;
        private boolean checkSoon;
        private List<ChannelHandler> watching = List.of();

        Owner(int generation) {
            this.generation = generation;
            config().setAllocator(allocator);
            pipeline().addLast(new HttpServerCodec(), application.apply(generation));
        }

        private Phase phase() {
            return generation < live ? Phase.SUPERSEDED : holding ? Phase.HOLDING : Phase.SERVING;
        }

        private boolean isQuiescing() {
            return phase() != Phase.SERVING;
        }

        /** As the selector reports it, again and again. */
        void readable() {
            for (int turns = 0;
                    isActive() && passage.state() == Passage.State.READING && somethingCanBeRead();
                    turns++) {
                assertTrue(turns < 1000, "reads in circles");
                readUntilABufferIsNotFilled();
                pipeline().fireChannelReadComplete();
                endTurn();
            }
        }

        /** On an event loop tasks come when all handlers have returned; an embedded one would run them in between. */
        void endTurn() {
            runPendingTasks();
            if (checkSoon) {
                checkSoon = false;
                check();
            }
        }

        private boolean somethingCanBeRead() {
            return connection.hasUnread() || kernel.isReadable();
        }

        private void readUntilABufferIsNotFilled() {
            boolean filled = true;
            while (filled && isActive() && somethingCanBeRead() && (!isQuiescing() || mayRead())) {
                touched = true;
                ByteBuf buffer = allocator.heapBuffer(receiveBuffer, receiveBuffer);
                if (connection.hasUnread()) {
                    connection.read(buffer);
                } else {
                    kernel.readBytes(buffer, Math.min(kernel.readableBytes(), receiveBuffer));
                }
                filled = !buffer.isWritable();
                pipeline().fireChannelRead(buffer);
            }
        }

        @Override
        protected void doWrite(ChannelOutboundBuffer buffer) throws Exception {
            touched = true;
            super.doWrite(buffer);
            checkSoon |= isQuiescing();
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

        void held() {
            boolean free = progress().isFree();
            wasBusy |= !free || !hasNothingToWrite();
            if (!free) {
                watch();
            }
        }

        void resume() {
            watching.forEach(pipeline()::remove);
            watching = List.of();
            passage = passage.resumed();
            wasBusy = false;
        }

        void leave() {
            held();
            check();
        }

        private boolean mayRead() {
            var readable = passage.readable(phase(), progress(), connection.hasUnread());
            passage = readable.next();
            if (readable.reading() == Reading.DIVIDED) {
                watch();
            }
            boolean mayRead = readable.reading() != Reading.NONE;
            checkSoon |= mayRead;
            return mayRead;
        }

        private Progress progress() {
            if (!touched) {
                return new Progress.Untouched();
            }
            HttpServerCodec codec = HttpBoundary.codecIn(pipeline());
            return codec == null ? new Progress.Opaque() : HttpBoundary.progressOf(codec);
        }

        private void watch() {
            HttpServerCodec codec = HttpBoundary.codecIn(pipeline());
            if (watching.isEmpty() && codec != null) {
                LastResponse lastResponse = new LastResponse(() -> passage = passage.last());
                Divider divider = new Divider(this::shareOf, connection::pushBack);
                pipeline().addAfter(pipeline().context(codec).name(), null, lastResponse);
                pipeline().addFirst(divider);
                watching = List.of(lastResponse, divider);
            }
        }

        private int shareOf(ByteBuf bytes) {
            HttpServerCodec codec = isQuiescing() ? HttpBoundary.codecIn(pipeline()) : null;
            return codec == null ? bytes.readableBytes() : HttpBoundary.shareOf(codec, bytes);
        }

        private void check() {
            if (!isActive()) {
                return;
            }
            Progress progress = progress();
            if (connection.hasUnread() && progress.intake() == Progress.Intake.ALL) {
                passage = passage.resumed();
            }
            Passage.Checked checked = passage.check(phase(), progress, hasNothingToWrite(), wasBusy);
            passage = checked.next();
            if (checked.leave() == Leave.MOVE) {
                move();
            } else if (checked.leave() == Leave.CLOSE) {
                throw new AssertionError("HTTP/1 is closed by the application");
            }
        }

        private boolean hasNothingToWrite() {
            @Nullable ChannelOutboundBuffer buffer = unsafe().outboundBuffer();
            return buffer != null && buffer.isEmpty() && buffer.totalPendingWriteBytes() == 0;
        }

        private void move() {
            if (touched) {
                Unread.takeFrom(pipeline(), connection::pushBack);
            }
            lettingGo = true;
            unsafe().close(newPromise().addListener(moved -> offer()));
        }
    }
}
