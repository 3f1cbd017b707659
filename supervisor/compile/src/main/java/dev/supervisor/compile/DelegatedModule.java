package dev.supervisor.compile;

import dev.supervisor.compile.Project.Module;
import dev.supervisor.compile.Project.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A module that the build tool builds, or prepares, whenever a file has changed that it may depend on. What it prepares does not
 * depend on the sources that javac compiles. Not thread-safe.
 */
final class DelegatedModule {

    private final Module module;
    private final FileTree inputs;
    private Map<Path, String> built = Map.of();
    private Map<Path, String> now = Map.of();
    private final long builtAt;
    private boolean ever;

    /** @param builtAt when the tool began to build it, in milliseconds since 1970; 0 if it has not */
    DelegatedModule(Module module, long builtAt) {
        this.module = module;
        this.builtAt = builtAt;
        List<Path> roots = new ArrayList<>(module.sourceRoots());
        module.resources().stream().map(Resources::directory).forEach(roots::add);
        roots.addAll(module.watched());
        roots.removeIf(module::isMade);
        this.inputs = new FileTree(roots, file -> !module.isMade(file) && !(module.isPrepared() && isSource(file)));
    }

    private boolean isSource(Path file) {
        return file.toString().endsWith(".java")
                && module.sourceRoots().stream().anyMatch(file::startsWith);
    }

    /** Returns whether this stands for a module as it is now described; roots of sources that the tool makes may have been added. */
    boolean isFor(Module other) {
        return withoutMade(module).equals(withoutMade(other));
    }

    private static Module withoutMade(Module each) {
        return new Module(
                each.name(),
                each.directory(),
                each.sourceRoots().stream().filter(root -> !each.isMade(root)).toList(),
                each.output(),
                each.generatedSources(),
                each.classPath(),
                each.processorPath(),
                each.processors(),
                each.options(),
                each.resources(),
                each.watched(),
                each.prepared(),
                each.delegated(),
                each.testing());
    }

    boolean isOutOfDate() throws IOException {
        now = inputs.hashes();
        if (!ever && inputs.isOlderThan(builtAt)) {
            built();
        }
        return !ever || !now.equals(built) || !Files.isDirectory(module.output());
    }

    /** The tool has built what {@link #isOutOfDate} has looked at. */
    void built() {
        ever = true;
        built = now;
    }
}
