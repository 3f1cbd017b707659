package dev.supervisor.cli.upgrade;

import dev.supervisor.Event;
import dev.supervisor.InheritedSocket;
import dev.supervisor.Status;
import dev.supervisor.Supervisor;
import dev.supervisor.SupervisorException;
import dev.supervisor.process.ProcessStat;
import dev.supervisor.process.SupervisorThreads;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The successor's side of an upgrade: takes the sockets of the supervisor that has started this process, and then its
 * connections.
 */
public final class Takeover implements AutoCloseable {

    /** Names, in the environment of a successor, the socket at which the supervisor before waits. */
    public static final String VARIABLE = "SUPERVISOR_TAKEOVER";

    private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How long after the connection a process that was killed may end. */
    private static final Duration DEATH_WITHIN = Duration.ofSeconds(1);

    private static final Duration TURN = Duration.ofMillis(20);

    private final Wire wire;
    private final long former;
    private final Message sockets;
    private final List<Integer> descriptors;

    /** Completes with whether the first generation serves. */
    private final CompletableFuture<Boolean> outcome = new CompletableFuture<>();

    private volatile boolean underWay = true;
    private volatile String reason = "it was stopped";

    private Takeover(Wire wire, Message sockets, List<Integer> descriptors) throws IOException {
        this.wire = wire;
        this.former = wire.process();
        this.sockets = sockets;
        this.descriptors = descriptors;
    }

    /**
     * Takes the sockets of the supervisor that has started this process for that. Returns nothing if none has.
     *
     * @throws SupervisorException if that is not possible; the supervisor before goes on then
     */
    public static Optional<Takeover> of(Map<String, String> environment) {
        return Optional.ofNullable(environment.get(VARIABLE))
                .filter(path -> !path.isEmpty())
                .map(path -> begin(Path.of(path)));
    }

    private static Takeover begin(Path path) {
        try {
            Wire wire = new Wire(AFUNIXSocket.connectTo(AFUNIXSocketAddress.of(path)));
            Wire.Received first = wire.receive(PATIENCE)
                    .orElseThrow(() -> new IOException("the supervisor before does not want this process"));
            Message message = first.message();
            if (message.type() != Message.Type.SOCKETS || message.protocol() != Message.PROTOCOL) {
                String problem = "the supervisor before speaks protocol " + message.protocol() + ", and this one "
                        + Message.PROTOCOL + " (stop it, and start this one)";
                wire.send(Message.failed(problem));
                throw new IOException(problem);
            }
            return new Takeover(wire, message, first.descriptors());
        } catch (IOException | LinkageError e) { // LinkageError: there is no native library
            throw new SupervisorException("can't take over at " + path + ": " + e.getMessage(), e);
        }
    }

    /** Tells the supervisor that has started this process why it can't take over, if one has started it for that. */
    public static void refuse(Map<String, String> environment, String why) {
        String path = environment.getOrDefault(VARIABLE, "");
        if (path.isEmpty()) {
            return;
        }
        try (Wire wire = new Wire(AFUNIXSocket.connectTo(AFUNIXSocketAddress.of(Path.of(path))))) {
            var unused = wire.receive(PATIENCE); // the sockets come first
            wire.send(Message.failed(why));
        } catch (IOException | LinkageError e) {
            LOG.debug("the supervisor before learns by the end of this process", e);
        }
    }

    /** Tells the supervisor before why this one can't take over; called before {@link #begin}. */
    public void refuse(String why) {
        try {
            wire.send(Message.failed(why));
        } catch (IOException e) {
            LOG.debug("the supervisor before learns by the end of this process", e);
        }
    }

    /** Returns the sockets of the supervisor before. */
    public List<InheritedSocket> sockets() {
        List<InheritedSocket> inherited = new ArrayList<>();
        for (int i = 0; i < descriptors.size(); i++) {
            Optional<String> name = Optional.of(sockets.names().get(i)).filter(text -> !text.isEmpty());
            inherited.add(new InheritedSocket(descriptors.get(i), name));
        }
        return inherited;
    }

    /** Returns the number of the last generation of the supervisor before. */
    public int lastGeneration() {
        return sockets.generation();
    }

    /** Hears whether the first generation serves. Does not block. */
    public void accept(Event event) {
        if (event instanceof Event.Serving) {
            outcome.complete(true);
        } else if (event instanceof Event.Failed failed) {
            reason = failed.problem().summary();
            outcome.complete(false);
        }
    }

    /**
     * Says that this supervisor is ready as soon as it is, and takes the connections of the one before, on a thread of
     * its own.
     *
     * @param onGo run when it has taken over
     * @param end stops this supervisor; called if it is not to take over, with the reason
     */
    public void begin(Supervisor supervisor, Runnable onGo, Consumer<String> end) {
        Thread thread = SupervisorThreads.thread("supervisor-takeover", () -> {
            try {
                run(supervisor, onGo);
            } catch (IOException | SupervisorException e) {
                end.accept(String.valueOf(e.getMessage()));
            }
        });
        thread.start();
    }

    private void run(Supervisor supervisor, Runnable onGo) throws IOException {
        if (!outcome.join()) {
            wire.send(Message.failed(reason));
            throw new IOException("not taking over: the first build does not serve");
        }
        try {
            wire.send(Message.ready(supervisor.status().sockets().stream()
                    .map(Status.Socket::name)
                    .toList()));
            awaitGo();
        } catch (SocketException e) { // the supervisor before has closed its end, or is dead
            checkDead();
        }
        supervisor.begin(sockets.own());
        onGo.run();
        takeConnections(supervisor);
    }

    /** If the supervisor before has died, this one is all that there is, and takes over. */
    private void awaitGo() throws IOException {
        Optional<Wire.Received> answer = wire.receive(Duration.ZERO);
        if (answer.isEmpty() || answer.get().message().type() != Message.Type.GO) {
            checkDead();
        }
    }

    /** Waits a moment for the end: the kernel closes the descriptors of a process that was killed before that is over. */
    private void checkDead() throws IOException {
        Optional<ProcessHandle> process = ProcessHandle.of(former);
        long begun = System.nanoTime();
        while (process.filter(ProcessStat::isAlive).isPresent()) {
            if (System.nanoTime() - begun > DEATH_WITHIN.toNanos()) {
                throw new IOException("not taking over: process " + former + " goes on");
            }
            LockSupport.parkNanos(TURN.toNanos());
        }
    }

    /** Returns whether connections of the supervisor before may still come. */
    public boolean isUnderWay() {
        return underWay;
    }

    private void takeConnections(Supervisor supervisor) {
        try {
            Optional<Wire.Received> next = wire.receive(Duration.ZERO);
            while (next.isPresent() && next.get().message().type() == Message.Type.CONNECTION) {
                take(supervisor, next.get());
                next = wire.receive(Duration.ZERO);
            }
        } catch (IOException e) {
            LOG.warn("process {} hands over no more connections: {}", former, e.toString());
        } finally {
            underWay = false;
        }
    }

    private static void take(Supervisor supervisor, Wire.Received connection) {
        for (int descriptor : connection.descriptors()) {
            try {
                supervisor.adopt(
                        connection.message().names().get(0),
                        descriptor,
                        connection.message().unread(),
                        connection.message().addresses());
            } catch (IOException | NoSuchElementException e) {
                LOG.debug("a connection has ended while it was handed over", e);
            }
        }
    }

    /** Tells the supervisor before that this one does not take over, if that is not decided yet. */
    @Override
    public void close() {
        outcome.complete(false);
        try {
            wire.close();
        } catch (IOException e) {
            LOG.debug("the connection to process {} can't be closed", former, e);
        }
    }
}
