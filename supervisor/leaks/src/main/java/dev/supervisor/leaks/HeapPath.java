package dev.supervisor.leaks;

import java.util.List;

/** A way along references from a root to something that belongs to the generation. */
record HeapPath(HeapRoot root, List<HeapReference> links, Strength strength) {

    /** What a path needs; the first is searched alone, then with the others added. */
    enum Strength {
        STRONG,
        SOFT,
        PASSING,
        /** From what nothing in the dump refers to. */
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
