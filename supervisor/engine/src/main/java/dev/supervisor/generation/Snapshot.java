package dev.supervisor.generation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An immutable private copy of one build: the application and its libraries. Later writes to the build do not reach it.
 * Belongs to one generation, which closes it at its end.
 */
public final class Snapshot implements AutoCloseable {

    private final Build build;
    private final List<PrivateCopy> copies;
    private final List<Path> missing;
    private final NestedJars nestedJars;
    private final BundledNetty bundledNetty;
    private Optional<NestedJars.Extracted> extracted = Optional.empty();

    /** Guarded by this. */
    private Optional<String> sha256 = Optional.empty();

    /**
     * @param missing the libraries that the user or a manifest names, and that do not exist
     * @param nestedJars where libraries within the application's jar are extracted
     */
    Snapshot(
            Build build,
            List<PrivateCopy> copies,
            List<Path> missing,
            NestedJars nestedJars,
            BundledNetty bundledNetty) {
        this.build = build;
        this.copies = List.copyOf(copies);
        this.missing = List.copyOf(missing);
        this.nestedJars = nestedJars;
        this.bundledNetty = bundledNetty;
    }

    /** Warns if it brings another Netty than the supervisor's, which it runs with. */
    void reportNetty() {
        bundledNetty.report(copies);
    }

    /**
     * Extracts the jars in these directories of the application's jar, and returns them. They are there until the snapshot is
     * closed. Called once.
     */
    List<Path> extract(List<String> directories) throws IOException {
        NestedJars.Extracted jars = nestedJars.extract(copies.get(0).path(), directories);
        extracted = Optional.of(jars);
        return jars.paths();
    }

    /**
     * Keeps the private jars beyond the end of this snapshot, which has not come yet.
     *
     * @return releases them
     */
    Runnable keepFiles() {
        List<PrivateCopy> kept = copies.stream()
                .filter(copy -> !copy.stamp().directory() && copy.share())
                .toList();
        Optional<NestedJars.Extracted> nested = extracted.map(NestedJars.Extracted::share);
        return () -> {
            nested.ifPresent(NestedJars.Extracted::close);
            kept.forEach(PrivateCopy::release);
        };
    }

    /** Returns the same content for another user; empty if it was closed, or somebody else has deleted a copy. */
    public Optional<Snapshot> share() {
        List<PrivateCopy> shared = new ArrayList<>();
        for (PrivateCopy copy : copies) {
            if (copy.share()) {
                shared.add(copy);
            }
        }
        if (shared.size() == copies.size() && copies.stream().allMatch(PrivateCopy::isIntact)) {
            Snapshot another = new Snapshot(build, copies, missing, nestedJars, bundledNetty);
            synchronized (this) {
                another.sha256 = sha256;
            }
            return Optional.of(another);
        }
        shared.forEach(PrivateCopy::release);
        return Optional.empty();
    }

    public Build build() {
        return build;
    }

    /**
     * Returns the SHA-256 of the application's jar, in hexadecimal digits; empty for a directory, or if the copy can't be read,
     * as when it has been closed. Reads the whole jar at the first call.
     */
    public synchronized Optional<String> sha256() {
        if (sha256.isEmpty() && !copies.get(0).stamp().directory()) {
            sha256 = Sha256.of(copies.get(0).path());
        }
        return sha256;
    }

    /** Returns the private jars and directories of classes, the application itself first, with all of their files. */
    List<Path> roots() throws IOException {
        List<Path> roots = new ArrayList<>();
        for (PrivateCopy copy : copies) {
            roots.add(copy.onDisk());
        }
        return roots;
    }

    List<PrivateCopy> copies() {
        return copies;
    }

    /** Returns whether it contains a directory of classes, whose files come and go one by one during a compilation. */
    public boolean hasDirectories() {
        return copies.stream().anyMatch(copy -> copy.stamp().directory());
    }

    /** Returns the libraries that the user or a manifest names, and that do not exist. */
    List<Path> missing() {
        return missing;
    }

    /** Called when the application has started: it may have written resources that it had asked for. */
    void started() {
        copies.forEach(copy -> copy.asked().ifPresent(RequestedResources::started));
    }

    /** Returns whether the application would load the same bytes from both. */
    public boolean sameContent(Snapshot other) throws IOException {
        if (copies.size() != other.copies.size()) {
            return false;
        }
        for (int i = 0; i < copies.size(); i++) {
            if (!copies.get(i).sameContent(other.copies.get(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        extracted.ifPresent(NestedJars.Extracted::close);
        copies.forEach(PrivateCopy::release);
    }
}
