package dev.supervisor.cli.upgrade;

import dev.supervisor.Endpoint;
import dev.supervisor.InheritedSocket;
import dev.supervisor.ProxyProtocol.Addresses;
import dev.supervisor.SocketSpec;
import dev.supervisor.Status;
import dev.supervisor.Successor;
import dev.supervisor.Supervisor;
import dev.supervisor.SupervisorException;
import dev.supervisor.client.RuntimeDirectory;
import dev.supervisor.process.ServiceVariables;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running supervisor's side of an upgrade: starts the successor, and leaves the sockets and the connections to it as
 * soon as that is ready. Until then, nothing changes. Thread-safe; one upgrade at a time.
 */
public final class Succession {

    private static final Logger LOG = LoggerFactory.getLogger(Succession.class);
    private static final Duration TURN = Duration.ofMillis(200);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final int MOST_SOCKETS = 253; // SCM_MAX_FD

    /** How long the successor may not read while connections are sent. */
    private static final Duration STALL = Duration.ofSeconds(30);

    /**
     * The program to start.
     *
     * @param launcher the script of the distribution, {@code bin/supervisor}
     * @param javaHome the JDK or JRE that it runs on
     * @param arguments its options, and what follows them
     */
    public record Program(Path launcher, Path javaHome, List<String> arguments) {
        public Program {
            arguments = List.copyOf(arguments);
        }

        /** Returns this process's own, with other arguments. */
        public static Program own(List<String> arguments) {
            return new Program(ownLauncher(), Path.of(System.getProperty("java.home")), arguments);
        }

        /** The jar is {@code lib/supervisor.jar}. */
        private static Path ownLauncher() {
            Path jar = Path.of(System.getProperty("java.class.path")).toAbsolutePath();
            Path lib = jar.getParent();
            Path home = lib == null ? null : lib.getParent();
            Path launcher = home == null ? jar : home.resolve("bin").resolve("supervisor");
            if (!Files.isExecutable(launcher)) {
                throw new SupervisorException("can't upgrade: there is no " + launcher
                        + " (start the supervisor by the script of its distribution)");
            }
            return launcher;
        }
    }

    private final Supervisor supervisor;
    private final Map<String, String> environment;
    private final Duration timeout;
    private final BooleanSupplier isTakingOver;
    private final AtomicBoolean underWay = new AtomicBoolean();

    /** The successor, as long as it may be told that it is not wanted. Guarded by this. */
    private Optional<Process> candidate = Optional.empty();

    /** This supervisor stops. Guarded by this. */
    private boolean cancelled;

    /**
     * @param environment of this process, with the variables of its service manager
     * @param timeout how long the successor may take until it is ready
     * @param isTakingOver whether this process itself may still get connections of the one before
     */
    public Succession(
            Supervisor supervisor, Map<String, String> environment, Duration timeout, BooleanSupplier isTakingOver) {
        this.supervisor = supervisor;
        this.environment = environment;
        this.timeout = timeout;
        this.isTakingOver = isTakingOver;
    }

    /**
     * Starts a successor, and leaves everything to it. The supervisor is closed when this returns.
     *
     * @param progress receives a line for each step
     * @param onGo called with the id of the successor's process when that accepts, and before this one stops to
     * @return the id of the successor's process
     * @throws SupervisorException if there is no successor; its message says why. The supervisor goes on then
     */
    public long run(Program program, Consumer<String> progress, LongConsumer onGo) {
        if (ProcessHandle.current().pid() == 1) {
            throw new SupervisorException("can't upgrade: this is process 1, and its end would end the container"
                    + " (replace the container)");
        }
        if (isTakingOver.getAsBoolean()) {
            throw new SupervisorException(
                    "can't upgrade: the process before still hands over its connections (try again"
                            + " when it has ended, at the latest after its --drain-timeout)");
        }
        if (!underWay.compareAndSet(false, true)) {
            throw new SupervisorException("can't upgrade: another upgrade is under way");
        }
        try {
            return upgrade(program, progress, onGo);
        } catch (IOException e) {
            throw new SupervisorException("can't upgrade: " + e.getMessage() + whatFollows(), e);
        } finally {
            underWay.set(false);
        }
    }

