package dev.supervisor.generation;

import dev.supervisor.OptionKey;
import dev.supervisor.SupervisorException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes snapshots into a {@link WorkDirectory}.
 *
 * <p>Only one thread at a time may take snapshots.
 */
public final class SnapshotStore implements AutoCloseable {

    /** Thrown when a build can't be loaded, or can't be loaded yet; the message says why. */
    public static final class NotReadyException extends Exception {

        private static final long serialVersionUID = 1L;
        private final boolean missing;

        NotReadyException(String message, boolean missing, Throwable cause) {
            super(message, cause);
            this.missing = missing;
        }

        /** Returns whether a file is missing; otherwise it exists, but can't be used. */
        public boolean missing() {
            return missing;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotStore.class);

    /** The longest pause that is expected of a tool that writes a file in place. */
    private static final Duration SURELY_WRITTEN = Duration.ofMinutes(1);

    private final WorkDirectory directory;
    private final Duration settle;

    private final InstantSource clock;

    /** The copies of the last snapshot, by root. Unchanged ones are shared with the next snapshot. */
    private volatile Map<ClassPathRoot, PrivateCopy> latest = Map.of();

    private volatile Map<ClassPathRoot, Optional<BuildStamp>> lookedAt = Map.of();

    private final SelfWrittenFiles selfWritten = new SelfWrittenFiles();

    private final NestedJars nestedJars;
    private int copiesMade;
    private final BundledNetty bundledNetty = new BundledNetty();

    private SnapshotStore(WorkDirectory directory, Duration settle, InstantSource clock) {
        this.directory = directory;
        this.nestedJars = new NestedJars(directory);
        this.settle = settle;
        this.clock = clock;
    }

    /**
     * Makes a store, and its work directory.
     *
     * @param parent where the work directory is made; if empty, in the usual place for temporary files
     * @param settle how long a build must stand still, unless it was moved into place as a whole
     */
    public static SnapshotStore create(Optional<Path> parent, Duration settle) {
        return create(parent, settle, InstantSource.system());
    }

    static SnapshotStore create(Optional<Path> parent, Duration settle, InstantSource clock) {
        try {
            return new SnapshotStore(WorkDirectory.create(parent, System.getenv()), settle, clock);
        } catch (IOException e) {
            Path place = parent.orElseGet(() -> WorkDirectory.usualParent(System.getenv()));
            throw new SupervisorException(
                    "can't make a directory for private copies in " + place + ": " + e + " (set another with "
                            + OptionKey.WORK_DIRECTORY + ")",
                    e);
        }
    }

    /**
     * Waits until the build stands still, and copies it.
     *
     * @param anew whether to copy all of it, including libraries that seem unchanged
     * @throws NotReadyException if the build does not exist, or is no readable zip (yet); no copy is kept
     * @throws InterruptedException if the thread was interrupted; no copy is kept
     */
    public Snapshot take(Build build, boolean anew) throws NotReadyException, InterruptedException {
        try {
            Optional<Snapshot> snapshot = tryToTake(build, movedIntoPlace(build), anew);
            while (snapshot.isEmpty()) {
                snapshot = tryToTake(build, false, anew);
            }
            return snapshot.get();
        } catch (NoSuchFileException e) {
            throw new NotReadyException(e.getFile() + " does not exist", true, e);
        } catch (IOException e) {
            throw new NotReadyException("can't copy " + build.name() + ": " + reason(e), false, e);
        }
    }

    /**
     * Takes a snapshot like {@link #take}, unless the build has the same content as the live snapshot. In that case,
     * the resources that the live application has asked for continue to count.
     *
     * @return empty if the content is the same
     */
    public Optional<Snapshot> takeUnlessSame(Build build, Snapshot live)
            throws NotReadyException, InterruptedException {
        Snapshot snapshot = take(build, false);
        if (!isSame(snapshot, live)) {
            return Optional.of(snapshot);
        }
        keepAsked(live);
        snapshot.close();
        return Optional.empty();
    }

    private static boolean isSame(Snapshot snapshot, Snapshot live) {
        try {
            return snapshot.sameContent(live);
        } catch (IOException e) {
            LOG.warn("can't compare two builds, taking them for different: {}", e.toString());
            return false;
        }
    }

