package dev.supervisor.lending;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.spi.SelectorProvider;
import sun.nio.ch.SelChImpl;

/**
 * What selectors watch in place of a listening socket: the readable end of a pipe, which has a byte while it rings. Guarded by
 * its channel's lock.
 */
final class Doorbell {

    private final Pipe.SourceChannel source;
    private final Pipe.SinkChannel sink;
    private final ByteBuffer one = ByteBuffer.allocate(1);
    private boolean rings;

    /** @param jdk of the JDK */
    Doorbell(SelectorProvider jdk) throws IOException {
        Pipe pipe = jdk.openPipe();
        source = pipe.source();
        sink = pipe.sink();
        source.configureBlocking(false);
        sink.configureBlocking(false);
    }

    SelChImpl watched() {
        return (SelChImpl) source;
    }

    /** @throws IOException if the channel has been closed */
    void set(boolean on) throws IOException {
        if (on != rings) {
            one.clear();
            if (on) {
                sink.write(one);
            } else {
                source.read(one);
            }
            rings = on;
        }
    }

    void close() throws IOException {
        source.close();
        sink.close();
    }
}