    private long upgrade(Program program, Consumer<String> progress, LongConsumer onGo) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        RuntimeDirectory directory = RuntimeDirectory.of(environment);
        Path place = directory.takeover(ProcessHandle.current().pid());
        Files.deleteIfExists(place);
        try (AFUNIXServerSocket server = AFUNIXServerSocket.bindOn(AFUNIXSocketAddress.of(place))) {
            Process process = candidate(start(program, place));
            progress.accept("started process " + process.pid() + ", which is to take over");
            try (Wire wire = awaitConnection(server, process, directory.user(), deadline)) {
                Message ready = awaitReady(wire, process, deadline);
                List<String> names = ready.names();
                go(wire);
                onGo.accept(process.pid());
                progress.accept("process " + process.pid() + " serves; this one leaves its connections to it");
                ownNames().stream()
                        .filter(name -> !names.contains(name))
                        .forEach(name -> progress.accept(
                                "closing the socket '" + name + "', which the successor does not have"));
                handOver(wire, ready);
                return process.pid();
            } catch (IOException | RuntimeException e) {
                end(process);
                throw e;
            }
        } finally {
            Files.deleteIfExists(place);
        }
    }

    private synchronized String whatFollows() {
        return cancelled ? "" : " (process " + ProcessHandle.current().pid() + " goes on)";
    }

    private List<String> ownNames() {
        return supervisor.status().sockets().stream().map(Status.Socket::name).toList();
    }

    private synchronized Process candidate(Process process) {
        candidate = Optional.of(process);
        if (cancelled) {
            process.destroy();
        }
        return process;
    }

    /** From now on, the successor can't be called back. */
    private synchronized void go(Wire wire) throws IOException {
        if (cancelled) {
            throw new IOException("this supervisor stops");
        }
        wire.sendWithin(STALL); // it may pause: its first work is that of a cold JVM
        wire.send(Message.of(Message.Type.GO));
        candidate = Optional.empty();
    }

    /** Ends the successor, unless it has taken over: this supervisor stops, and nothing is to serve after it. */
    public synchronized void cancel() {
        cancelled = true;
        candidate.ifPresent(Process::destroy);
    }

    private void handOver(Wire wire, Message ready) {
        supervisor.handOver(new Heir(wire, ready));
        try {
            wire.send(Message.of(Message.Type.DONE));
        } catch (IOException e) {
            LOG.warn("the successor has left: {}", e.toString());
        }
    }

    private Process start(Program program, Path place) throws IOException {
        List<String> command = new ArrayList<>(List.of(program.launcher().toString()));
        command.addAll(program.arguments());
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(new java.io.File("/dev/null")) // a terminal's keys are for one process
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        environment.forEach((name, value) -> {
            if (ServiceVariables.isOfSuccessor(name)) {
                builder.environment().put(name, value);
            }
        });
        builder.environment().put("JAVA_HOME", program.javaHome().toString());
        builder.environment().put(Takeover.VARIABLE, place.toString());
        return builder.start();
    }

    /** Waits for the process to connect; no other may. */
    private Wire awaitConnection(AFUNIXServerSocket server, Process process, long user, long deadline)
            throws IOException {
        server.setSoTimeout(Math.toIntExact(TURN.toMillis()));
        while (true) {
            checkAlive(process, deadline);
            try {
                Wire wire = new Wire(server.accept());
                if (wire.user() == user && wire.process() == process.pid()) {
                    sendSockets(wire);
                    return wire;
                }
                LOG.warn(
                        "process {} of user {} is not the successor, and gets no sockets", wire.process(), wire.user());
                wire.close();
            } catch (SocketTimeoutException e) { // look whether the process still lives
            }
        }
    }

    private void sendSockets(Wire wire) throws IOException {
        Map<String, FileDescriptor> adopted = supervisor.adoptedDescriptors();
        Map<SocketSpec, FileDescriptor> configured = supervisor.descriptors();
        List<FileDescriptor> descriptors = new ArrayList<>(configured.values());
        descriptors.addAll(adopted.values());
        if (descriptors.size() > MOST_SOCKETS) {
            throw new IOException("there are " + descriptors.size() + " sockets, and the kernel passes no more than "
                    + MOST_SOCKETS + " to another process");
        }
        List<InheritedSocket> inherited =
                InheritedSocket.of(environment, ProcessHandle.current().pid());
        List<String> names = new ArrayList<>();
        configured.keySet().forEach(spec -> names.add(name(spec, inherited)));
        names.addAll(adopted.keySet());
        int last = supervisor.status().generations().stream()
                .mapToInt(Status.Generation::number)
                .max()
                .orElse(0);
        wire.send(Message.sockets(last, names, supervisor.ownSockets()), descriptors.toArray(FileDescriptor[]::new));
    }

    /** A socket of the parent process keeps the name that the parent gave it. */
    private static String name(SocketSpec spec, List<InheritedSocket> inherited) {
        if (!(spec.endpoint() instanceof Endpoint.Inherited passed)) {
            return spec.keptName();
        }
        return inherited.stream()
                .filter(socket -> socket.descriptor() == passed.descriptor())
                .findFirst()
                .flatMap(InheritedSocket::name)
                .orElse("");
    }

    private Message awaitReady(Wire wire, Process process, long deadline) throws IOException {
        while (true) {
            checkAlive(process, deadline);
            try {
                Optional<Wire.Received> received = wire.receive(TURN);
                if (received.isEmpty()) {
                    throw new IOException("process " + process.pid() + " has left before it was ready");
                }
                Message message = received.get().message();
                if (message.type() == Message.Type.READY) {
                    return message;
                }
                throw new IOException("process " + process.pid() + " does not take over: " + message.text());
            } catch (SocketTimeoutException e) { // look whether the process still lives
            }
        }
    }

    private void checkAlive(Process process, long deadline) throws IOException {
        if (!process.isAlive()) {
            throw new IOException("process " + process.pid() + " has ended with exit code " + process.exitValue()
                    + " before it was ready: see what it has printed, where the supervisor prints");
        }
        if (System.nanoTime() - deadline > 0) {
            throw new IOException("process " + process.pid() + " was not ready within " + timeout.toSeconds() + " s");
        }
    }

    private static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(GRACE.toNanos(), TimeUnit.NANOSECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    private record Heir(Wire wire, Message ready) implements Successor {

        @Override
        public boolean has(String socket) {
            return ready.names().contains(socket);
        }

        @Override
        public boolean knowsProxies() {
            return ready.knowsProxies();
        }

        @Override
        public void take(String socket, FileDescriptor descriptor, byte[] unread, Optional<Addresses> proxied)
                throws IOException {
            wire.send(Message.connection(socket, unread, proxied), descriptor);
        }
    }
}
