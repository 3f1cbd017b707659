package dev.supervisor.cli;

import dev.supervisor.Endpoint;
import dev.supervisor.Protocol;
import dev.supervisor.SocketSpec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds sockets of several applications that can't all be bound, without binding them. */
final class SocketConflicts {

    private static final Set<String> ALL_ADDRESSES = Set.of("0.0.0.0", "0:0:0:0:0:0:0:0", "*");

    private static final Logger LOG = LoggerFactory.getLogger(SocketConflicts.class);

    private SocketConflicts() {}

    /** @param application the name of the one that comes second */
    record Conflict(String application, String text) {}

    /** Returns the sockets of applications that have the address of a socket of an application before. */
    static List<Conflict> of(List<ApplicationPlan> plans) {
        List<Conflict> found = new ArrayList<>();
        for (int i = 0; i < plans.size(); i++) {
            for (SocketSpec socket : plans.get(i).options().sockets()) {
                first(plans.subList(0, i), plans.get(i), socket).ifPresent(found::add);
            }
        }
        return found;
    }

    private static Optional<Conflict> first(
            List<ApplicationPlan> before, ApplicationPlan application, SocketSpec socket) {
        for (ApplicationPlan other : before) {
            boolean share = socket.endpoint() instanceof Endpoint.Tcp
                    && other.options().binding().reusePort()
                    && application.options().binding().reusePort();
            for (SocketSpec one : other.options().sockets()) {
                if (overlap(one, socket) && !share) {
                    return Optional.of(new Conflict(
                            application.name(),
                            application.name() + ": " + socket + " is the address of an application before it, '"
                                    + other.name() + "' (" + one + "): give each one of its own"));
                }
            }
        }
        return Optional.empty();
    }

    /** Returns messages about the sockets of applications that have this address, of the server of {@code --admin}. */
    static List<String> with(InetSocketAddress admin, List<ApplicationPlan> plans) {
        SocketSpec own =
                SocketSpec.parse("http::" + new Endpoint.Tcp(admin.getAddress().getHostAddress(), admin.getPort()));
        return plans.stream()
                .flatMap(plan -> plan.options().sockets().stream()
                        .filter(socket -> overlap(own, socket))
                        .map(socket -> "admin: the application '" + plan.name() + "' has this address, too (" + socket
                                + "): give each one of its own"))
                .toList();
    }

    private static boolean overlap(SocketSpec one, SocketSpec other) {
        if (one.endpoint() instanceof Endpoint.Tcp a && other.endpoint() instanceof Endpoint.Tcp b) {
            return (one.protocol() == Protocol.DATAGRAM) == (other.protocol() == Protocol.DATAGRAM)
                    && a.port() != 0
                    && a.port() == b.port()
                    && overlap(address(a.host()), address(b.host()));
        }
        return one.endpoint() instanceof Endpoint.Unix a
                && other.endpoint() instanceof Endpoint.Unix b
                && a.path()
                        .toAbsolutePath()
                        .normalize()
                        .equals(b.path().toAbsolutePath().normalize());
    }

    private static boolean overlap(String one, String other) {
        return one.equals(other) || ALL_ADDRESSES.contains(one) || ALL_ADDRESSES.contains(other);
    }

    /** Returns an address in its one form; a name is not looked up. */
    private static String address(String host) {
        if (host.equals("localhost")) {
            return "127.0.0.1";
        }
        boolean isAddress = host.contains(":") || host.matches("[0-9.]+");
        try {
            return isAddress ? InetAddress.getByName(host).getHostAddress() : host;
        } catch (UnknownHostException e) {
            LOG.debug("no address, which is told when it is bound", e);
            return host;
        }
    }
}
