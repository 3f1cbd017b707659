package dev.supervisor.spi;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Decides which descriptor of the parent process is for which listener: by its name, and without a name by its order. */
final class DescriptorAssignment {

    private DescriptorAssignment() {}

    /**
     * Returns the descriptor of each listener that has one.
     *
     * @param listeners the names, in their order
     * @throws IllegalArgumentException that names the descriptor that is for no listener: the system would accept its
     *     connections, and nobody would answer
     */
    static Map<String, PassedDescriptor> assign(List<String> listeners, List<PassedDescriptor> passed) {
        Map<String, PassedDescriptor> assigned = new HashMap<>();
        Deque<PassedDescriptor> unnamed = new ArrayDeque<>();
        for (PassedDescriptor descriptor : passed) {
            String name = descriptor.name().orElse("");
            if (name.isEmpty()) {
                unnamed.add(descriptor);
            } else if (!listeners.contains(name)) {
                throw superfluous(descriptor, listeners);
            } else if (assigned.put(name, descriptor) != null) {
                throw new IllegalArgumentException("the parent process passes two descriptors of the name '" + name
                        + "': give each a name of its own");
            }
        }
        for (String listener : listeners) {
            if (!unnamed.isEmpty() && !assigned.containsKey(listener)) {
                assigned.put(listener, unnamed.remove());
            }
        }
        if (!unnamed.isEmpty()) {
            throw superfluous(unnamed.remove(), listeners);
        }
        return assigned;
    }

    private static IllegalArgumentException superfluous(PassedDescriptor descriptor, List<String> listeners) {
        return new IllegalArgumentException("the parent process passes " + descriptor
                + ", for which there is no listener: there is " + String.join(", ", listeners)
                + " (name each descriptor like its listener, by FileDescriptorName= of systemd, or pass fewer)");
    }
}
