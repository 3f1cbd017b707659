package dev.supervisor.compile;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * One compilation of a module. It compiles what has changed, then that with all that depends on it, and so on, until no other
 * source depends on what has changed.
 */
final class Compilation {

    private static final String SOURCE = ".java";
    private static final String EMPTY = Hash.of("");

    private final Conditions conditions;
    private final ModuleGraph graph;
    private final ClassFiles classes;
    private final List<ClassFiles> others;
    private final Dependents dependents;

    /** The hashes of the sources that are there now. */
    private final Map<Path, String> there;

    private final Set<Path> removed;
    private final Set<String> changedTypes;
    private final Set<Integer> newNames;
    private final Set<Path> todo = new TreeSet<>();
    private boolean everything;
    private int rounds;

    /** The files below the output that javac does not see, since they are made again, or their sources are gone. */
    private Set<String> hidden = Set.of();

    private JavacRun.Result result = JavacRun.Result.NOTHING;

    /**
     * @param graph what is known of the module
     * @param classes of the module
     * @param others the classes of modules before this one
     * @param there the hashes of the sources
     * @param upstream what has changed in the modules before
     */
    Compilation(
            Conditions conditions,
            ModuleGraph graph,
            ClassFiles classes,
            List<ClassFiles> others,
            Map<Path, String> there,
            Upstream upstream) {
        this.conditions = conditions;
        this.graph = graph;
        this.classes = classes;
        this.others = others;
        this.there = there;
        this.dependents = new Dependents(graph.sources());
        this.removed = new TreeSet<>(graph.sources().keySet());
        removed.removeAll(there.keySet());
        this.changedTypes = new HashSet<>(upstream.types());
        this.newNames = new HashSet<>(upstream.names());
        removed.forEach(path -> changedTypes.addAll(known(path).types()));
        there.forEach(this::addIfChanged);
        addDependents();
    }

    private SourceFacts known(Path path) {
        return Objects.requireNonNull(graph.sources().get(path));
    }

    private void addIfChanged(Path path, String hash) {
        SourceFacts known = graph.sources().get(path);
        if (known == null) {
            String name = String.valueOf(path.getFileName());
            newNames.add(name.substring(0, name.length() - SOURCE.length()).hashCode());
        }
        if (known == null || !known.hash().equals(hash)) {
            todo.add(path);
        }
    }

    private boolean addDependents() {
        changedTypes.addAll(dependents.withSubtypes(changedTypes));
        Set<Path> more = new HashSet<>(dependents.of(changedTypes, newNames));
        more.retainAll(there.keySet());
        return todo.addAll(more);
    }

    /** @param same whether the sources would be compiled under the same conditions as before */
    boolean isUpToDate(boolean same) {
        return removed.isEmpty() && (same ? todo : there.keySet()).isEmpty();
    }

    /** Compiles all sources: what they are compiled with has changed. */
    CompilerMessages runForAll() {
        everything = true;
        return run();
    }

    /** Compiles what is out of date. */
    CompilerMessages run() {
        everything |= conditions.areAllSourcesNeeded();
        if (everything) {
            todo.addAll(there.keySet());
        } else if (!todo.isEmpty()) {
            addModuleInfo();
        }
        do {
            rounds++;
            hidden = outputsOf(todo);
            hidden.addAll(outputsOf(removed));
            result = todo.isEmpty() ? JavacRun.Result.NOTHING : conditions.run(todo, classes.without(hidden), others);
        } while (!result.messages().hasErrors() && noteChanges() && !everything);
        return result.messages();
    }

    /** Without it javac would take the sources for ones of no module. */
    private void addModuleInfo() {
        there.keySet().stream()
                .filter(path -> path.endsWith(Conditions.MODULE_INFO))
                .forEach(todo::add);
    }

    private Set<String> outputsOf(Collection<Path> paths) {
        Set<String> outputs = new HashSet<>();
        paths.forEach(path -> Optional.ofNullable(graph.sources().get(path))
                .ifPresent(known -> outputs.addAll(known.outputs().keySet())));
        return outputs;
    }

