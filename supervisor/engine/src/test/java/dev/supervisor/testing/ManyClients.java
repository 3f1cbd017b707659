package dev.supervisor.testing;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Clients that have connected and asked, in a process of their own: both ends do not fit into one's file descriptors. */
public final class ManyClients implements AutoCloseable {

    private static final String CONNECTED = "connected";

    private final Process process;
    private final BufferedReader output;

    private ManyClients(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Returns when all have connected and asked. */
    public static ManyClients connect(int clients, InetSocketAddress address) throws IOException {
        ManyClients many = new ManyClients(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ManyClients.class.getName(),
                        Integer.toString(clients),
                        address.getAddress().getHostAddress(),
                        Integer.toString(address.getPort()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
        if (!CONNECTED.equals(many.output.readLine())) {
            many.close();
            throw new IOException("the clients could not connect");
        }
        return many;
    }

    /** Waits for all answers, and returns how many there were of each; of a failure, its text. */
    public Map<String, Integer> answers() throws IOException {
        Map<String, Integer> answers = new TreeMap<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            String[] count = line.split(" ", 2);
            answers.put(count[1], Integer.valueOf(count[0]));
        }
        return answers;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] args) throws IOException {
        InetSocketAddress address = new InetSocketAddress(args[1], Integer.parseInt(args[2]));
        ByteBuffer request = ByteBuffer.wrap("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        List<SocketChannel> channels = new ArrayList<>();
        for (int i = Integer.parseInt(args[0]); i > 0; i--) {
            SocketChannel channel = SocketChannel.open(address);
            channel.write(request.duplicate());
            channels.add(channel);
        }
        System.out.println(CONNECTED);
        Map<String, Integer> answers = new TreeMap<>();
        for (SocketChannel channel : channels) {
            answers.merge(answer(channel), 1, Integer::sum);
        }
        answers.forEach((answer, count) -> System.out.println(count + " " + answer));
    }

    private static String answer(SocketChannel channel) {
        ByteBuffer buffer = ByteBuffer.allocate(1000);
        try {
            while (true) {
                if (channel.read(buffer) < 0) {
                    throw new EOFException();
                }
                String text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
                int bodyStart = text.indexOf("\r\n\r\n") + 4;
                int bodyLength = contentLength(text);
                if (bodyStart >= 4 && text.length() == bodyStart + bodyLength) {
                    return text.substring(bodyStart);
                }
            }
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static int contentLength(String head) {
        String name = "content-length: ";
        int start = head.toLowerCase(Locale.ROOT).indexOf(name);
        return start < 0 ? -1 : Integer.parseInt(head.substring(start + name.length(), head.indexOf("\r\n", start)));
    }
}
