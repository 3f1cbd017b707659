package dev.supervisor.bench.servers;

import dev.supervisor.bench.figures.SaveTimes;
import dev.supervisor.bench.tools.Polling;
import java.util.function.Consumer;

/**
 * Records when the supervisor has begun and ended the build of the last save. Called by the thread that reads the
 * events.
 */
public final class SaveTimer implements Consumer<String> {

    private static final int QUIET_MILLIS = 500;

    private long building;
    private long built;
    private int serving;
    private int ended;

    @Override
    public synchronized void accept(String line) {
        SupervisorEvent.of(line).ifPresent(this::note);
    }

    private void note(SupervisorEvent event) {
        switch (event.name()) {
            case "building" -> building = event.nanos();
            case "built" -> built = event.nanos();
            case "serving" -> serving++;
            case "ended" -> ended++;
            default -> {} // not about a save
        }
    }

    /**
     * Waits until all former generations have ended, and then for the shortest time that a developer looks at a page.
     */
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
