package dev.supervisor.leaks;

import java.util.List;

/** A path along references from a root to an object of the generation. */
record HeapPath(HeapRoot root, List<HeapReference> links, Strength strength) {

    /**
     * The kinds of references that a path may use. {@code STRONG} is searched first, then each adds to the one before.
     */
    enum Strength {
        STRONG,
        SOFT,
        PASSING,
        /** Starts at an object without a reference to it in the dump. */
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
