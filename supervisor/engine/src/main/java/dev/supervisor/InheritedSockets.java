package dev.supervisor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Decides which sockets of the parent process take the places of which configured ones: by their names, and those
 * without a name by their order. A configured socket that was not passed is bound, unless it must be passed.
 */
final class InheritedSockets {

    /**
     * A socket that the parent process must pass.
     *
     * @param name empty for the next one without a name
     */
    record Required(String name, Protocol protocol) {}

    private final List<SocketSpec> configured;
    private final List<Required> required;
    private final int places;

    /** The descriptor for each configured socket, by its index; null if none was passed. */
    private final List<Optional<InheritedSocket>> passed = new ArrayList<>();

    private final List<SocketSpec> more = new ArrayList<>();

    private InheritedSockets(List<SocketSpec> configured, List<Required> required) {
        this.configured = SocketSpec.named(configured);
        this.required = new ArrayList<>(required);
        this.places = configured.size() + required.size();
        configured.forEach(each -> passed.add(Optional.empty()));
    }

    /**
     * Returns the sockets to listen on: the configured ones in their order, then those that were passed without being
     * configured; these are of HTTP if nothing at all was configured.
     *
     * @throws SupervisorException that names the socket that fits nowhere
     */
    static List<SocketSpec> assign(List<SocketSpec> configured, List<Required> required, List<InheritedSocket> all) {
        List<InheritedSocket> inherited = all.stream()
                .filter(socket -> !socket.isKept() && socket.adoptedName().isEmpty())
                .toList();
        if (inherited.isEmpty() && required.isEmpty()) {
            return configured;
        }
        InheritedSockets sockets = new InheritedSockets(configured, required);
        inherited.stream().filter(socket -> socket.name().isPresent()).forEach(sockets::placeByName);
        List<InheritedSocket> unnamed =
                inherited.stream().filter(socket -> socket.name().isEmpty()).toList();
        unnamed.forEach(sockets::placeByOrder);
        sockets.requireAll(!unnamed.isEmpty());
        return sockets.all();
    }

    /**
     * Returns the descriptors of the sockets that were kept since the run before, by the names of the sockets that are the
     * same as then.
     */
    static Map<String, Integer> kept(List<SocketSpec> sockets, List<InheritedSocket> inherited) {
        Map<String, Integer> kept = new HashMap<>();
        for (SocketSpec spec : sockets) {
            inherited.stream()
                    .filter(socket -> socket.name().equals(Optional.of(spec.keptName())))
                    .forEach(socket -> kept.putIfAbsent(spec.name(), socket.descriptor()));
        }
        return kept;
    }

    /**
     * Returns the descriptors of the ports that a program has bound in the process before, by their names.
     *
     * @throws SupervisorException if one of the sockets has the name of one
     */
    static Map<String, Integer> adopted(List<SocketSpec> sockets, List<InheritedSocket> inherited) {
        Map<String, Integer> adopted = new LinkedHashMap<>();
        inherited.forEach(
                socket -> socket.adoptedName().ifPresent(name -> adopted.putIfAbsent(name, socket.descriptor())));
        for (SocketSpec spec : sockets) {
            if (adopted.containsKey(spec.name())) {
                throw new SupervisorException("the socket '" + spec.name()
                        + "' has the name of a port that the program has bound: give it another one");
            }
        }
        return adopted;
    }

    private void placeByName(InheritedSocket socket) {
        String name = socket.name().orElseThrow();
        if (!place(
                socket,
                name,
                index -> configured.get(index).name().equals(name),
                each -> each.name().equals(name))) {
            throw new SupervisorException(
                    "the parent process passes " + socket + ", for which there is no socket of that" + " name (add "
                            + OptionKey.INHERIT + " " + name + "=http, or pass fewer)");
        }
    }

    private void placeByOrder(InheritedSocket socket) {
        if (!place(
                socket,
                "",
                index -> passed.get(index).isEmpty(),
                each -> each.name().isEmpty())) {
            throw new SupervisorException("the parent process passes " + socket + " without a name, and there are only "
                    + places + " sockets (pass as many as there are, or give them names)");
        }
    }

    private boolean place(
            InheritedSocket socket, String name, Predicate<Integer> fits, Predicate<Required> isRequired) {
        if (places == 0) {
            more.add(new SocketSpec(name, Protocol.HTTP, new Endpoint.Inherited(socket.descriptor())));
            return true;
        }
        for (Required each : required) {
            if (isRequired.test(each)) {
                required.remove(each);
                more.add(new SocketSpec(name, each.protocol(), new Endpoint.Inherited(socket.descriptor())));
                return true;
            }
        }
        for (int index = 0; index < passed.size(); index++) {
            if (fits.test(index)) {
                passed.set(index, Optional.of(socket));
                return true;
            }
        }
        return false;
    }

    /** @param byOrder whether the order of the sockets counts: in this case none may be missing */
    private void requireAll(boolean byOrder) {
        if (!required.isEmpty()) {
            Required first = required.get(0);
            String which = first.name().isEmpty() ? "" : " of the name '" + first.name() + "'";
            throw new SupervisorException("the parent process passes no socket" + which + " for " + OptionKey.INHERIT
                    + " (systemd passes them by LISTEN_FDS and LISTEN_FDNAMES; or use " + OptionKey.SOCKET
                    + " to bind one)");
        }
        long missing = passed.stream().filter(Optional::isEmpty).count();
        if (byOrder && missing > 0) {
            throw new SupervisorException("the parent process passes sockets without names for "
                    + (passed.size() - missing) + " of " + passed.size()
                    + " sockets: pass as many as there are, or give them names");
        }
    }

    private List<SocketSpec> all() {
        List<SocketSpec> all = new ArrayList<>();
        for (int index = 0; index < configured.size(); index++) {
            SocketSpec spec = configured.get(index);
            all.add(passed.get(index)
                    .map(socket ->
                            new SocketSpec(spec.name(), spec.protocol(), new Endpoint.Inherited(socket.descriptor())))
                    .orElse(spec));
        }
        all.addAll(more);
        return all;
    }
}
