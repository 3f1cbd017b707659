package dev.supervisor.cli;

import dev.supervisor.Endpoint;
import dev.supervisor.Protocol;
import dev.supervisor.SocketSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds sockets of several applications that can't all be bound, without binding them. */
final class SocketConflicts {

    private static final Set<String> ALL_ADDRESSES = Set.of("0.0.0.0", "::", "*");

    private SocketConflicts() {}

    /** Returns messages by the names of the applications that come second. */
    static Map<String, String> of(List<ApplicationPlan> plans) {
        Map<String, String> found = new LinkedHashMap<>();
        for (int i = 0; i < plans.size(); i++) {
            for (int j = 0; j < i; j++) {
                between(plans.get(j), plans.get(i), found);
            }
        }
        return found;
    }

    private static void between(ApplicationPlan first, ApplicationPlan second, Map<String, String> found) {
        boolean share = first.options().binding().reusePort()
                && second.options().binding().reusePort();
        for (SocketSpec one : first.options().sockets()) {
            for (SocketSpec other : second.options().sockets()) {
                if (overlap(one, other) && !(share && one.endpoint() instanceof Endpoint.Tcp)) {
                    found.putIfAbsent(
                            second.name(),
                            second.name() + ": " + other + " is the address of an application before it, '"
                                    + first.name() + "' (" + one + "): give each one of its own");
                }
            }
        }
    }

    private static boolean overlap(SocketSpec one, SocketSpec other) {
        if (one.endpoint() instanceof Endpoint.Tcp a && other.endpoint() instanceof Endpoint.Tcp b) {
            return (one.protocol() == Protocol.DATAGRAM) == (other.protocol() == Protocol.DATAGRAM)
                    && a.port() != 0
                    && a.port() == b.port()
                    && (a.host().equals(b.host())
                            || ALL_ADDRESSES.contains(a.host())
                            || ALL_ADDRESSES.contains(b.host()));
        }
        return one.endpoint() instanceof Endpoint.Unix a
                && other.endpoint() instanceof Endpoint.Unix b
                && a.path()
                        .toAbsolutePath()
                        .normalize()
                        .equals(b.path().toAbsolutePath().normalize());
    }
}
