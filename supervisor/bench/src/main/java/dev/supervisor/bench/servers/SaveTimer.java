package dev.supervisor.bench.servers;

import dev.supervisor.bench.figures.SaveTimes;
import dev.supervisor.bench.tools.Polling;
import java.util.function.Consumer;

/** Notes when the supervisor has begun and ended the build of the last save. Told by the thread that reads the transcript. */
public final class SaveTimer implements Consumer<String> {

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
    public void awaitQuiet() throws InterruptedException {
        Polling.await("the former generations to end", this::isQuiet);
        Thread.sleep(QUIET_MILLIS);
    }

    private synchronized boolean isQuiet() {
        return ended == serving - 1;
    }

    public synchronized SaveTimes times(long saved, long answered) {
        if (building < saved || built < building || answered < built) {
            throw new IllegalStateException("the transcript does not tell of this save");
        }
        return new SaveTimes(
                (answered - saved) / 1e6, (building - saved) / 1e6, (built - building) / 1e6, (answered - built) / 1e6);
    }
}
