package dev.supervisor.generation;

import dev.supervisor.BuiltFiles;
import dev.supervisor.OptionKey;
import dev.supervisor.SupervisorException;
import dev.supervisor.text.IoReason;
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
import java.util.Objects;
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

    /** Whether the latest copies have all that the builder has told of until now. */
    private boolean followsBuilds;

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
                    "can't make a directory for private copies in '" + place + "': "
                            + IoReason.of(e, place.toString()) + " (set another with "
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
        return take(build, anew, Optional.empty());
    }

    /**
     * Does the same as {@link #take(Build, boolean)}, but waits for nothing if a builder has told what it has changed, and does not
     * look at the directories that it names, if the last snapshot was of its former build.
     *
     * @param built given for each build of the builder that tells it, even if no snapshot came of the former one
     */
    public Snapshot take(Build build, boolean anew, Optional<BuiltFiles> built)
            throws NotReadyException, InterruptedException {
        Map<ClassPathRoot, BuiltFiles.Changes> changes =
                built.isPresent() && followsBuilds && !anew ? applicable(built.get()) : Map.of();
        followsBuilds = false; // these changes are not told again, so that what fails from here on leaves a gap
        try {
            Snapshot snapshot = take(build, anew, built.isPresent(), changes);
            followsBuilds = true; // also after a look at the disk, on which all builds until now are
            return snapshot;
        } catch (NoSuchFileException e) {
            throw new NotReadyException(e.getFile() + " does not exist", true, e);
        } catch (IOException e) {
            throw new NotReadyException("can't copy " + build.name() + ": " + reason(e), false, e);
        }
    }

    /** @param complete whether the build has ended */
    private Snapshot take(Build build, boolean anew, boolean complete, Map<ClassPathRoot, BuiltFiles.Changes> changes)
            throws IOException, NotReadyException, InterruptedException {
        // Each look costs a system call for each file, so there is one before the build stands still and one after.
        // What is read
        // after that is compared with the second look, file by file, so that a third one would tell nothing more.
        Look look = look(build, changes.keySet());
        Optional<Snapshot> snapshot = complete || look.isMovedIntoPlace(latest)
                ? tryToTake(build, look, true, anew, changes)
                : tryToTake(build, settled(build, look), false, anew, changes);
        while (snapshot.isEmpty()) {
            snapshot = tryToTake(build, settled(build, look(build, Set.of())), false, anew, Map.of());
        }
        return snapshot.get();
    }

    /** Returns the changes of the directories that need no look at the disk. */
    private Map<ClassPathRoot, BuiltFiles.Changes> applicable(BuiltFiles built) {
        Map<ClassPathRoot, BuiltFiles.Changes> changes = new HashMap<>();
        built.changes().forEach((path, changed) -> {
            ClassPathRoot root = ClassPathRoot.whole(path.toAbsolutePath().normalize());
            PrivateCopy former = latest.get(root);
            if (former != null && former.files().isPresent()) {
                changes.put(root, changed);
            }
        });
        return changes;
    }

    /**
     * Takes a snapshot like {@link #take(Build, boolean, Optional)}, unless the build has the same content as the live snapshot. In
     * that case, the resources that the live application has asked for continue to count.
     *
     * @return empty if the content is the same
     */
    public Optional<Snapshot> takeUnlessSame(Build build, Snapshot live, Optional<BuiltFiles> built)
            throws NotReadyException, InterruptedException {
        Snapshot snapshot = take(build, false, built);
        if (!isSame(snapshot, live)) {
            return Optional.of(snapshot);
        }
        keepAsked(live);
        snapshot.close();
        return Optional.empty();
    }

    public Optional<Snapshot> takeUnlessSame(Build build, Snapshot live)
            throws NotReadyException, InterruptedException {
        return takeUnlessSame(build, live, Optional.empty());
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

    /**
     * Tries once to copy the build.
     *
     * @param complete whether the build was moved into place, or has ended: it is copied without waiting, and checked in the copy
     * @return empty if the build changed meanwhile, or was incomplete after all; the caller tries again
     */
    private Optional<Snapshot> tryToTake(
            Build build, Look look, boolean complete, boolean anew, Map<ClassPathRoot, BuiltFiles.Changes> changes)
            throws IOException, NotReadyException {
        List<PrivateCopy> copies = new ArrayList<>();
        boolean taken = false;
        try {
            Optional<Broken> broken = Optional.empty();
            for (ClassPathRoot root : look.roots()) {
                Optional<PrivateCopy> shared =
                        anew || changes.containsKey(root) ? Optional.empty() : shared(root, look.stampOf(root));
                PrivateCopy copy = shared.isPresent() ? shared.get() : copy(root, look, anew, changes);
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
        } catch (CopiedFiles.OutdatedException e) {
            return Optional.empty();
        } catch (NoSuchFileException e) {
            if (isStillThere(look.roots(), e)) {
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

    /** Waits until all files have stood still for the settle time, and returns how they look since. */
    private Look settled(Build build, Look first) throws IOException, InterruptedException {
        Look before = first;
        while (true) {
            Thread.sleep(before.millisUntil(settle));
            Look now = look(build, Set.of());
            if (now.isLike(before)) {
                return now;
            }
            before = now;
        }
    }

    /** How the class path looked at one moment. */
    private record Look(long begunNanos, List<ClassPathRoot> roots, Map<ClassPathRoot, BuildStamp> stamps) {

        /**
         * Returns when to look again, so that each file is looked at after this time once more. The looks themselves take part of
         * it, each in the same order: at thousands of files they take longer than the rest of a swap.
         */
        long millisUntil(Duration later) {
            long passed = Duration.ofNanos(System.nanoTime() - begunNanos).toMillis();
            return Math.max(0, later.toMillis() - passed);
        }

        boolean isLike(Look other) {
            return roots.equals(other.roots) && stamps.equals(other.stamps);
        }

        BuildStamp stampOf(ClassPathRoot root) {
            return Objects.requireNonNull(stamps.get(root));
        }

        /** Returns whether each root is as it was copied, or is a jar that a new file has replaced since. */
        boolean isMovedIntoPlace(Map<ClassPathRoot, PrivateCopy> copies) {
            return roots.stream().allMatch(root -> {
                BuildStamp now = stampOf(root);
                Optional<BuildStamp> before =
                        Optional.ofNullable(copies.get(root)).map(PrivateCopy::stamp);
                return Optional.of(now).equals(before) || now.isNewFileSince(before);
            });
        }
    }

    /**
     * Looks once at each file of the build. Reads only the manifests of changed jars: an application may have a hundred
     * libraries.
     *
     * @param known directories that are not looked at, since what they contain is known
     */
    private Look look(Build build, Set<ClassPathRoot> known) throws IOException {
        long begun = System.nanoTime();
        Map<Path, PrivateCopy> copies = new HashMap<>();
        latest.values().forEach(copy -> copies.put(copy.source(), copy));
        Map<ClassPathRoot, BuildStamp> stamps = new HashMap<>();
        known.forEach(root -> Optional.ofNullable(latest.get(root)).ifPresent(copy -> stamps.put(root, copy.stamp())));
        Map<ClassPathRoot, Optional<BuildStamp>> mentioned = new HashMap<>();
        try {
            List<ClassPathRoot> roots = build.roots(
                    path -> {
                        PrivateCopy copy = copies.get(path);
                        return copy != null && isUnchanged(copy, stamps) ? copy.classPath() : Build.classPathOf(path);
                    },
                    root -> mentioned.put(root, stampOf(root, stamps)));
            Map<ClassPathRoot, BuildStamp> ofRoots = new HashMap<>();
            for (ClassPathRoot root : roots) {
                BuildStamp stamp = stamps.get(root);
                ofRoots.put(root, stamp == null ? BuildStamp.of(root) : stamp);
            }
            return new Look(begun, roots, ofRoots);
        } finally {
            lookedAt = Map.copyOf(mentioned);
        }
    }

    private static boolean isUnchanged(PrivateCopy copy, Map<ClassPathRoot, BuildStamp> stamps) {
        return stampOf(copy.root(), stamps).equals(Optional.of(copy.stamp()));
    }

    /** @param stamps those that were taken in the course of this look */
    private static Optional<BuildStamp> stampOf(ClassPathRoot root, Map<ClassPathRoot, BuildStamp> stamps) {
        BuildStamp known = stamps.get(root);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<BuildStamp> stamp = stampOf(root);
        stamp.ifPresent(taken -> stamps.put(root, taken));
        return stamp;
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

    private Optional<PrivateCopy> shared(ClassPathRoot root, BuildStamp now) {
        return Optional.ofNullable(latest.get(root)).filter(copy -> copy.isSharable(now) && copy.share());
    }

    private PrivateCopy copy(
            ClassPathRoot root, Look look, boolean anew, Map<ClassPathRoot, BuiltFiles.Changes> changes)
            throws IOException {
        Instant now = clock.instant();
        BuildStamp stamp = look.stampOf(root);
        Path place = directory.path().resolve(Integer.toString(++copiesMade));
        Optional<PrivateCopy> former = Optional.ofNullable(latest.get(root));
        BuiltFiles.Changes changed = changes.get(root);
        if (changed != null && former.isPresent()) {
            return former.get().after(changed, place, now, selfWritten);
        }
        return stamp.directory() && !root.inPlace()
                ? PrivateCopy.read(root, stamp, place, now, selfWritten, former.filter(copy -> !anew))
                : PrivateCopy.make(root, stamp, place, now, selfWritten);
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
