package dev.supervisor.compile;

import java.util.HashSet;
import java.util.Set;

/**
 * What has changed in modules before one.
 *
 * @param types qualified names of top-level types
 * @param names the hashes of the simple names of new types
 */
record Upstream(Set<String> types, Set<Integer> names) {

    static final Upstream NONE = new Upstream(Set.of(), Set.of());

    /** Returns this with types of directories that others write; each of them may be new. */
    Upstream and(Set<String> foreignTypes) {
        Set<String> allTypes = new HashSet<>(types);
        allTypes.addAll(foreignTypes);
        Set<Integer> allNames = new HashSet<>(names);
        allNames.addAll(Dependents.simpleNames(foreignTypes));
        return new Upstream(allTypes, allNames);
    }
}
