package dev.supervisor.socket;

import dev.supervisor.SupervisorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The sockets of a supervisor, in the order of the options.
 *
 * @param listening the sockets for connections
 * @param receiving the sockets for datagrams
 * @param adopted the sockets that applications have bound besides these
 */
public record Sockets(
        List<SupervisedSocket> all,
        List<ListeningSocket> listening,
        List<ReceivingSocket> receiving,
        AdoptedSockets adopted) {

    /** Returns sockets besides which none can be adopted. */
    public static Sockets of(List<SupervisedSocket> all) {
        AdoptedSockets none = new AdoptedSockets(
                Set.of(),
                (spec, bound) -> {
                    throw new SupervisorException("can't adopt " + spec);
                },
                socket -> {});
        return of(all, none);
    }

    public static Sockets of(List<SupervisedSocket> all, AdoptedSockets adopted) {
        List<ListeningSocket> listening = new ArrayList<>();
        List<ReceivingSocket> receiving = new ArrayList<>();
        for (SupervisedSocket socket : all) {
            if (socket instanceof ListeningSocket listener) {
                listening.add(listener);
            } else if (socket instanceof ReceivingSocket receiver) {
                receiving.add(receiver);
            }
        }
        return new Sockets(List.copyOf(all), List.copyOf(listening), List.copyOf(receiving), adopted);
    }

    /** Returns all sockets that there are now: the ones of the options, then the adopted ones. */
    public List<SupervisedSocket> allAndAdopted() {
        List<SupervisedSocket> sockets = new ArrayList<>(all);
        sockets.addAll(adopted.all());
        return sockets;
    }

    /** Returns the listening sockets that there are now: the ones of the options, then the adopted ones. */
    public List<ListeningSocket> allListening() {
        List<ListeningSocket> sockets = new ArrayList<>(listening);
        sockets.addAll(adopted.all());
        return sockets;
    }
}
