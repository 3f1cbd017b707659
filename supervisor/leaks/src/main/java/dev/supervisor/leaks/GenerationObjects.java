package dev.supervisor.leaks;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** A generation's objects in a heap dump: its class loader, the loaders below it, their classes and instances. */
final class GenerationObjects {

    private final DumpedHeap heap;
    private final int loader;
    private final Map<Integer, Boolean> loaders = new HashMap<>();
    private final BitSet classes = new BitSet();

    GenerationObjects(DumpedHeap heap, int loader) {
        this.heap = heap;
        this.loader = loader;
        loaders.put(DumpedHeap.NONE, false);
        loaders.put(loader, true);
        for (int type : heap.classes()) {
            if (ownsLoader(heap.loaderOf(type))) {
                classes.set(type);
            }
        }
    }

    int loader() {
        return loader;
    }

    boolean owns(int object) {
        int type = heap.classOf(object);
        return (type != DumpedHeap.NONE && classes.get(type)) || loaders.getOrDefault(object, false);
    }

    boolean ownsLoader(int candidate) {
        Boolean known = loaders.get(candidate);
        if (known == null) {
            known = ownsLoader(parentOf(candidate));
            loaders.put(candidate, known);
        }
        return known;
    }

    int parentOf(int child) {
        return heap.field(child, "java.lang.ClassLoader", "parent");
    }
}
