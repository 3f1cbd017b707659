package dev.supervisor.tls;

import dev.supervisor.Event;
import dev.supervisor.Status;
import dev.supervisor.SupervisorException;
import dev.supervisor.TlsOptions;
import dev.supervisor.TlsOptions.Source;
import dev.supervisor.Watcher;
import dev.supervisor.change.Watchers;
import dev.supervisor.process.SupervisorThreads;
import dev.supervisor.socket.TlsEngines;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The certificates of all sockets on which the supervisor ends TLS. Their files are looked at four times a second, since there
 * are only a few, and since then it does not matter how they are replaced: in place, by a rename of them or of a directory above
 * them, or by a link on the way to them. When they have stood still for a moment and can be used, they are used from then on. When
 * they can't be used, that is said after a little patience, in which a second file may follow the first one.
 */
public final class Certificates implements AutoCloseable {

    private static final Duration INTERVAL = Duration.ofMillis(250);
    private static final Duration STILL = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofMillis(400);
    private static final Duration REMINDER = Duration.ofHours(12);
    private static final Duration SOON = Duration.ofDays(7);

    private final Map<String, SocketTls> sockets = new LinkedHashMap<>();
    private final Set<Path> files = new LinkedHashSet<>();
    private final Consumer<Event> events;
    private final UnaryOperator<String> render;
    private final Semaphore changes = new Semaphore(0);
    private Optional<Watcher> watcher = Optional.empty();
    private volatile boolean closed;

    private Certificates(Consumer<Event> events, UnaryOperator<String> render) {
        this.events = events;
        this.render = render;
    }

    /**
     * Loads all certificates; makes the one for development if it is asked for and not there yet, which takes some seconds.
     *
     * @param render puts the names of options into messages
     * @throws SupervisorException if a file can't be used
     */
    public static Certificates open(
            Map<String, TlsOptions> options, Consumer<Event> events, UnaryOperator<String> render) {
        Certificates certificates = new Certificates(events, render);
        options.forEach((name, each) -> certificates.sockets.put(
                name, new SocketTls(name, certificates.withFiles(each), EngineFactory.of(each.provider()))));
        certificates.sockets.values().forEach(socket -> certificates.files.addAll(socket.files()));
        return certificates;
    }

    private TlsOptions withFiles(TlsOptions options) {
        List<Source> sources = options.sources().stream()
                .map(source -> source instanceof Source.Development ? development() : source)
                .toList();
        return new TlsOptions(
                sources, options.passwords(), options.clientCas(), options.protocols(), options.provider());
    }

    private Source development() {
        DevelopmentCertificate certificate = DevelopmentCertificate.ofThisUser();
        DevelopmentCertificate.Made made = certificate.make();
        made.authority().ifPresent(events);
        return made.files();
    }

    /** Reports the certificates, and begins to watch their files. */
    public void start() {
        if (sockets.isEmpty()) {
            return;
        }
        sockets.values().forEach(socket -> {
            events.accept(socket.announcement());
            remind(socket);
        });
        Watcher polling = Watchers.polling(path -> changes.release(), INTERVAL, "supervisor-watch-certificates");
        polling.watch(files);
        watcher = Optional.of(polling);
        changes.release(); // what has changed since they were loaded
        SupervisorThreads.thread("supervisor-certificates", this::run).start();
    }

    private void run() {
        while (!closed) {
            try {
                if (changes.tryAcquire(REMINDER.toMillis(), TimeUnit.MILLISECONDS)) {
                    changes.drainPermits();
                    SupervisorThreads.run(this::reload);
                } else {
                    sockets.values().forEach(this::remind);
                }
            } catch (InterruptedException e) {
                // by an application that interrupts all threads
            }
        }
    }

    private void reload() {
        FileContents seen = FileContents.read(files);
        long since = System.nanoTime();
        while (!closed && isNew(seen)) {
            SupervisorThreads.sleep(STILL);
            FileContents now = FileContents.read(files);
            if (now.equals(seen)) {
                boolean isPatient = System.nanoTime() - since < PATIENCE.toNanos();
                sockets.forEach((name, socket) -> load(name, socket, now, isPatient));
            } else {
                seen = now;
                since = System.nanoTime();
            }
        }
    }

    private boolean isNew(FileContents contents) {
        return sockets.values().stream().anyMatch(socket -> socket.isNew(contents));
    }

    private void load(String name, SocketTls socket, FileContents contents, boolean isPatient) {
        if (!socket.isNew(contents)) {
            return;
        }
        try {
            socket.load(contents);
            events.accept(socket.announcement());
            remind(socket);
        } catch (RuntimeException e) {
            if (!isPatient) {
                socket.refuse(contents);
                events.accept(new Event.CertificatesRefused(name, why(e)));
            }
        }
    }

    private String why(RuntimeException e) {
        return e instanceof SupervisorException known
                ? known.message(option -> render.apply(option.toString()))
                : e.toString();
    }

    private void remind(SocketTls socket) {
        Instant now = Instant.now();
        for (Status.Certificate certificate : socket.status().certificates()) {
            if (certificate.notBefore().isAfter(now) || certificate.notAfter().isBefore(now.plus(SOON))) {
                events.accept(new Event.CertificateExpires(
                        socket.name(), certificate, Duration.between(now, certificate.notAfter())));
            }
        }
    }

    /** Returns what makes engines for the socket of this name; empty if the supervisor ends no TLS on it. */
    public Optional<TlsEngines> engines(String socket) {
        return Optional.ofNullable(sockets.get(socket));
    }

    /** Returns the state of TLS on the socket of this name; empty if the supervisor ends none. */
    public Optional<Status.Tls> status(String socket) {
        return Optional.ofNullable(sockets.get(socket)).map(SocketTls::status);
    }

    /** Ends watching, and gives the certificates back, so that no connection can be made any more. Idempotent. */
    @Override
    public void close() {
        closed = true;
        watcher.ifPresent(Watcher::close);
        changes.release();
        sockets.values().forEach(SocketTls::release);
    }
}
