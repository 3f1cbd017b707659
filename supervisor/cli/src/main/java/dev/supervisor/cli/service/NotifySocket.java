package dev.supervisor.cli.service;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.newsclub.net.unix.AFSocketPair;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketPair;

/**
 * The datagram socket of a service manager. Each message has a socket of its own, so that one that fails harms no other. The
 * first message loads a native library, which takes a cold JVM some 0.2 s. Belongs to one thread.
 */
final class NotifySocket {

    /** How long a message waits for a receiver that is busy, and the receiver for its answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration PAUSE = Duration.ofMillis(10);

    private final String name;

    /** Whether the receiver has not read the last message in time: the next ones don't wait for it. */
    private boolean stalled;

    /** @param name a path, or an abstract name after an {@code @} */
    NotifySocket(String name) {
        this.name = name;
    }

    /**
     * Sends a message. Waits for a busy receiver, but not for long, and not for one that was busy before.
     *
     * @throws IOException if there is no receiver, or it does not read
     */
    void send(String message, List<FileDescriptor> descriptors) throws IOException {
        try (AFUNIXDatagramChannel channel = AFUNIXDatagramChannel.open()) {
            channel.configureBlocking(false);
            channel.connect(address());
            long deadline = System.nanoTime() + (stalled ? 0 : PATIENCE.toNanos());
            stalled = true;
            while (!sends(channel, message, descriptors)) {
                if (System.nanoTime() - deadline >= 0) {
                    throw new IOException("it does not read what it is sent");
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
            stalled = false;
        }
    }

    private static boolean sends(AFUNIXDatagramChannel channel, String message, List<FileDescriptor> descriptors)
            throws IOException {
        if (!descriptors.isEmpty()) {
            channel.setOutboundFileDescriptors(descriptors.toArray(FileDescriptor[]::new));
        }
        return channel.write(ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8))) > 0;
    }

    private AFUNIXSocketAddress address() throws SocketException {
        return name.startsWith("@")
                ? AFUNIXSocketAddress.inAbstractNamespace(name.substring(1))
                : AFUNIXSocketAddress.of(Path.of(name));
    }

    /** Waits until the receiver has done what it was told before, as {@code sd_notify_barrier(3)} does: it closes what it gets. */
    void awaitReceiver() throws IOException {
        AFSocketPair<AFUNIXSocketChannel> pair = AFUNIXSocketPair.open();
        try (AFUNIXSocketChannel own = pair.getSocket1()) {
            try (AFUNIXSocketChannel passed = pair.getSocket2()) {
                send("BARRIER=1", List.of(passed.getFileDescriptor()));
            }
            own.socket().setSoTimeout((int) PATIENCE.toMillis());
            int unused = own.socket().getInputStream().read();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
