package dev.supervisor.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server of HTTP whose every answer is in the hands of a test. Requests are numbered from 1 over all connections. */
public final class ScriptedServer implements AutoCloseable {

    /** Answers one request, as well or as badly as it likes. */
    @FunctionalInterface
    public interface Script {
        void answer(int number, Exchange exchange) throws Exception;
    }

    private final ServerSocket listener;
    private final Script script;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    private final ServerScriptThread accepting;

    private ScriptedServer(ServerSocket listener, Script script) {
        this.listener = listener;
        this.script = script;
        this.accepting = new ServerScriptThread(this::accept);
    }

    public static ScriptedServer start(Script script) throws IOException {
        ScriptedServer server = new ScriptedServer(new ServerSocket(0, 1000, InetAddress.getLoopbackAddress()), script);
        server.accepting.start();
        return server;
    }

    public String url() {
        return "http://127.0.0.1:" + listener.getLocalPort() + "/";
    }

    public int requests() {
        return requests.get();
    }

    public int connections() {
        return connections.get();
    }

    private void accept() throws IOException {
        while (!listener.isClosed()) {
            Socket socket = listener.accept();
            socket.setTcpNoDelay(true);
            sockets.add(socket);
            connections.incrementAndGet();
            new ServerScriptThread(() -> serve(socket)).start();
        }
    }

    private void serve(Socket socket) throws Exception {
        InputStream in = new BufferedInputStream(socket.getInputStream());
        for (String head = readHead(in); !head.isEmpty(); head = readHead(in)) {
            script.answer(requests.incrementAndGet(), new Exchange(head, in, socket));
        }
        socket.close();
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            if (c < 0) {
                return "";
            }
            head.append((char) c);
        }
        return head.toString();
    }

    /** Nobody is accepted any more; those who are there stay. */
    public void stopListening() throws IOException {
        listener.close();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** A request, and what can be done about it. */
    public static final class Exchange {

        private final String head;
        private final InputStream in;
        private final Socket socket;

        private Exchange(String head, InputStream in, Socket socket) {
            this.head = head;
            this.in = in;
            this.socket = socket;
        }

        /** The request line and the headers. */
        public String head() {
            return head;
        }

        public String readBody(int length) throws IOException {
            return new String(in.readNBytes(length), StandardCharsets.UTF_8);
        }

        public void ok(String body) throws IOException {
            answer("200 OK", body);
        }

        public void answer(String status, String body) throws IOException {
            send("HTTP/1.1 " + status + "\r\nContent-Length: " + body.getBytes(StandardCharsets.UTF_8).length
                    + "\r\n\r\n" + body);
        }

        public void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        }

        public void close() throws IOException {
            socket.close();
        }

        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    /** Ends with the sockets. */
    private static final class ServerScriptThread extends Thread {

        private interface Task {
            void run() throws Exception;
        }

        private final Task task;

        ServerScriptThread(Task task) {
            this.task = task;
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                task.run();
            } catch (Exception e) {
                // the socket was closed, by the client or by the test
            }
        }
    }
}
