package dev.supervisor.leaks;

import java.util.List;

/** A path along references from a root to an object of the generation. */
record HeapPath(HeapRoot root, List<HeapReference> links, Strength strength) {

    /**
     * The kinds of references that a path may use. The search begins with {@code STRONG}; each further constant adds
     * kinds to the previous one.
     */
    enum Strength {
        STRONG,
        SOFT,
        PASSING,
        /** Also starts at objects to which the dump has no reference. */
        HIDDEN;

        boolean follows(HeapReference link) {
            return switch (link.kind()) {
                case SOFT -> this != STRONG;
                case FINALIZER -> this.compareTo(PASSING) >= 0;
                default -> true;
            };
        }

        boolean startsAt(HeapRoot root) {
            return root.kind() != HeapRoot.Kind.MONITOR || this.compareTo(PASSING) >= 0;
        }
    }

    HeapPath {
        links = List.copyOf(links);
    }

    int end() {
        return links.isEmpty() ? root.object() : links.get(links.size() - 1).target();
    }
}
