package dev.supervisor;

import dev.supervisor.socket.Connections;
import dev.supervisor.socket.Gate.Held;
import dev.supervisor.socket.Listener;
import dev.supervisor.socket.SupervisedServerChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Who is live on the listeners: the connections of one generation, or of the failure page, or nobody. Belongs to the
 * thread of the {@link SwapLoop}.
 */
final class Stage {

    private final List<Listener> listeners;
    private @Nullable Connections live;
    private boolean open;

    /** What waits on established connections of those who were live before. */
    private Held parked = Held.NONE;

    Stage(List<Listener> listeners) {
        this.listeners = listeners;
    }

    /** New work waits: new connections at the gates, and new requests on established ones. */
    void hold() {
        open = false;
        if (live != null) {
            live.hold();
        }
        listeners.forEach(listener -> listener.gate().hold());
    }

    /**
     * From now on these are live, behind gates that are shut or still open to the former ones, who do no new work any
     * more. Those must be superseded only after {@link #open}, so that what they let go finds the gates open.
     */
    void enter(Connections next) {
        if (live != null) {
            live.hold();
            parked = parked.plus(live.held());
        }
        live = next;
    }

    /** Opens the gates to who is live, and returns what had waited. */
    Held open() {
        open = true;
        if (live == null) {
            return Held.NONE;
        }
        List<CompletableFuture<Held>> opened = new ArrayList<>();
        for (Listener listener : listeners) {
            live.serverOf(listener)
                    .ifPresentOrElse(
                            server -> opened.add(listener.gate().open(server)),
                            () -> listener.gate().hold());
        }
        live.resume();
        Held held = opened.stream().map(CompletableFuture::join).reduce(parked, Held::plus);
        parked = Held.NONE;
        return held;
    }

    /** A live application has begun to serve a listener only after its start. */
    void serving(SupervisedServerChannel server) {
        if (open && live != null && live.serverOf(server.listener()).orElse(null) == server) {
            var unused = server.listener().gate().open(server);
        }
    }

    /** The listeners that who is live does not serve. */
    List<Listener> notServed() {
        return live == null
                ? listeners
                : listeners.stream()
                        .filter(listener -> live.serverOf(listener).isEmpty())
                        .toList();
    }
}
