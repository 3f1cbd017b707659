package dev.supervisor.admin;

import dev.supervisor.Problem;
import dev.supervisor.Protocol;
import dev.supervisor.Status;
import dev.supervisor.Status.Condition;
import dev.supervisor.Status.State;
import dev.supervisor.Tally;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/** Supervisors that say of themselves whatever a test wants. */
final class Statuses {

    private final AtomicReference<Status> status;

    private Statuses(Status status) {
        this.status = new AtomicReference<>(status);
    }

    static Statuses of(Status status) {
        return new Statuses(status);
    }

    void are(Status now) {
        status.set(now);
    }

    NamedSupervisor named(String name) {
        return new NamedSupervisor(name, status::get, () -> CompletableFuture.completedFuture(null));
    }

    private static final Status.Certificate CERTIFICATE = new Status.Certificate(
            List.of("localhost", "127.0.0.1"),
            Instant.EPOCH,
            Instant.ofEpochSecond(4_000_000_000L),
            Path.of("cert.pem"));

    static Status serving() {
        return status(Condition.SERVING, State.LIVE, Optional.empty());
    }

    static Status status(Condition condition, State state, Optional<Problem> problem) {
        return new Status(
                condition,
                Status.Steering.NONE,
                List.of(new Status.Generation(3, state, "app.jar", 10, 5, Instant.EPOCH)),
                List.of(new Status.Socket(
                        "http",
                        Protocol.HTTP,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 8888),
                        new Tally(10, 5, 5),
                        Status.Waits.NONE,
                        Map.of(),
                        0,
                        Optional.of(new Status.Tls("JDK", List.of(CERTIFICATE))))),
                Status.Swaps.NONE,
                Optional.empty(),
                problem);
    }

    /** One that names a file of this machine. */
    static Problem problem() {
        return new Problem(
                "/home/ann/secret/App.java does not compile: <b>\u001b[31m",
                List.of(new Problem.Place(
                        "src/App.java", Path.of("/home/ann/secret/App.java"), 3, 1, "';' expected", List.of())),
                List.of(),
                List.of("mvn -Dpassword=geheim"));
    }
}
