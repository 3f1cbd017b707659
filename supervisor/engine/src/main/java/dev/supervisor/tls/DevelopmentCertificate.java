package dev.supervisor.tls;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import dev.supervisor.Event;
import dev.supervisor.OptionKey;
import dev.supervisor.SupervisorException;
import dev.supervisor.TlsOptions.Source;
import dev.supervisor.text.IoReason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The certificate of {@code --cert dev}, for this machine and for nobody else, by an authority of this user's own: that of mkcert if
 * that is installed, and else one that the JDK's keytool makes. It is kept in a directory that only the user can read; a lock on a
 * file there keeps processes that make it at the same time from each other's way.
 */
final class DevelopmentCertificate {

    private static final Duration RENEWED_BEFORE = Duration.ofDays(30);
    private static final String CERTIFICATE = "cert.pem";
    private static final String KEY = "key.pem";

    /** A lock of a file is that of a process: threads of one process have this one. */
    private static final Lock LOCK = new ReentrantLock();

    /**
     * What was made, or was there.
     *
     * @param authority empty if its authority was there before
     */
    record Made(Source.Pem files, Optional<Event.AuthorityMade> authority) {}

    private final Path directory;
    private final Issuer issuer;
    private final String host;

    /**
     * @param directory of this user, for all that is made
     * @param host the name of this machine; empty if it has none that a certificate can have
     */
    DevelopmentCertificate(Path directory, Issuer issuer, String host) {
        this.directory = directory.resolve(issuer.name());
        this.issuer = issuer;
        this.host = host;
    }

    static DevelopmentCertificate ofThisUser() {
        Issuer issuer = Issuer.mkcert(System.getenv("PATH")).orElseGet(Issuer::keytool);
        return new DevelopmentCertificate(
                dataDirectory(System.getenv("XDG_DATA_HOME")).resolve("development"), issuer, hostName());
    }

    /** By the XDG Base Directory Specification, a path that is not absolute does not count. */
    private static Path dataDirectory(@Nullable String configured) {
        boolean isAbsolute = configured != null
                && !configured.isEmpty()
                && Path.of(configured).isAbsolute();
        Path data = isAbsolute
                ? Path.of(configured)
                : Path.of(System.getProperty("user.home")).resolve(".local/share");
        return data.resolve("supervisor");
    }

    private static String hostName() {
        try {
            String name = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
            boolean isName = name.matches("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
                    && name.matches(".*[a-z].*");
            return isName ? name : "";
        } catch (UnknownHostException e) {
            return "";
        }
    }

    /**
     * Returns the files, and makes them first if they are not there, or about to expire.
     *
     * @throws SupervisorException if they can't be made
     */
    Made make() {
        LOCK.lock();
        try {
            makePrivate(directory);
            try (FileChannel lock =
                    FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                lock.lock(); // released when the channel is closed
                return makeLocked();
            }
        } catch (IOException e) {
            throw new SupervisorException(
                    "can't keep the certificate of " + OptionKey.CERT + " dev in '" + directory
                            + "': " + IoReason.of(e, directory.toString())
                            + " (set XDG_DATA_HOME to a directory of this user, or give " + OptionKey.CERT
                            + " FILE " + OptionKey.KEY + " FILE)",
                    e);
        } finally {
            LOCK.unlock();
        }
    }

    private Made makeLocked() throws IOException {
        Path own = directory.resolve(host.isEmpty() ? "localhost" : host); // a home may be shared by machines
        Source.Pem files = new Source.Pem(own.resolve(CERTIFICATE), own.resolve(KEY));
        if (isGood(files)) {
            return new Made(files, Optional.empty());
        }
        makePrivate(own);
        Path scratch = Files.createTempDirectory(directory, "new-");
        try {
            Issuer.Issued issued = issuer.issue(names(), directory, scratch);
            protect(issued.key());
            // The key first: a supervisor that reads meanwhile finds that they do not belong together, and waits.
            Files.move(issued.key(), files.key(), ATOMIC_MOVE, REPLACE_EXISTING);
            Files.move(issued.certificate(), files.certificate(), ATOMIC_MOVE, REPLACE_EXISTING);
            return new Made(
                    files,
                    issued.newAuthority().map(authority -> new Event.AuthorityMade(authority, issuer.isMkcert())));
        } finally {
            delete(scratch);
        }
    }

    private List<String> names() {
        List<String> names = new ArrayList<>(List.of("localhost", "*.localhost", "127.0.0.1", "::1"));
        if (!host.isEmpty() && !names.contains(host)) {
            names.add(host);
        }
        return names;
    }

    private static boolean isGood(Source.Pem files) {
        try {
            FileContents contents = FileContents.read(List.of(files.certificate(), files.key()));
            return new CertificateReader(contents, variable -> null)
                    .read(files, List.of()).stream()
                            .allMatch(each -> each.status()
                                    .notAfter()
                                    .isAfter(Instant.now().plus(RENEWED_BEFORE)));
        } catch (SupervisorException e) {
            return false; // not there, or damaged
        }
    }

    private static boolean hasModes() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }

    private static void makePrivate(Path directory) throws IOException {
        FileAttribute<?>[] mode = hasModes()
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
        Files.createDirectories(directory, mode);
        if (hasModes()) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
    }

    static void protect(Path file) throws IOException {
        if (hasModes()) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    private static void delete(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.list(directory)) {
            files = found.toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
        Files.delete(directory);
    }
}
