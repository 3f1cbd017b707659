package dev.supervisor.socket.netty;

import dev.supervisor.socket.ReceivingSocket;
import dev.supervisor.spi.Superseded;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first handler of the channel by which one generation receives the datagrams of one socket. It is shut at first,
 * and while the generation takes no new work: nothing is read, whatever the application asks for, and what was read
 * already is kept for the next receiver. Sending is always possible.
 *
 * <p>Methods may be called from any thread, unless they are a handler's.
 */
final class DatagramValve extends ChannelDuplexHandler {

    /** Hears of a valve that its application uses. */
    interface Observer {
        void bound(DatagramValve valve);

        void closed(DatagramValve valve);
    }

    private static final Logger LOG = LoggerFactory.getLogger(DatagramValve.class);

    private final ReceivingSocket socket;
    private final Observer observer;
    private final java.nio.channels.DatagramChannel duplicate;
    private final NioDatagramChannel channel;
    private final Runnable takeKept = this::takeKept;

    private volatile boolean open;

    /** Whether another process receives from now on; this one finishes what it has read. */
    private volatile boolean finishing;

    /** Whether the application has asked for more while the valve was shut. Belongs to the event loop. */
    private boolean readWanted;

    /** Whether the application reads all the time, as it was when the valve was shut. Belongs to the event loop. */
    private boolean autoRead;

    DatagramValve(ReceivingSocket socket, Observer observer) {
        this.socket = socket;
        this.observer = observer;
        try {
            this.duplicate = socket.duplicate();
        } catch (IOException e) {
            throw new UncheckedIOException("no receiver for " + socket.spec(), e);
        }
        this.channel = new NioDatagramChannel(duplicate);
        channel.pipeline().addFirst(this);
    }

    ReceivingSocket socket() {
        return socket;
    }

    DatagramChannel channel() {
        return channel;
    }

    /** Receives from now on, beginning with what was kept. */
    void open() {
        open = true;
        socket.onBegin(() -> onLoop(() -> {
            if (autoRead) {
                autoRead = false;
                channel.config().setAutoRead(true);
            } else if (readWanted) {
                channel.read();
            }
        }));
        socket.opened(takeKept);
    }

    /** Reads no more datagrams, but still receives the ones that were read. */
    void finish() {
        finishing = true;
        onLoop(this::stopReading);
    }

    /** Receives nothing from now on. A handler that is running goes on. */
    void shut() {
        if (open && !finishing) {
            open = false;
            socket.held(takeKept);
            onLoop(this::stopReading);
        }
    }

    private void stopReading() {
        if ((!open || finishing) && channel.config().isAutoRead()) {
            autoRead = true;
            channel.config().setAutoRead(false); // or the selector would report the datagrams again and again
        }
    }

    /** Another generation receives from now on. Opened again only if this generation is reinstated. */
    void supersede() {
        shut();
        onLoop(() -> channel.pipeline().fireUserEventTriggered(Superseded.INSTANCE));
    }

    /** Closes the channel by its event loop, if it has one. */
    void close() {
        if (!channel.isRegistered()) {
            closeFromOutside();
            return;
        }
        shut();
        channel.close().addListener(closed -> LOG.debug("closed {}", this));
    }

    /** Closes the duplicate of the socket without the event loop, which does not respond. */
    void closeFromOutside() {
        shut();
        try {
            duplicate.close();
        } catch (IOException e) {
            LOG.debug("{} can't be closed", this, e);
        }
    }

    private void takeKept() {
        onLoop(() -> {
            boolean any = false;
            while (open) {
                Object next = socket.nextKept();
                if (next == null) {
                    break;
                }
                any = true;
                channel.pipeline().fireChannelRead(next);
            }
            if (any) {
                channel.pipeline().fireChannelReadComplete();
            }
        });
    }

    private void onLoop(Runnable action) {
        try {
            channel.eventLoop().execute(action);
        } catch (RejectedExecutionException e) { // the application has ended its own loop
            LOG.debug("too late for {}", this, e);
        }
    }

    // The handler

    /** The socket is bound already. */
    @Override
    public void bind(ChannelHandlerContext context, SocketAddress ignored, ChannelPromise promise) {
        try {
            observer.bound(this);
            promise.setSuccess();
        } catch (RuntimeException e) {
            promise.setFailure(e);
        }
    }

    @Override
    public void read(ChannelHandlerContext context) {
        if (open && !finishing && socket.hasBegun()) {
            readWanted = false;
            context.read();
        } else {
            readWanted = true;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (open || !(message instanceof DatagramPacket)) {
            context.fireChannelRead(message);
        } else {
            socket.keep(message);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        shut();
        observer.closed(this);
        context.fireChannelInactive();
    }

    @Override
    public String toString() {
        return "receiver of " + socket.spec();
    }
}