    /** Notes which types have changed, and returns whether more sources have to be compiled because of that. */
    private boolean noteChanges() {
        Map<String, Path> owners = owners();
        boolean added = false;
        for (Map.Entry<Path, SourceFacts> made : result.facts().entrySet()) {
            SourceFacts known = graph.sources().get(made.getKey());
            Set<String> before = known == null ? Set.of() : known.types();
            Set<String> now = made.getValue().types();
            if (known == null || !known.abi().equals(made.getValue().abi()) || !before.equals(now)) {
                changedTypes.addAll(before);
                changedTypes.addAll(now);
            }
            Set<String> fresh = new HashSet<>(now);
            fresh.removeAll(before);
            newNames.addAll(Dependents.simpleNames(fresh));
            for (String type : now) { // another source that has it must be complained about, or no longer have it
                Path owner = owners.get(type);
                added |= owner != null && todo.add(owner);
            }
        }
        return addDependents() || added;
    }

    private Map<String, Path> owners() {
        Map<String, Path> owners = new HashMap<>();
        graph.sources().forEach((path, known) -> {
            if (there.containsKey(path)) {
                known.types().forEach(type -> owners.put(type, path));
            }
        });
        return owners;
    }

    // After a compilation without errors

    /** @param same whether a source still looks as it did before it was compiled; if not, it counts as changed */
    Map<Path, SourceFacts> facts(Predicate<Path> same) {
        Map<Path, SourceFacts> facts = new TreeMap<>(graph.sources());
        facts.keySet().removeAll(removed);
        result.facts()
                .forEach((path, made) ->
                        facts.put(path, made.withHash(same.test(path) ? there.getOrDefault(path, "") : "")));
        return facts;
    }

    /** Returns the outputs that were made of no certain source, with the hashes of their contents. */
    Map<String, String> sharedOutputs() {
        Set<String> owned = new HashSet<>();
        result.facts().values().forEach(made -> owned.addAll(made.outputs().keySet()));
        Map<String, String> shared = new TreeMap<>(everything ? Map.of() : graph.outputs());
        result.outputs().forEach((name, content) -> {
            if (!owned.contains(name)) {
                shared.put(name, Hash.of(content));
            }
        });
        return shared;
    }

    /** Returns the changes to the output: contents by name; empty for a file that is gone. */
    Map<String, Optional<byte[]>> outputs() {
        Map<String, Optional<byte[]>> changes = new TreeMap<>();
        hidden.forEach(name -> changes.put(name, Optional.empty()));
        if (everything) {
            graph.outputs().keySet().forEach(name -> changes.put(name, Optional.empty()));
        }
        result.outputs().forEach((name, content) -> changes.put(name, Optional.of(content)));
        changes.entrySet().removeIf(change -> isSame(change.getKey(), change.getValue()));
        return changes;
    }

    private boolean isSame(String name, Optional<byte[]> content) {
        Optional<byte[]> before = classes.content(name);
        return before.isPresent() && content.isPresent() && Arrays.equals(before.get(), content.get());
    }

    /** Returns the changes to the sources that annotation processors have made. */
    Map<String, Optional<byte[]>> generatedSources() {
        Map<String, Optional<byte[]>> changes = new TreeMap<>();
        graph.sources().forEach((path, known) -> {
            if (todo.contains(path) || removed.contains(path)) {
                known.generated().forEach(name -> changes.put(name, Optional.empty()));
            }
        });
        result.generatedSources().forEach((name, content) -> changes.put(name, Optional.of(content)));
        return changes;
    }

    /** Returns what has changed for the modules after this one. */
    Upstream downstream() {
        return new Upstream(changedTypes, newNames);
    }

    boolean hasEmptySource() {
        return todo.stream().anyMatch(path -> EMPTY.equals(there.get(path)));
    }

    /** Returns what was compiled, in words. */
    String note() {
        boolean byProcessors = everything && !graph.sources().isEmpty() && conditions.areAllSourcesNeeded();
        return todo.size() + " of " + there.size() + (there.size() == 1 ? " source" : " sources")
                + (rounds > 1 ? " in " + rounds + " rounds" : "")
                + (byProcessors ? ", since an annotation processor looks at all of them" : "");
    }
}
