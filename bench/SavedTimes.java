package bench;

import java.util.function.Consumer;

/** When the supervisor has said what, of the last save; told by the thread that reads the transcript. */
final class SavedTimes implements Consumer<String> {

    /**
     * In milliseconds.
     *
     * @param build from the start of the build tool to its end
     * @param before from the save to the start of the build tool: seeing the change, and the time to settle
     * @param after from the end of the build to the end of the answer: snapshot, load, start
     */
    record Parts(double total, double before, double build, double after) {

        double ours() {
            return before + after;
        }
    }

    private static final int QUIET_MILLIS = 500;

    private long building;
    private long built;
    private int serving;
    private int ended;

    @Override
    public synchronized void accept(String line) {
        if (line.startsWith("building: ")) {
            building = System.nanoTime();
        } else if (line.startsWith("built in ")) {
            built = System.nanoTime();
        } else if (line.matches("generation \\d+ serving .*")) {
            serving++;
        } else if (line.matches("generation \\d+ ended .*")) {
            ended++;
        }
    }

    /** Until all former generations have ended, and as much longer as somebody takes at least who reads a page. */
    void awaitQuiet() throws InterruptedException {
        Patience.await("the former generations to end", this::isQuiet);
        Thread.sleep(QUIET_MILLIS);
    }

    private synchronized boolean isQuiet() {
        return ended == serving - 1;
    }

    synchronized Parts parts(long saved, long answered) {
        if (building < saved || built < building || answered < built) {
            throw new IllegalStateException("the transcript does not tell of this save");
        }
        return new Parts(
                (answered - saved) / 1e6, (building - saved) / 1e6, (built - building) / 1e6, (answered - built) / 1e6);
    }
}
