package dev.supervisor.bench.clients;

import dev.supervisor.bench.tools.Polling;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Many clients on keep-alive connections that send requests together, on the calling thread. Connections have different
 * source addresses in 127.1.0.0/16, so that ports do not run out.
 */
public final class SimultaneousClients implements AutoCloseable {

    /** When the first and the last client were answered, by {@link System#nanoTime}. */
    public record Answered(long first, long last) {}

    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern ANSWER =
            Pattern.compile("HTTP/1.1 200 OK\r\n.*\r\n\r\nbuild (\\d+)\n", Pattern.DOTALL);

    private final Selector selector = Selector.open();
    private final List<Client> clients = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(8192);

    private SimultaneousClients() throws IOException {}

    public static SimultaneousClients connect(InetSocketAddress server, int number) throws IOException {
        SimultaneousClients crowd = new SimultaneousClients();
        for (int i = 0; i < number; i++) {
            byte[] source = {127, 1, (byte) (i >> 8), (byte) i};
            SocketChannel channel = SocketChannel.open();
            channel.bind(new InetSocketAddress(InetAddress.getByAddress(source), 0));
            channel.connect(server);
            channel.configureBlocking(false);
            Client client = new Client(channel);
            channel.register(crowd.selector, SelectionKey.OP_READ, client);
            crowd.clients.add(client);
        }
        return crowd;
    }

    int size() {
        return clients.size();
    }

    /** Sends a request on each connection. */
    public void ask() throws IOException {
        for (Client client : clients) {
            client.ask();
        }
    }

    /** Waits for all answers, and checks that this build gave each of them. */
    public Answered awaitAnswersOf(int build) throws IOException {
        Answered answered = awaitAnswers();
        for (Client client : clients) {
            client.check(build);
        }
        return answered;
    }

    public Answered awaitAnswers() throws IOException {
        long first = 0;
        int waiting = clients.size();
        while (waiting > 0) {
            if (selector.select(Polling.TIMEOUT_SECONDS * 1000L) == 0) {
                throw new IOException(waiting + " connections were not answered");
            }
            waiting -= readAnswers();
            if (first == 0 && waiting < clients.size()) {
                first = System.nanoTime();
            }
        }
        return new Answered(first, System.nanoTime());
    }

    /** Returns how many answers have become complete. */
    private int readAnswers() throws IOException {
        int complete = 0;
        for (SelectionKey key : selector.selectedKeys()) {
            if (((Client) key.attachment()).read(buffer)) {
                complete++;
            }
        }
        selector.selectedKeys().clear();
        return complete;
    }

    /** Returns which build has answered the first client. */
    public int build() {
        return clients.get(0).build();
    }

    @Override
    public void close() throws IOException {
        for (Client client : clients) {
            client.channel.close();
        }
        selector.close();
    }

    private static class Client {

        private final SocketChannel channel;
        private String answer = "";

        Client(SocketChannel channel) {
            this.channel = channel;
        }

        void ask() throws IOException {
            answer = "";
            channel.write(ByteBuffer.wrap(REQUEST));
        }

        /** Returns whether the answer is complete. */
        boolean read(ByteBuffer buffer) throws IOException {
            if (channel.read(buffer.clear()) < 0) {
                throw new IOException("closed, not answered: " + channel);
            }
            answer += StandardCharsets.US_ASCII.decode(buffer.flip());
            return build() != 0;
        }

        /** Returns which build has answered, or 0 if there is no complete answer. */
        int build() {
            Matcher matcher = ANSWER.matcher(answer);
            return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
        }

        void check(int build) {
            if (build() != build) {
                throw new IllegalStateException("build " + build() + ", not " + build + ", has answered " + channel);
            }
        }
    }
}
