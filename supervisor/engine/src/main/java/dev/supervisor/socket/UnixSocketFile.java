package dev.supervisor.socket;

import dev.supervisor.OptionKey;
import dev.supervisor.SocketSpec;
import dev.supervisor.SupervisorException;
import dev.supervisor.SupervisorOptions.Binding;
import dev.supervisor.text.IoReason;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a Unix socket. The socket is bound beside its path and then renamed over it: clients never see it without
 * its permissions, and a stale socket is replaced without a moment in which there is none.
 *
 * <p>Neither the JDK nor the kernel deletes the file when the socket is closed. {@link #delete} does, unless another
 * process has replaced it.
 */
final class UnixSocketFile {

    private static final Logger LOG = LoggerFactory.getLogger(UnixSocketFile.class);

    private final Path path;
    private final @Nullable Object inode;

    private UnixSocketFile(Path path, @Nullable Object inode) {
        this.path = path;
        this.inode = inode;
    }

    static BoundSocket bind(SocketSpec spec, Path path, int backlog, Binding permissions) {
        Path beside = path.resolveSibling(
                "." + path.getFileName() + "." + ProcessHandle.current().pid());
        try {
            refuseUnlessStale(path);
            ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                Files.deleteIfExists(beside);
                socket.bind(UnixDomainSocketAddress.of(beside), backlog);
                permit(beside, permissions);
                Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException | RuntimeException e) {
                socket.close();
                Files.deleteIfExists(beside);
                throw e;
            }
            return BoundSocket.own(socket, UnixDomainSocketAddress.of(path), deletion(path));
        } catch (IOException | UnsupportedOperationException e) { // UnsupportedOperationException: an old Windows
            throw new SupervisorException("can't bind " + spec + ": " + reasonOf(e, path), e);
        }
    }

    /** Only a try to connect tells a stale socket from a live one, and only the type of the file a socket from another. */
    private static void refuseUnlessStale(Path path) throws IOException {
        BasicFileAttributes file;
        try {
            file = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return;
        }
        if (!file.isOther()) {
            throw new IOException("there is a file that is no socket (delete it, or use another path)");
        }
        if (isAlive(path)) {
            throw new IOException("another process listens there ('ss -lxp' names it: stop it, or use another path)");
        }
        LOG.debug("{} is stale: replacing it", path);
    }

    /** Returns what deletes the file, if it is the same as now. */
    static Runnable deletion(Path path) throws IOException {
        return new UnixSocketFile(path, inodeOf(path))::delete;
    }

    /** Returns whether there is a file that may be a socket. */
    static boolean isSocket(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isOther();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isAlive(Path path) {
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return probe.isConnected();
        } catch (IOException e) { // refused, mostly
            return false;
        }
    }

    private static void permit(Path file, Binding permissions) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (permissions.unixGroup().isPresent()) {
            String group = permissions.unixGroup().get();
            try {
                view.setGroup(
                        file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group));
            } catch (UserPrincipalNotFoundException e) {
                throw new IOException("there is no group '" + group + "' (" + OptionKey.UNIX_GROUP + ")", e);
            }
        }
        Optional<Set<PosixFilePermission>> mode = permissions.unixMode();
        if (mode.isPresent()) {
            view.setPermissions(mode.get());
        }
    }

    private static @Nullable Object inodeOf(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    private static String reasonOf(Exception e, Path path) {
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            return "there is no directory " + parent + " (make it first)";
        }
        if (e instanceof FileSystemException file) {
            return Optional.ofNullable(file.getReason()).orElse(file.getClass().getSimpleName());
        }
        return String.valueOf(e.getMessage());
    }

    /** Deletes the file if it is still the one that was bound: a successor may have replaced it. */
    private void delete() {
        try {
            if (inode != null && inode.equals(inodeOf(path))) {
                Files.delete(path);
            }
        } catch (NoSuchFileException e) {
            LOG.debug("{} is gone", path);
        } catch (IOException e) {
            LOG.warn("can't delete the socket {}: {}", path, IoReason.of(e, path.toString()));
        }
    }
}
