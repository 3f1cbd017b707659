package dev.supervisor.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Clients that ask all the time, on connections that stay and on new ones, which resume their sessions if they can; and see
 * whether they get the certificate that they must. The common names of certificates are numbers, which grow.
 */
public final class CertificateClients implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 60_000;
    /** Leaves the machine to the others, whose threads are many. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final InetSocketAddress address;
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
    private final List<Thread> threads = new ArrayList<>();
    private final List<AtomicInteger> rounds = new ArrayList<>();
    private final AtomicInteger handshakes = new AtomicInteger();
    private volatile int oldest;
    private volatile int newest;
    private volatile boolean ends;

    private CertificateClients(InetSocketAddress address) {
        this.address = address;
    }

    /** Begins with certificate 0. */
    public static CertificateClients connect(InetSocketAddress address) {
        CertificateClients clients = new CertificateClients(address);
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            SSLContext context = TlsKeys.clients();
            clients.start("staying " + version, () -> clients.open(context, version), false);
            clients.start("new " + version, () -> clients.open(context, version), true);
        }
        return clients;
    }

    private interface Opening {
        SSLSocket get() throws IOException;
    }

    private void start(String name, Opening opening, boolean anew) {
        AtomicInteger turns = new AtomicInteger();
        rounds.add(turns);
        Thread thread = new Thread(() -> {
            try {
                if (anew) {
                    while (!ends) {
                        try (SSLSocket socket = opening.get()) {
                            ask(socket);
                        }
                        turns.incrementAndGet();
                        LockSupport.parkNanos(PAUSE_NANOS);
                    }
                } else {
                    try (SSLSocket socket = opening.get()) {
                        while (!ends) {
                            ask(socket);
                            turns.incrementAndGet();
                            LockSupport.parkNanos(PAUSE_NANOS);
                        }
                    }
                }
            } catch (IOException | RuntimeException e) {
                failures.add(name + " after " + turns + ": " + e);
            }
        });
        thread.setName(name);
        threads.add(thread);
        thread.start();
    }

    private SSLSocket open(SSLContext context, String version) throws IOException {
        int from = oldest;
        Socket plain = new Socket();
        plain.connect(address, TIMEOUT_MILLIS);
        plain.setTcpNoDelay(true);
        // By this name and port sessions are resumed
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", address.getPort(), true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {version});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        handshakes.incrementAndGet();
        X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        String name = certificate.getSubjectX500Principal().getName();
        int number = Integer.parseInt(name.substring("CN=".length()));
        if (number < from || number > newest) {
            throw new IllegalStateException("certificate " + number + " instead of " + from + " to " + newest);
        }
        return socket;
    }

    private static void ask(SSLSocket socket) throws IOException {
        socket.getOutputStream().write(REQUEST);
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("closed after '" + head + "'");
            }
            head.append((char) next);
        }
        String length = head.toString().replaceAll("(?is).*content-length: *(\\d+).*", "$1");
        int expected = Integer.parseInt(length);
        if (!head.toString().startsWith("HTTP/1.1 200 ")
                || socket.getInputStream().readNBytes(expected).length < expected) {
            throw new IOException("'" + head + "'");
        }
    }

    /** From now on a client may get this certificate. */
    public void mayGet(int number) {
        newest = number;
    }

    /** From now on each new connection has to get this certificate. */
    public void mustGet(int number) {
        oldest = number;
    }

    /** Waits until each client has begun and ended something, or has failed. */
    public void awaitRound() throws Exception {
        for (AtomicInteger turns : rounds) {
            int two = turns.get() + 2;
            Await.until("each client has asked", () -> turns.get() >= two || !failures.isEmpty());
        }
    }

    /** How many connections were made. */
    public int handshakes() {
        return handshakes.get();
    }

    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** Has all clients end their last request. */
    public void finish() throws InterruptedException {
        ends = true;
        for (Thread thread : threads) {
            thread.join(TIMEOUT_MILLIS);
        }
    }

    @Override
    public void close() {
        ends = true;
    }

    @Override
    public String toString() {
        return handshakes + " handshakes";
    }
}
