package dev.supervisor.socket.netty;

import dev.supervisor.socket.ReceivingSocket;
import io.netty.channel.socket.DatagramChannel;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The channels by which one generation receives datagrams, at most one for each socket. Goes through the phases of the
 * {@link Connections} that it belongs to. Thread-safe.
 */
final class Receivers implements DatagramValve.Observer {

    private final Map<ReceivingSocket, DatagramValve> valves = new ConcurrentHashMap<>();

    /** All that are not closed, whether or not the application has bound them. */
    private final Set<DatagramValve> made = ConcurrentHashMap.newKeySet();

    /** Whether the generation takes new work. Guarded by this. */
    private boolean open;

    /** Guarded by this. */
    private boolean ended;

    /** Makes a channel, which receives the socket's datagrams once the generation has bound it. */
    synchronized DatagramChannel open(ReceivingSocket socket) {
        if (ended) {
            throw new IllegalStateException("this generation has ended");
        }
        DatagramValve valve = new DatagramValve(socket, this);
        made.add(valve);
        return valve.channel();
    }

    @Override
    public synchronized void bound(DatagramValve valve) {
        if (valves.putIfAbsent(valve.socket(), valve) != null) {
            throw new IllegalStateException(
                    "listener " + valve.socket().spec().name() + " is already served by this generation");
        }
        if (open) {
            valve.open();
        }
    }

    @Override
    public void closed(DatagramValve valve) {
        valves.remove(valve.socket(), valve);
        made.remove(valve);
    }

    boolean receives(ReceivingSocket socket) {
        return valves.containsKey(socket);
    }

    synchronized void open() {
        if (!open) {
            open = true;
            valves.values().forEach(DatagramValve::open);
        }
    }

    synchronized void shut() {
        open = false;
        valves.values().forEach(DatagramValve::shut);
    }

    /** Another process receives from now on. */
    synchronized void finish() {
        valves.values().forEach(DatagramValve::finish);
    }

    synchronized void supersede() {
        open = false;
        valves.values().forEach(DatagramValve::supersede);
    }

    synchronized void close() {
        ended = true;
        made.forEach(DatagramValve::close);
    }

    void closeFromOutside() {
        made.forEach(DatagramValve::closeFromOutside);
    }
}
