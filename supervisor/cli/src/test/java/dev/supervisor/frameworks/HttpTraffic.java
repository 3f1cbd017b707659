package dev.supervisor.frameworks;

import dev.supervisor.testing.Client;
import dev.supervisor.testing.Client.Answer;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/** Two clients that keep their connections, and one that opens a connection per request; a thread each. */
final class HttpTraffic implements Traffic {

    private static final long PAUSE_MILLIS = 10;
    /** Longer than a client waits for an answer. */
    private static final long END_MILLIS = 90_000;

    private final InetSocketAddress address;
    private final List<Answers> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ended;

    private HttpTraffic(InetSocketAddress address) {
        this.address = address;
    }

    static HttpTraffic start(InetSocketAddress address) {
        HttpTraffic traffic = new HttpTraffic(address);
        traffic.add("keep-alive client 1", true);
        traffic.add("keep-alive client 2", true);
        traffic.add("client with a connection per request", false);
        traffic.threads.forEach(Thread::start);
        return traffic;
    }

    private void add(String name, boolean keepAlive) {
        Answers answers = new Answers(name);
        clients.add(answers);
        Thread thread = new Thread(() -> ask(answers, keepAlive), name);
        thread.setDaemon(true);
        threads.add(thread);
    }

    private void ask(Answers answers, boolean keepAlive) {
        while (!ended) {
            try (Client connection = Client.connect(address)) {
                answers.connected();
                askOn(connection, answers, keepAlive);
            } catch (IOException e) {
                answers.failed(e.toString());
                pause();
            }
        }
    }

    /** Asks until an answer announces that the connection will be closed, or the client is to close it. */
    private void askOn(Client connection, Answers answers, boolean keepAlive) throws IOException {
        boolean goesOn = true;
        for (int before = 0; goesOn && !ended; before++) {
            Answer answer;
            try {
                answer = connection.get("/");
            } catch (EOFException | SocketException e) {
                if (before == 0) {
                    throw e;
                }
                answers.closed(e.getMessage());
                return;
            }
            answers.answered(answer.status() == 200 ? answer.body() : answer.toString());
            goesOn = keepAlive;
            if (keepAlive && answer.header("connection").equalsIgnoreCase("close")) {
                answers.announced();
                goesOn = false;
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts it", e);
        }
    }

    @Override
    public List<Answers> clients() {
        return clients;
    }

    @Override
    public void close() {
        ended = true;
        for (Thread thread : threads) {
            Traffic.join(thread, END_MILLIS);
        }
    }
}
