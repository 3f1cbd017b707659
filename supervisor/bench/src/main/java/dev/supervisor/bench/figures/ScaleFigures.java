package dev.supervisor.bench.figures;

import java.util.List;

/** The time and the memory of swaps, by the number of connections, classes and former generations. */
public record ScaleFigures(
        List<HeldConnections> held,
        List<MovedConnections> moved,
        List<ApplicationSize> applications,
        List<DrainingGenerations> draining) {

    /** The JVM options of each server. */
    public static final String JAVA_OPTIONS = System.getenv().getOrDefault("SUPERVISOR_JAVA_OPTS", "-Xms32m -Xmx1g");

    static String text(Quantiles quantiles) {
        return String.format("%.1f (%.1f)", quantiles.median(), quantiles.maximum());
    }
}
