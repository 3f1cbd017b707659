package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.FreePort;
import dev.supervisor.testing.Programs;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.TlsKeys;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that begin TLS and don't go on. */
@SameOnEveryJdk
@Timeout(120)
class SlowHandshakeIT {

    private static final int CONNECTIONS = 90;

    @TempDir
    private Path directory;

    /** How far a client goes. */
    private enum Kind {
        SILENT,
        HALF_A_HELLO,
        NOTHING_BEHIND_ITS_HELLO,
        A_BYTE_EACH_TURN
    }

    /** A connection that does not come to its end by itself. */
    private static final class Slow {

        private final SocketChannel socket;
        private final ByteBuffer hello;
        private final Kind kind;

        Slow(InetSocketAddress address, Kind kind, byte[] hello) throws IOException {
            this.kind = kind;
            this.hello = ByteBuffer.wrap(hello);
            socket = SocketChannel.open(address);
            if (kind == Kind.NOTHING_BEHIND_ITS_HELLO) {
                socket.write(this.hello);
            } else if (kind == Kind.HALF_A_HELLO) {
                socket.write(this.hello.limit(hello.length / 2));
            }
            socket.configureBlocking(false);
        }

        /** Returns whether the other side has ended it. */
        boolean hasEnded() {
            try {
                if (kind == Kind.A_BYTE_EACH_TURN) {
                    assertTrue(hello.position() < hello.capacity(), "all of the hello was sent");
                    socket.write(hello.limit(hello.position() + 1));
                }
                return socket.read(ByteBuffer.allocate(20_000)) < 0;
            } catch (IOException e) {
                return true;
            }
        }
    }

    private Running program(int port) throws Exception {
        Path jar = directory.resolve("program.jar");
        Programs.SERVER_SOCKET.build("v1").moveTo(jar);
        return Running.with(
                jar,
                options ->
                        TlsKeys.serve(options, SslProvider.JDK, directory, port).arguments(List.of("" + port)));
    }

    private Running application() throws Exception {
        Path jar = directory.resolve("app.jar");
        Apps.http("v1").moveTo(jar);
        return Running.with(jar, options -> TlsKeys.serve(options, SslProvider.JDK, directory, 0));
    }

    @Test
    void aHandshakeThatTakesTooLongEndsAndNobodyWaitsForIt() throws Exception {
        try (Running program = program(FreePort.find());
                Running application = application()) {
            List<Slow> slow = new ArrayList<>();
            byte[] hello = TlsKeys.hello();
            for (Running each : List.of(program, application)) {
                each.awaitServing(1);
                for (int i = 0; i < CONNECTIONS; i++) {
                    slow.add(new Slow(each.address(), Kind.values()[i % Kind.values().length], hello));
                }
            }
            int before = slow.size();
            for (int turn = 0; !slow.isEmpty(); turn++) {
                for (Running each : List.of(program, application)) {
                    String version = turn % 2 == 0 ? "TLSv1.2" : "TLSv1.3";
                    try (Client client = Client.connectByTls(each.address(), version)) {
                        assertEquals(200, client.get("/").status());
                    }
                }
                slow.removeIf(Slow::hasEnded);
                assertTrue(turn > 0 || slow.size() == before, "they get some time");
                Thread.sleep(50);
            }
            program.awaitTally(tally -> tally.open() == 0);
            application.awaitTally(tally -> tally.open() == 0);
        }
    }
}
