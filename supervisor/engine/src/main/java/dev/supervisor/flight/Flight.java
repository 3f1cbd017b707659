package dev.supervisor.flight;

/** Finds out, once, whether this JVM has Java Flight Recorder. */
public final class Flight {

    private static final FlightEvents RECORDER = load();

    private Flight() {}

    /** Returns the one of this JVM, as recordings are of a JVM, too. It does nothing if the JVM lacks {@code jdk.jfr}. */
    public static FlightEvents recorder() {
        return RECORDER;
    }

    /** {@link JfrFlight} is not loaded before it is known that the superclass of its events is there. */
    private static FlightEvents load() {
        return ModuleLayer.boot().findModule("jdk.jfr").isPresent() ? JfrFlight.create() : FlightEvents.NONE;
    }
}
