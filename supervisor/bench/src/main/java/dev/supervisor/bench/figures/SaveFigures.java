package dev.supervisor.bench.figures;

import java.util.List;

/**
 * The times of many saves, in milliseconds.
 *
 * @param ours the time of a save without the build tool
 * @param buildShare the build tool's share of the time of all saves
 * @param formerAnswers answers of the former build, to requests that came before the save had been seen
 */
public record SaveFigures(
        String builtBy,
        Quantiles total,
        Quantiles build,
        Quantiles ours,
        Quantiles before,
        Quantiles after,
        double buildShare,
        int formerAnswers,
        List<SaveTimes> saves) {

    private static final String ROW = "%-20s%18s%15s%12s%12s%12s%8s%n";

    public static SaveFigures of(String builtBy, List<SaveTimes> saves, int formerAnswers) {
        double all = saves.stream().mapToDouble(SaveTimes::total).sum();
        return new SaveFigures(
                builtBy,
                Quantiles.of(saves, SaveTimes::total),
                Quantiles.of(saves, SaveTimes::build),
                Quantiles.of(saves, SaveTimes::ours),
                Quantiles.of(saves, SaveTimes::before),
                Quantiles.of(saves, SaveTimes::after),
                saves.stream().mapToDouble(SaveTimes::build).sum() / all,
                formerAnswers,
                saves);
    }

    public static void printHead() {
        System.out.println("median (maximum) in ms");
        System.out.printf(ROW, "", "save to answer", "the build", "the rest", "before it", "after it", "build");
    }

    public void print() {
        System.out.printf(
                ROW,
                builtBy,
                text(total),
                text(build),
                text(ours),
                text(before),
                text(after),
                Math.round(100 * buildShare) + "%");
    }

    private static String text(Quantiles quantiles) {
        return String.format("%.0f (%.0f)", quantiles.median(), quantiles.maximum());
    }
}
