package dev.supervisor.cli.upgrade;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import dev.supervisor.socket.BoundSocket;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.newsclub.net.unix.AFUNIXSocket;

/**
 * One end of the connection between a supervisor and its successor. Each message is a frame: its length in four bytes, and
 * its JSON; descriptors go with its first byte. One thread may send while another receives.
 */
final class Wire implements AutoCloseable {

    /**
     * A message, and what came with it.
     *
     * @param descriptors their numbers; they belong to the caller
     */
    record Received(Message message, List<Integer> descriptors) {}

    private static final Gson GSON = new Gson();

    /** Unread bytes of a connection are far fewer. */
    private static final int LONGEST = 64 << 20;

    /** Room for as many descriptors as the kernel passes at once. */
    private static final int ANCILLARY_BYTES = 4096;

    private final AFUNIXSocket socket;
    private final DataInputStream in;

    Wire(AFUNIXSocket socket) throws IOException {
        this.socket = socket;
        socket.ensureAncillaryReceiveBufferSize(ANCILLARY_BYTES);
        in = new DataInputStream(socket.getInputStream()); // unbuffered: descriptors belong to the bytes of one message
    }

    /** Returns the user id of the process at the other end. */
    long user() throws IOException {
        return socket.getPeerCredentials().getUid();
    }

    /** Returns the id of the process at the other end. */
    long process() throws IOException {
        return socket.getPeerCredentials().getPid();
    }

    void send(Message message, FileDescriptor... descriptors) throws IOException {
        byte[] json = GSON.toJson(message).getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + json.length);
        frame.putInt(json.length).put(json);
        if (descriptors.length > 0) {
            socket.setOutboundFileDescriptors(descriptors);
        }
        socket.getOutputStream().write(frame.array());
    }

    /** Sets how long a message waits for a reader that does not read; it is no reader any more after that. */
    void sendWithin(Duration patience) throws IOException {
        socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
    }

    /**
     * Waits for the next message.
     *
     * @param within how long; zero for as long as it takes
     * @return empty if the other end has closed the connection
     * @throws java.net.SocketTimeoutException if none has come
     * @throws IOException if it is none of this protocol
     */
    Optional<Received> receive(Duration within) throws IOException {
        socket.setSoTimeout(Math.toIntExact(within.toMillis()));
        int length;
        try {
            length = in.readInt();
        } catch (EOFException e) {
            return Optional.empty();
        }
        if (length < 0 || length > LONGEST) {
            throw new IOException("a message of " + length + " bytes is none of this protocol");
        }
        byte[] json = new byte[length];
        in.readFully(json);
        return Optional.of(new Received(parse(new String(json, StandardCharsets.UTF_8)), receivedDescriptors()));
    }

    /** junixsocket closes each received descriptor that is still open when the connection is closed: these are others. */
    private List<Integer> receivedDescriptors() throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (FileDescriptor received : socket.getReceivedFileDescriptors()) {
            numbers.add(BoundSocket.duplicate(received));
            new FileOutputStream(received).close(); // the public way to close one
        }
        return numbers;
    }

    private static Message parse(String json) throws IOException {
        try {
            Message message = GSON.fromJson(json, Message.class);
            if (message == null
                    || message.type() == null
                    || message.names() == null
                    || message.own() == null
                    || message.text() == null) {
                throw new IOException("this message is none of protocol " + Message.PROTOCOL + ": " + json);
            }
            return message;
        } catch (JsonParseException e) {
            throw new IOException("a message is no JSON: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
