package dev.supervisor.bench.figures;

import java.util.List;

/** How the time and the memory of swaps grow with what there is. */
public record ScaleFigures(
        List<HeldConnections> held,
        List<MovedConnections> moved,
        List<ApplicationSize> applications,
        List<DrainingGenerations> draining) {

    /** Of each server. */
    public static final String JAVA_OPTIONS = System.getenv().getOrDefault("SUPERVISOR_JAVA_OPTS", "-Xms32m -Xmx1g");

    static String text(Quantiles quantiles) {
        return String.format("%.1f (%.1f)", quantiles.median(), quantiles.maximum());
    }
}
