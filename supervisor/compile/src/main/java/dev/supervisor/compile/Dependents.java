package dev.supervisor.compile;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the sources whose compilation may end differently when types change. Knows what was when they were compiled last. */
final class Dependents {

    private final Map<Path, SourceFacts> sources;

    Dependents(Map<Path, SourceFacts> sources) {
        this.sources = sources;
    }

    /** Returns the hashes of the names without packages. */
    static Set<Integer> simpleNames(Collection<String> types) {
        return types.stream()
                .map(type -> type.substring(type.lastIndexOf('.') + 1).hashCode())
                .collect(Collectors.toSet());
    }

    /** Returns these types, and all that inherit from one of them: a type changes with what it inherits. */
    Set<String> withSubtypes(Set<String> types) {
        Set<String> all = new HashSet<>(types);
        boolean grew = !all.isEmpty();
        while (grew) {
            grew = false;
            for (SourceFacts known : sources.values()) {
                if (meets(known.supertypes(), all)) {
                    grew |= all.addAll(known.types());
                }
            }
        }
        return all;
    }

    /**
     * Returns the sources that refer to one of these types, that may mean a new one by a name in them, or that an annotation
     * processor makes something of which may depend on one.
     *
     * @param newNames hashes of the simple names of new types
     */
    Set<Path> of(Set<String> types, Set<Integer> newNames) {
        if (types.isEmpty() && newNames.isEmpty()) {
            return Set.of();
        }
        Set<Path> found = new HashSet<>();
        Set<Path> generating = new HashSet<>();
        sources.forEach((path, known) -> {
            if (meets(known.references(), types) || meets(known.names(), newNames)) {
                found.add(path);
            } else if (!known.generated().isEmpty()) {
                generating.add(path);
            }
        });
        if (!generating.isEmpty()) {
            found.addAll(reaching(generating, types));
        }
        return found;
    }

    /** Returns the sources of these that lead to one of the types, by any number of steps: a processor may look that far. */
    Set<Path> reaching(Set<Path> from, Set<String> types) {
        Map<String, Set<String>> references = new HashMap<>();
        sources.values().forEach(known -> known.types().forEach(type -> references.put(type, known.references())));
        return from.stream()
                .filter(path ->
                        leadsTo(types, Objects.requireNonNull(sources.get(path)).references(), references))
                .collect(Collectors.toSet());
    }

    private static boolean leadsTo(Set<String> types, Set<String> from, Map<String, Set<String>> references) {
        Set<String> seen = new HashSet<>(from);
        List<String> next = new ArrayList<>(seen);
        while (!next.isEmpty() && !meets(seen, types)) {
            List<String> further = new ArrayList<>();
            for (String type : next) {
                references.getOrDefault(type, Set.of()).stream()
                        .filter(seen::add)
                        .forEach(further::add);
            }
            next = further;
        }
        return meets(seen, types);
    }

    private static <T> boolean meets(Set<T> some, Set<T> others) {
        Set<T> smaller = some.size() < others.size() ? some : others;
        Set<T> larger = smaller == some ? others : some;
        return smaller.stream().anyMatch(larger::contains);
    }
}
