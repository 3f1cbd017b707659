package dev.supervisor.bench.figures;

/**
 * The times of one save, in milliseconds.
 *
 * @param total from the save to the end of the answer
 * @param before from the save to the start of the build tool: seeing the change, and the time to settle
 * @param build from the start of the build tool to its end
 * @param after from the end of the build to the end of the answer: snapshot, load, start
 */
public record SaveTimes(double total, double before, double build, double after) {

    double ours() {
        return before + after;
    }
}
