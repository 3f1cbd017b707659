package dev.supervisor.swap;

import dev.supervisor.Event;
import dev.supervisor.Held;
import dev.supervisor.generation.Generation;
import dev.supervisor.socket.ReceivingSocket;
import dev.supervisor.socket.Sockets;
import java.time.Instant;
import java.util.function.Consumer;

/** The events of a generation that begins to serve. Belongs to the thread of the {@link SwapLoop}. */
final class ServingEvents {

    private final Sockets sockets;
    private final Consumer<Event> events;

    /** Whether the last generation that served was a program, whose pages the supervisor can put nothing into. */
    private boolean lastWasNotCustomized;

    ServingEvents(Sockets sockets, Consumer<Event> events) {
        this.sockets = sockets;
        this.events = events;
    }

    /** @param held the work that had waited for it */
    void serves(GenerationFactory.Started started, Instant since, Held held) {
        Generation generation = started.generation();
        events.accept(new Event.Serving(
                generation.number(),
                generation.snapshot().build().name(),
                started.loaded(),
                started.started(),
                since,
                held));
        if (generation.isNotCustomized() && !lastWasNotCustomized) {
            events.accept(new Event.NotInjected(generation.number()));
        }
        lastWasNotCustomized = generation.isNotCustomized();
        sockets.listening().stream()
                .filter(listener -> generation.connections().serverOf(listener).isEmpty())
                .forEach(listener -> events.accept(
                        new Event.NotServed(generation.number(), listener.spec().name())));
        sockets.receiving().stream()
                .filter(socket -> !generation.connections().receives(socket))
                .forEach(socket -> events.accept(
                        new Event.NotServed(generation.number(), socket.spec().name())));
    }

    /** Says how many datagrams were lost while no generation received. */
    void lost() {
        for (ReceivingSocket socket : sockets.receiving()) {
            long lost = socket.takeLost();
            if (lost > 0) {
                events.accept(new Event.DatagramsLost(socket.spec().name(), lost, socket.receiveBuffer()));
            }
        }
    }
}
