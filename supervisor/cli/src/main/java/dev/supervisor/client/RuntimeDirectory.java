package dev.supervisor.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The directory of the sockets by which supervisors of one user are spoken to; only this user can enter it: {@code
 * $RUNTIME_DIRECTORY} (systemd), or {@code supervisor} in {@code $XDG_RUNTIME_DIR}, or {@code supervisor-USER} in the
 * directory for temporary files.
 *
 * @param user the id of the user to whom it belongs, who is that of this process
 */
public record RuntimeDirectory(Path path, long user) {

    private static final String PRIVATE = "rwx------";
    private static final String SUFFIX = ".sock";
    private static final String UID = "unix:uid";
    private static final int MOST_DIGITS = 18;

    /**
     * Returns the directory, which is made if need be.
     *
     * @throws IOException if it can't be made, or is not private
     */
    public static RuntimeDirectory of(Map<String, String> environment) throws IOException {
        Path path = pathOf(environment);
        make(path);
        return existing(path);
    }

    /**
     * Returns the directory, if it is there already.
     *
     * @throws IOException if it is not private, or nobody but another user can tell whether it is there
     */
    public static Optional<RuntimeDirectory> find(Map<String, String> environment) throws IOException {
        Path path = pathOf(environment);
        try {
            return Optional.of(existing(path));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (AccessDeniedException e) {
            throw new IOException("can't look into " + path + ": permission denied", e);
        }
    }

    private static RuntimeDirectory existing(Path path) throws IOException {
        PosixFileAttributes attributes =
                Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        long user = ownUser();
        check(path, attributes, user);
        return new RuntimeDirectory(path, user);
    }

    /**
     * Returns the id of this process's user, which is that of each file that it makes. ({@code /proc/self} belongs to root if the
     * program has capabilities, and {@code Files.createTempFile} initializes a random generator first.)
     */
    private static long ownUser() throws IOException {
        Path probe = Path.of(
                System.getProperty("java.io.tmpdir"),
                "supervisor-" + System.nanoTime() + "-" + System.identityHashCode(new Object()) + ".user");
        try {
            Files.createFile(probe);
        } catch (IOException e) {
            throw new IOException(
                    "can't tell the user of this process: no file can be made in " + probe.getParent(), e);
        }
        try {
            return ((Number) Files.getAttribute(probe, UID)).longValue();
        } finally {
            Files.delete(probe);
        }
    }

    /** Returns where the directory is, or would be. */
    public static Path pathOf(Map<String, String> environment) {
        String ofService = environment.getOrDefault("RUNTIME_DIRECTORY", "");
        if (!ofService.isEmpty()) {
            return Path.of(ofService.split(":")[0], "supervisor");
        }
        String ofUser = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        return ofUser.isEmpty()
                ? Path.of(System.getProperty("java.io.tmpdir"), "supervisor-" + System.getProperty("user.name"))
                : Path.of(ofUser, "supervisor");
    }

    private static void make(Path path) throws IOException {
        try {
            Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)));
        } catch (FileAlreadyExistsException e) { // which is checked next
        }
    }

    /** Another user may have made it before, in a directory for all. */
    private static void check(Path path, PosixFileAttributes attributes, long user) throws IOException {
        long owner = ((Number) Files.getAttribute(path, UID, LinkOption.NOFOLLOW_LINKS)).longValue();
        String mode = PosixFilePermissions.toString(attributes.permissions());
        if (!attributes.isDirectory() || owner != user || !mode.equals(PRIVATE)) {
            throw new IOException(path + " is not a directory that only this user can enter (its owner has the id "
                    + owner + ", its mode is " + mode + ")");
        }
    }

    /** Returns the control socket of a supervisor. */
    public Path control(long process) {
        return path.resolve(nameOf(process));
    }

    /** Returns the name of a supervisor's control socket. */
    public static String nameOf(long process) {
        return process + SUFFIX;
    }

    /** Returns the socket at which a supervisor waits for its successor. */
    public Path takeover(long process) {
        return path.resolve("takeover-" + process + SUFFIX);
    }

    /** Returns the ids of the supervisors that listen at their control sockets. The sockets of killed ones are deleted. */
    public List<Long> processes() throws IOException {
        List<Long> alive = new ArrayList<>();
        for (long process : named()) {
            if (isAlive(process)) {
                alive.add(process);
            } else {
                Files.deleteIfExists(control(process));
                Files.deleteIfExists(takeover(process));
            }
        }
        return alive;
    }

    /**
     * Returns whether a supervisor listens, or may: another process may have the id of one that was killed. Does not block: a
     * supervisor that stands still accepts nothing, and a connection for which the kernel has no more room would wait for that.
     */
    private boolean isAlive(long process) throws IOException {
        Path socket = control(process);
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.configureBlocking(false);
            channel.connect(UnixDomainSocketAddress.of(socket));
            return true;
        } catch (ConnectException e) { // refused: nobody listens
            return false;
        } catch (IOException e) { // there is no room (EAGAIN), no permission, or no file descriptor is left
            return Files.exists(socket, LinkOption.NOFOLLOW_LINKS);
        }
    }

    /** Without a stream, which would double the time that a client needs to start. */
    private List<Long> named() throws IOException {
        List<Long> processes = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                long process = processOf(String.valueOf(file.getFileName()));
                if (process > 0) {
                    processes.add(process);
                }
            }
        }
        processes.sort(null);
        return processes;
    }

    /** Returns 0 for another file. */
    private static long processOf(String name) {
        int digits = name.length() - SUFFIX.length();
        if (digits < 1 || digits > MOST_DIGITS || !name.endsWith(SUFFIX)) {
            return 0;
        }
        for (int i = 0; i < digits; i++) {
            if (name.charAt(i) < '0' || name.charAt(i) > '9') {
                return 0;
            }
        }
        return Long.parseLong(name.substring(0, digits));
    }
}