    /**
     * Keeps the live snapshot's copies of the roots that are served in place, since their requested resources continue
     * to count. The other roots keep the later stamps, which are needed to see whether a file was written in place.
     */
    private void keepAsked(Snapshot live) {
        Map<ClassPathRoot, PrivateCopy> kept = new HashMap<>(latest);
        live.copies().stream().filter(copy -> copy.asked().isPresent()).forEach(copy -> kept.put(copy.root(), copy));
        latest = Map.copyOf(kept);
    }

    private static String reason(IOException e) {
        return e instanceof AccessDeniedException denied
                ? "permission denied: " + denied.getFile()
                : String.valueOf(e.getMessage());
    }

    /** Returns whether each root is unchanged since the last snapshot, or is a jar that a new file has replaced. */
    private boolean movedIntoPlace(Build build) throws IOException {
        for (ClassPathRoot root : rootsOf(build)) {
            BuildStamp now = BuildStamp.of(root);
            Optional<BuildStamp> before = Optional.ofNullable(latest.get(root)).map(PrivateCopy::stamp);
            if (!Optional.of(now).equals(before) && !now.isNewFileSince(before)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Tries once to copy the build.
     *
     * @param complete whether the build was moved into place: it is copied without waiting, and checked in the copy
     * @return empty if the build changed meanwhile, or was incomplete after all; the caller tries again
     */
    private Optional<Snapshot> tryToTake(Build build, boolean complete, boolean anew)
            throws IOException, NotReadyException, InterruptedException {
        List<ClassPathRoot> roots = complete ? rootsOf(build) : settled(build);
        List<PrivateCopy> copies = new ArrayList<>();
        boolean taken = false;
        try {
            Optional<Broken> broken = Optional.empty();
            for (ClassPathRoot root : roots) {
                Optional<PrivateCopy> shared = anew ? Optional.empty() : shared(root);
                PrivateCopy copy = shared.isPresent() ? shared.get() : copy(root);
                copies.add(copy);
                if (shared.isEmpty() && broken.isEmpty()) {
                    broken = copy.problem(!complete && isFresh(copy)).map(problem -> new Broken(copy, problem));
                }
            }
            if (!copies.stream().allMatch(PrivateCopy::isCurrent) || (complete && broken.isPresent())) {
                return Optional.empty();
            }
            if (broken.isPresent()) {
                throw broken.get().exception(build);
            }
            remember(copies);
            taken = true;
            return Optional.of(new Snapshot(build, copies, missing(build), nestedJars, bundledNetty));
        } catch (NoSuchFileException e) {
            if (isStillThere(roots, e)) {
                return Optional.empty(); // a file of a directory, or of a copy, has vanished: try again
            }
            throw e;
        } finally {
            if (!taken) {
                copies.forEach(PrivateCopy::release);
            }
        }
    }

    /**
     * Returns the libraries that do not exist. That is no error: a directory may be made later, and the JDK also
     * ignores missing {@code Class-Path} entries.
     */
    private List<Path> missing(Build build) {
        return lookedAt.entrySet().stream()
                .filter(seen -> seen.getValue().isEmpty())
                .map(seen -> seen.getKey().path())
                .filter(path -> !path.equals(build.app()))
                .sorted()
                .toList();
    }

    private static boolean isStillThere(List<ClassPathRoot> roots, NoSuchFileException e) {
        return e.getFile() != null
                && roots.stream().noneMatch(root -> root.path().equals(Path.of(e.getFile())))
                && roots.stream().allMatch(root -> Files.exists(root.path()));
    }

    /** Returns whether a tool may still be writing this jar, slowly, over its older content. */
    private boolean isFresh(PrivateCopy copy) {
        return copy.stamp().changedAfter(clock.instant().minus(SURELY_WRITTEN));
    }

    /** Waits until all files have stood still for the settle time, and returns the roots. */
    private List<ClassPathRoot> settled(Build build) throws IOException, InterruptedException {
        while (true) {
            List<ClassPathRoot> roots = rootsOf(build);
            Map<ClassPathRoot, BuildStamp> before = stamps(roots);
            Thread.sleep(settle.toMillis());
            if (stamps(roots).equals(before)) {
                return roots;
            }
        }
    }

    private static Map<ClassPathRoot, BuildStamp> stamps(List<ClassPathRoot> roots) throws IOException {
        Map<ClassPathRoot, BuildStamp> stamps = new HashMap<>();
        for (ClassPathRoot root : roots) {
            stamps.put(root, BuildStamp.of(root));
        }
        return stamps;
    }

    /**
     * Returns the roots of the build. Reads only the manifests of changed jars: an application may have a hundred
     * libraries.
     */
    private List<ClassPathRoot> rootsOf(Build build) throws IOException {
        Map<Path, PrivateCopy> known = new HashMap<>();
        latest.values().forEach(copy -> known.put(copy.source(), copy));
        Map<ClassPathRoot, Optional<BuildStamp>> now = new HashMap<>();
        try {
            return build.roots(
                    root -> {
                        PrivateCopy copy = known.get(root);
                        return copy != null && copy.isCurrent() ? copy.classPath() : Build.classPathOf(root);
                    },
                    mentioned -> now.put(mentioned, stampOf(mentioned)));
        } finally {
            lookedAt = Map.copyOf(now);
        }
    }

    private static Optional<BuildStamp> stampOf(ClassPathRoot root) {
        try {
            return Optional.of(BuildStamp.of(root));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns the paths that mattered when the build was last looked at, whether they exist or not. May be called from
     * any thread.
     */
    public Set<Path> lookedAt() {
        return lookedAt.keySet().stream().map(ClassPathRoot::path).collect(Collectors.toSet());
    }

    /**
     * Returns a path of {@link #lookedAt} that has changed since it was looked at, or a requested resource that has
     * changed; empty if there is none. May be called from any thread.
     */
    public Optional<Path> changedSince() {
        return lookedAt.entrySet().stream()
                .filter(seen -> !stampOf(seen.getKey()).equals(seen.getValue()))
                .map(seen -> seen.getKey().path())
                .findFirst()
                .or(() -> asked().map(RequestedResources::changed)
                        .flatMap(Optional::stream)
                        .findFirst());
    }

    /**
     * Returns whether a change of this path may be a change of the build. Other files of a directory that is served
     * {@linkplain ClassPathRoot#inPlace in place} do not count, unless the application has asked for them. May be
     * called from any thread.
     */
    public boolean counts(Path changed) {
        List<ClassPathRoot> places =
                lookedAt.keySet().stream().filter(ClassPathRoot::inPlace).toList();
        return places.isEmpty()
                || lookedAt.keySet().stream()
                        .anyMatch(
                                root -> !root.inPlace() && root.locate(changed).isPresent())
                || places.stream().allMatch(root -> root.locate(changed).isEmpty())
                || places.stream()
                        .anyMatch(root -> root.locate(changed)
                                .filter(file -> countsIn(root, file))
                                .isPresent());
    }

    private boolean countsIn(ClassPathRoot place, Path file) {
        return place.includesFile(file)
                || asked().anyMatch(asked -> asked.includes(file))
                || (!Files.isRegularFile(file) && !stampOf(place).equals(lookedAt.get(place)));
    }

    private Stream<RequestedResources> asked() {
        return latest.values().stream().map(PrivateCopy::asked).flatMap(Optional::stream);
    }

    private Optional<PrivateCopy> shared(ClassPathRoot root) {
        return Optional.ofNullable(latest.get(root)).filter(copy -> copy.isSharable() && copy.share());
    }

    private PrivateCopy copy(ClassPathRoot root) throws IOException {
        Instant now = clock.instant();
        return PrivateCopy.make(
                root, BuildStamp.of(root), directory.path().resolve(Integer.toString(++copiesMade)), now, selfWritten);
    }

    /** A copy that can't be loaded. */
    private record Broken(PrivateCopy copy, String problem) {

        NotReadyException exception(Build build) {
            String role = copy.source().equals(build.app()) ? "the application " : "the library ";
            return new NotReadyException(
                    role + copy.source() + " is no jar: " + problem,
                    false,
                    new ZipException(problem + ": " + copy.source()));
        }
    }

    private void remember(List<PrivateCopy> copies) {
        latest = copies.stream().collect(Collectors.toUnmodifiableMap(PrivateCopy::root, copy -> copy));
    }

    /** Deletes the work directory with everything in it. */
    @Override
    public void close() {
        directory.close();
    }
}
