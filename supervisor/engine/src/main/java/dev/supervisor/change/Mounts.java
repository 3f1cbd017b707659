package dev.supervisor.change;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mounts, in the order of mounting. inotify reports only changes that this machine makes through the path of the
 * watched directory. It reports neither changes by other machines, nor changes through another path, such as changes of
 * a file that is a mount of its own.
 */
record Mounts(List<Mount> all) {

    private static final Logger LOG = LoggerFactory.getLogger(Mounts.class);

    /**
     * Types of file systems that belong to another machine, or to the host of this virtual machine; including remote
     * ones on FUSE.
     */
    private static final Set<String> REMOTE = Set.of(
            "nfs",
            "nfs4",
            "cifs",
            "smb3",
            "9p",
            "virtiofs",
            "vboxsf",
            "prl_fs",
            "ceph",
            "afs",
            "lustre",
            "gfs2",
            "ocfs2",
            "fakeowner",
            "fuse.grpcfuse",
            "fuse.osxfs",
            "fuse.vmhgfs-fuse",
            "fuse.prl_fsd",
            "fuse.sshfs",
            "fuse.glusterfs",
            "fuse.ceph",
            "fuse.s3fs",
            "fuse.gcsfuse",
            "fuse.rclone");

    /** A line of proc_pid_mountinfo(5). The mount point is the fifth field; the type follows the lone dash. */
    private static final Pattern LINE = Pattern.compile("(?:\\S+ ){4}(\\S+) .*? - (\\S+) .*");

    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

    record Mount(Path point, String type) {

        boolean isRemote() {
            return REMOTE.contains(type);
        }
    }

    /** Returns the mounts of this process; none where they are unknown. */
    static Mounts now() {
        try {
            return of(Files.readAllLines(Path.of("/proc/self/mountinfo"), ISO_8859_1));
        } catch (IOException e) {
            LOG.debug("it is not known what is mounted", e);
            return new Mounts(List.of());
        }
    }

    /** @param lines decoded with one character for each byte */
    static Mounts of(List<String> lines) {
        Charset ofPaths = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
        List<Mount> mounts = new ArrayList<>();
        for (String line : lines) {
            Matcher parts = LINE.matcher(line);
            if (parts.matches()) {
                String point = OCTAL.matcher(parts.group(1))
                        .replaceAll(escape ->
                                Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(1), 8))));
                try {
                    Path path = Path.of(new String(point.getBytes(ISO_8859_1), ofPaths));
                    mounts.add(new Mount(path, parts.group(2)));
                } catch (InvalidPathException e) {
                    LOG.debug("no path in this locale: {}", point);
                }
            }
        }
        return new Mounts(List.copyOf(mounts));
    }

    /** Returns the targets, and the mounts in them, that may change without an event. */
    Set<Path> silentIn(Collection<Path> targets) {
        Set<Path> silent = new LinkedHashSet<>();
        for (Path target : targets) {
            Path real = realPath(target);
            if (isSilent(real)) {
                silent.add(real);
            } else {
                all.stream()
                        .map(Mount::point)
                        .filter(point -> point.startsWith(real) && isSilent(point))
                        .forEach(silent::add);
            }
        }
        return silent;
    }

    private boolean isSilent(Path path) {
        return mountOf(path)
                .filter(mount -> mount.isRemote() || (mount.point().equals(path) && Files.isRegularFile(path)))
                .isPresent();
    }

    /** Returns the innermost mount of a path; the last one if there are several at one place. */
    private Optional<Mount> mountOf(Path path) {
        return all.stream()
                .filter(mount -> path.startsWith(mount.point()))
                .reduce((one, later) ->
                        later.point().getNameCount() >= one.point().getNameCount() ? later : one);
    }

    private static Path realPath(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path.toAbsolutePath().normalize(); // not there yet
        }
    }
}
