package dev.supervisor.flight;

import dev.supervisor.Departure;
import dev.supervisor.Event;
import dev.supervisor.Status;
import dev.supervisor.Status.Phase;
import java.util.Locale;
import jdk.jfr.FlightRecorder;

/**
 * Needs the module {@code jdk.jfr}. Each method looks first whether the event is enabled in a recording. No event's class is loaded
 * before there has been one, since its registration initializes the recorder, which takes longer than a small swap.
 */
final class JfrFlight implements FlightEvents {

    private JfrFlight() {}

    static FlightEvents create() {
        return new JfrFlight();
    }

    @Override
    public Swap swapBegins() {
        if (!FlightRecorder.isInitialized()) {
            return Swap.NONE;
        }
        SwapEvent event = new SwapEvent();
        if (!event.isEnabled()) {
            return Swap.NONE;
        }
        event.begin();
        return (swap, application) -> {
            event.end();
            if (event.shouldCommit()) {
                commit(event, swap.get(), application);
            }
        };
    }

    private static void commit(SwapEvent event, Status.Swap swap, String application) {
        event.number = swap.number();
        event.result = word(swap.result());
        event.trigger = word(swap.trigger());
        event.generation = swap.generation().orElse(0);
        event.application = application;
        event.build = nanos(swap, Phase.BUILD);
        event.snapshot = nanos(swap, Phase.SNAPSHOT);
        event.load = nanos(swap, Phase.LOAD);
        event.start = nanos(swap, Phase.START);
        event.check = nanos(swap, Phase.CHECK);
        event.warmUp = nanos(swap, Phase.WARM_UP);
        event.held = swap.held().count();
        event.longestHeld = swap.held().longest().toNanos();
        event.commit();
    }

    private static long nanos(Status.Swap swap, Phase phase) {
        return swap.phases().stream()
                .filter(timed -> timed.phase() == phase)
                .mapToLong(timed -> timed.took().toNanos())
                .sum();
    }

    @Override
    public void accept(String application, Event event) {
        if (!FlightRecorder.isInitialized()) {
            return;
        }
        if (event instanceof Event.Serving serving) {
            serving(application, serving);
        } else if (event instanceof Event.Ended ended) {
            ended(application, ended);
        } else if (event instanceof Event.Unloaded unloaded) {
            unloaded(application, unloaded);
        }
    }

    private static void serving(String application, Event.Serving serving) {
        GenerationEvent event = new GenerationEvent();
        if (event.shouldCommit()) {
            event.number = serving.generation();
            event.state = word(Status.State.LIVE);
            event.application = application;
            event.load = serving.loaded().toNanos();
            event.start = serving.started().toNanos();
            event.commit();
        }
    }

    private static void ended(String application, Event.Ended ended) {
        GenerationEvent event = new GenerationEvent();
        if (event.shouldCommit()) {
            event.number = ended.generation();
            event.application = application;
            event.state = word(Status.State.ENDED);
            event.drain = ended.drained().toNanos();
            event.connections = ended.ledger().total();
            event.commit();
        }
    }

    private static void unloaded(String application, Event.Unloaded unloaded) {
        UnloadEvent event = new UnloadEvent();
        if (event.shouldCommit()) {
            event.generation = unloaded.generation();
            event.application = application;
            event.after = unloaded.after().toNanos();
            event.commit();
        }
    }

    @Override
    public void held(String socket, long nanos, boolean expired) {
        if (!FlightRecorder.isInitialized()) {
            return;
        }
        HeldEvent event = new HeldEvent();
        if (event.shouldCommit()) {
            event.socket = socket;
            event.waited = nanos;
            event.expired = expired;
            event.commit();
        }
    }

    @Override
    public void left(String socket, Departure how) {
        if (!FlightRecorder.isInitialized()) {
            return;
        }
        ConnectionMovedEvent event = new ConnectionMovedEvent();
        if (event.shouldCommit() && hasMoved(how)) {
            event.socket = socket;
            event.how = word(how);
            event.commit();
        }
    }

    private static boolean hasMoved(Departure how) {
        return switch (how) {
            case MOVED_IDLE, MOVED_AFTER_RESPONSE, HANDED_OFF -> true;
            default -> false;
        };
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
