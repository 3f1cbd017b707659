package dev.supervisor.cli;

import dev.supervisor.InheritedSocket;
import dev.supervisor.SupervisorException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Decides which application gets which socket of the parent process. */
final class PassedOn {

    private PassedOn() {}

    /**
     * Returns the sockets for each application. One that the service manager has kept is offered to all: it names its
     * address, and is used by the one that has it.
     *
     * @param sockets the names of the sockets of each application
     * @throws SupervisorException if a socket has no name, or one that no application has, or several
     */
    static Map<String, List<InheritedSocket>> to(Map<String, Set<String>> sockets, List<InheritedSocket> passed) {
        Map<String, List<InheritedSocket>> all = new LinkedHashMap<>();
        sockets.keySet().forEach(application -> all.put(application, new ArrayList<>()));
        for (InheritedSocket socket : passed) {
            if (socket.isKept() || sockets.size() == 1) {
                all.values().forEach(each -> each.add(socket));
            } else {
                Objects.requireNonNull(all.get(applicationOf(sockets, socket))).add(socket);
            }
        }
        return all;
    }

    private static String applicationOf(Map<String, Set<String>> sockets, InheritedSocket socket) {
        String name = socket.name()
                .orElseThrow(() -> new SupervisorException("the parent process passes " + socket
                        + " without a name: with several applications each needs one (LISTEN_FDNAMES)"));
        List<String> having = sockets.entrySet().stream()
                .filter(each -> each.getValue().contains(name))
                .map(Map.Entry::getKey)
                .toList();
        if (having.size() == 1) {
            return having.get(0);
        }
        throw new SupervisorException("the parent process passes " + socket + ", and "
                + (having.isEmpty()
                        ? "no application has a socket of that name (add 'inherit: " + name + "=http' to one)"
                        : "several applications have a socket of that name: " + String.join(", ", having)
                                + " (give each socket a name of its own, as in 'socket: shop=http::8888')"));
    }
}
