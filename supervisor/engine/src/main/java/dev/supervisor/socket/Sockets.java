package dev.supervisor.socket;

import java.util.ArrayList;
import java.util.List;

/**
 * The sockets of a supervisor, in the order of the options.
 *
 * @param listening the sockets for connections
 * @param receiving the sockets for datagrams
 */
public record Sockets(List<SupervisedSocket> all, List<ListeningSocket> listening, List<ReceivingSocket> receiving) {

    public static Sockets of(List<SupervisedSocket> all) {
        List<ListeningSocket> listening = new ArrayList<>();
        List<ReceivingSocket> receiving = new ArrayList<>();
        for (SupervisedSocket socket : all) {
            if (socket instanceof ListeningSocket listener) {
                listening.add(listener);
            } else if (socket instanceof ReceivingSocket receiver) {
                receiving.add(receiver);
            }
        }
        return new Sockets(List.copyOf(all), List.copyOf(listening), List.copyOf(receiving));
    }
}
