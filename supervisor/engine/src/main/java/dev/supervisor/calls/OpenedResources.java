package dev.supervisor.calls;

import dev.supervisor.inspect.GuardedCall;
import dev.supervisor.inspect.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The resources that one generation has opened, in order. Thread-safe. */
final class OpenedResources {

    private static final int FEW = 64;

    private final List<OpenedResource> opened = new ArrayList<>();
    private int enough = FEW;

    /** Adds a resource, and from time to time forgets closed ones: an application may open and close for ever. */
    synchronized void add(OpenedResource one) {
        if (opened.size() >= enough) {
            opened.removeIf(OpenedResource::isDone);
            enough = Math.max(FEW, 2 * opened.size());
        }
        opened.add(one);
    }

    synchronized boolean contains(OpenedResource one) {
        return opened.contains(one);
    }

    synchronized <T extends OpenedResource> Optional<T> find(Class<T> type, Predicate<T> wanted) {
        return opened.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(wanted)
                .findFirst();
    }

    synchronized void remove(OpenedResource one) {
        opened.remove(one);
    }

    /** Closes the resources that are still open, the last one first, and describes them. */
    List<String> close(Owner owner) {
        List<String> left = new ArrayList<>();
        List<OpenedResource> all = drain();
        for (int i = all.size() - 1; i >= 0; i--) {
            OpenedResource one = all.get(i);
            GuardedCall.run(owner, "close what it has left open", () -> {
                if (one.isOpen()) {
                    left.add(one.description());
                    one.close();
                }
            });
        }
        return left;
    }

    private synchronized List<OpenedResource> drain() {
        List<OpenedResource> all = List.copyOf(opened);
        opened.clear();
        return all;
    }
}
