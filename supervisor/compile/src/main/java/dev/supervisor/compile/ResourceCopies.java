package dev.supervisor.compile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Copies resources to the output of a module. Not thread-safe. */
final class ResourceCopies {

    /** What no build tool takes for a resource: version control, and what editors leave behind. */
    private static final Set<String> NEVER =
            Set.of(".git", ".svn", ".hg", "CVS", ".gitignore", ".gitattributes", ".DS_Store");

    private record Tree(Project.Resources resources, FileTree files) {}

    private final Collection<Tree> trees;

    /** @param sourceRoots if resources are in one of these, its sources are none */
    ResourceCopies(Collection<Project.Resources> resources, Collection<Path> sourceRoots) {
        this.trees = resources.stream()
                .map(each -> new Tree(
                        each,
                        new FileTree(
                                Set.of(each.directory()),
                                file -> counts(each, file)
                                        && !(isSource(file) && sourceRoots.contains(each.directory())))))
                .toList();
    }

    private static boolean isSource(Path file) {
        return file.toString().endsWith(".java");
    }

    private static boolean counts(Project.Resources resources, Path file) {
        for (Path part : resources.directory().relativize(file)) {
            String name = part.toString();
            if (NEVER.contains(name) || name.endsWith("~") || name.startsWith(".#")) {
                return false;
            }
        }
        return true;
    }

    /**
     * What is to be done.
     *
     * @param hashes of all resources, by their names below the output
     * @param changes to the output: contents by name; empty for a file that is gone
     */
    record Plan(Map<String, String> hashes, Map<String, Optional<byte[]>> changes) {}

    /** @param before the hashes of the resources that were copied before, by their names below the output */
    Plan plan(Map<String, String> before) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        Map<String, Path> files = new HashMap<>();
        for (Tree tree : trees) {
            Project.Resources resources = tree.resources();
            String prefix = resources.targetPath().isEmpty() ? "" : resources.targetPath() + "/";
            tree.files().hashes().forEach((file, hash) -> {
                String name = prefix + ClassFiles.nameOf(resources.directory(), file);
                if (files.putIfAbsent(name, file) == null) {
                    hashes.put(name, hash);
                }
            });
        }
        Map<String, Optional<byte[]>> changes = new TreeMap<>();
        for (Map.Entry<String, String> resource : hashes.entrySet()) {
            if (!resource.getValue().equals(before.get(resource.getKey()))) {
                Path file = files.get(resource.getKey());
                changes.put(resource.getKey(), Optional.of(Files.readAllBytes(file)));
            }
        }
        before.keySet().stream()
                .filter(name -> !hashes.containsKey(name))
                .forEach(name -> changes.put(name, Optional.empty()));
        return new Plan(hashes, changes);
    }
}
