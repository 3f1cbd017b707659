package dev.supervisor.compile;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that is known of a module since it was built.
 *
 * @param fingerprint of all that each source is compiled with: options, jars, annotation processors
 * @param sources by their files
 * @param outputs files that were made of no certain source, relative to the output, with the hashes of their contents
 * @param resources the files that were copied to the output, relative to it, with the hashes of their contents
 * @param foreign what the classes of directories look like that are not compiled here, by their class files
 */
record ModuleGraph(
        String fingerprint,
        Map<Path, SourceFacts> sources,
        Map<String, String> outputs,
        Map<String, String> resources,
        Map<Path, String> foreign) {

    static ModuleGraph empty() {
        return new ModuleGraph("", Map.of(), Map.of(), Map.of(), Map.of());
    }

    /** Returns this with other conditions and resources, or this itself if they are the same. */
    ModuleGraph with(String otherFingerprint, Map<String, String> otherResources, Map<Path, String> otherForeign) {
        return fingerprint.equals(otherFingerprint) && resources.equals(otherResources) && foreign.equals(otherForeign)
                ? this
                : new ModuleGraph(otherFingerprint, sources, outputs, otherResources, otherForeign);
    }

    /** Returns this without what is known of some sources and resources, so that they are compiled, or copied, again. */
    ModuleGraph forgetting(Iterable<Path> forgotten, Collection<String> forgottenResources) {
        Map<Path, SourceFacts> all = new TreeMap<>(sources);
        for (Path path : forgotten) {
            all.computeIfPresent(path, (any, facts) -> facts.withHash(""));
        }
        Map<String, String> copied = new TreeMap<>(resources);
        copied.keySet().removeAll(forgottenResources);
        return new ModuleGraph(fingerprint, all, outputs, copied, foreign);
    }
}
