package bench;

import bench.SavedTimes.Parts;
import java.util.List;

/**
 * Of many saves, in milliseconds.
 *
 * @param buildShare of the time of all saves, the part that is the build tool's own
 * @param formerAnswers to requests that came before the save had been seen
 */
record SaveFigures(
        String builtBy,
        Quantiles total,
        Quantiles build,
        Quantiles ours,
        Quantiles before,
        Quantiles after,
        double buildShare,
        int formerAnswers,
        List<Parts> saves) {

    private static final String ROW = "%-20s%18s%15s%12s%12s%12s%8s%n";

    static SaveFigures of(String builtBy, List<Parts> saves, int formerAnswers) {
        double all = saves.stream().mapToDouble(Parts::total).sum();
        return new SaveFigures(
                builtBy,
                Quantiles.of(saves, Parts::total),
                Quantiles.of(saves, Parts::build),
                Quantiles.of(saves, Parts::ours),
                Quantiles.of(saves, Parts::before),
                Quantiles.of(saves, Parts::after),
                saves.stream().mapToDouble(Parts::build).sum() / all,
                formerAnswers,
                saves);
    }

    static void printHead() {
        System.out.println("median (maximum) in ms");
        System.out.printf(ROW, "", "save to answer", "the build", "the rest", "before it", "after it", "build");
    }

    void print() {
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
