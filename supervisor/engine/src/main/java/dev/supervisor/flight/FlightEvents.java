package dev.supervisor.flight;

import dev.supervisor.Departure;
import dev.supervisor.Event;
import dev.supervisor.Status;
import java.util.function.Supplier;

/**
 * Writes events to the recordings of Java Flight Recorder that are running. Where none is running, or an event is not
 * enabled, a call does nothing, and allocates nothing that lasts. Thread-safe; no method blocks.
 */
public interface FlightEvents {

    /** A swap that is under way. */
    interface Swap {
        Swap NONE = (swap, application) -> {};

        /**
         * The swap has ended. May be called by another thread than {@link FlightEvents#swapBegins}.
         *
         * @param swap asked only if the event is written
         * @param application its name
         */
        void ended(Supplier<Status.Swap> swap, String application);
    }

    /** A swap begins at this moment. */
    Swap swapBegins();

    /**
     * A generation has begun to serve, has ended, or has been collected, if the event is about that.
     *
     * @param application its name
     */
    void accept(String application, Event event);

    /**
     * A connection has waited at the gate of a socket.
     *
     * @param expired whether it waited for too long
     */
    void held(String socket, long nanos, boolean expired);

    /** A connection has left a backend that another one has replaced. Recorded if it has moved to that. */
    void left(String socket, Departure how);

    /** Does nothing. */
    FlightEvents NONE = new FlightEvents() {
        @Override
        public Swap swapBegins() {
            return Swap.NONE;
        }

        @Override
        public void accept(String application, Event event) {}

        @Override
        public void held(String socket, long nanos, boolean expired) {}

        @Override
        public void left(String socket, Departure how) {}
    };
}
