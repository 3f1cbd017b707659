package dev.supervisor.leaks;

import dev.supervisor.leaks.HeapPath.Strength;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Searches breadth first from all roots at once, and stops at objects of the generation: each way into the generation
 * is a reason why it is alive. Needs 12 bytes for each object in the dump.
 */
final class ShortestPaths {

    private static final int UNSEEN = Integer.MIN_VALUE;

    private final DumpedHeap heap;
    private final GenerationObjects owned;
    private final List<HeapRoot> roots;
    private final int[] cameFrom; // the previous object, or -1 - the index of a root
    private final int[] origins; // what a line of the report is about: a thread, a static field or another root
    private final int[] toVisit;
    private int visited;
    private int seen;
    private int lastOrigin;

    ShortestPaths(DumpedHeap heap, GenerationObjects owned) {
        this.heap = heap;
        this.owned = owned;
        this.roots = heap.roots();
        this.cameFrom = new int[heap.size()];
        this.origins = new int[heap.size()];
        this.toVisit = new int[heap.size()];
    }

    /**
     * Returns the shortest path of each origin, the shortest first. All have the strongest kind of reference for which
     * there is a path.
     */
    List<HeapPath> find() {
        List<HeapPath> found = List.of();
        for (Strength strength : Strength.values()) {
            if (found.isEmpty()) {
                if (strength == Strength.HIDDEN) {
                    addHiddenRoots();
                }
                found = find(strength);
            }
        }
        return found;
    }

    /**
     * Adds roots that the dump does not name. All objects of the dump are alive, since it was made after a collection:
     * some by references from class objects, for example, which the dump lacks.
     */
    private void addHiddenRoots() {
        BitSet referred = new BitSet();
        for (int object = 0; object < cameFrom.length; object++) {
            if (cameFrom[object] == UNSEEN) {
                heap.linksOf(object).forEach(link -> referred.set(link.target()));
            }
        }
        for (int object = 0; object < cameFrom.length; object++) {
            if (cameFrom[object] == UNSEEN && !referred.get(object) && !owned.owns(object)) {
                roots.add(new HeapRoot(HeapRoot.Kind.HIDDEN, object, 0, DumpedHeap.NONE));
            }
        }
    }

    private List<HeapPath> find(Strength strength) {
        Arrays.fill(cameFrom, UNSEEN);
        visited = 0;
        seen = 0;
        lastOrigin = Integer.MIN_VALUE;
        Map<Integer, HeapPath> found = new LinkedHashMap<>();
        for (int i = 0; i < roots.size(); i++) {
            HeapRoot root = roots.get(i);
            if (!strength.startsAt(root)) {
                continue;
            }
            int origin = root.thread() != 0 ? root.thread() : lastOrigin++;
            if (owned.owns(root.object())) {
                found.putIfAbsent(origin, new HeapPath(root, List.of(), strength));
            } else {
                see(root.object(), -1 - i, origin);
            }
        }
        while (visited < seen) {
            visit(toVisit[visited++], strength, found);
        }
        return List.copyOf(found.values());
    }

    private void visit(int object, Strength strength, Map<Integer, HeapPath> found) {
        for (HeapReference link : heap.linksOf(object)) {
            if (!strength.follows(link)) {
                continue;
            }
            int origin = link.kind() == HeapReference.Kind.STATIC_FIELD ? lastOrigin++ : origins[object];
            if (!owned.owns(link.target())) {
                see(link.target(), object, origin);
            } else if (!found.containsKey(origin)) {
                found.put(origin, pathTo(object, link, strength));
            }
        }
    }

    private void see(int object, int from, int origin) {
        if (cameFrom[object] == UNSEEN) {
            cameFrom[object] = from;
            origins[object] = origin;
            toVisit[seen++] = object;
        }
    }

    private HeapPath pathTo(int before, HeapReference last, Strength strength) {
        Deque<HeapReference> links = new ArrayDeque<>();
        links.addFirst(last);
        int object = before;
        while (cameFrom[object] >= 0) {
            links.addFirst(link(cameFrom[object], object, strength));
            object = cameFrom[object];
        }
        return fromStaticField(new HeapPath(roots.get(-1 - cameFrom[object]), new ArrayList<>(links), strength));
    }

    private HeapReference link(int from, int to, Strength strength) {
        return heap.linksOf(from).stream()
                .filter(link -> link.target() == to && strength.follows(link))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Cuts the path to its last static field. The author of the code looks at the class with that field; why that class
     * is alive does not matter.
     */
    private static HeapPath fromStaticField(HeapPath path) {
        for (int i = path.links().size() - 1; i > 0; i--) {
            if (path.links().get(i).kind() == HeapReference.Kind.STATIC_FIELD) {
                HeapRoot root = new HeapRoot(
                        HeapRoot.Kind.CLASS, path.links().get(i - 1).target(), 0, DumpedHeap.NONE);
                return new HeapPath(root, path.links().subList(i, path.links().size()), path.strength());
            }
        }
        return path;
    }
}
