package dev.supervisor;

import dev.supervisor.generation.Generation;
import dev.supervisor.socket.Ledger;
import dev.supervisor.unload.Unload;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Ends generations that are not live any more, and says what becomes of them. Thread-safe. */
final class Endings {

    private final Retirement retirement;
    private final Population population;
    private final Unload unload;
    private final Duration drainTimeout;
    private final Consumer<Event> events;

    /** @param drainTimeout to be told */
    Endings(
            Retirement retirement,
            Population population,
            Unload unload,
            Duration drainTimeout,
            Consumer<Event> events) {
        this.retirement = retirement;
        this.population = population;
        this.unload = unload;
        this.drainTimeout = drainTimeout;
        this.events = events;
    }

    /**
     * Begins to end one that never served, without waiting for that.
     *
     * @return completes when it has ended
     */
    CompletableFuture<@Nullable Void> end(Generation generation) {
        population.leaving(generation.number(), () -> {});
        return retirement.run("generation-" + generation.number(), () -> end(generation, () -> {}));
    }

    /**
     * For one that has connections, which are to leave first.
     *
     * @param ended run when it has ended
     */
    Retirement.Observer after(Generation generation, Runnable ended) {
        return new AfterDrain(generation, ended);
    }

    private void end(Generation generation, Runnable sayEnded) {
        List<String> left = generation.end();
        sayEnded.run();
        population.ended(generation.number());
        if (!left.isEmpty()) {
            events.accept(new Event.LeftBehind(generation.number(), left));
        }
        unload.watch(generation.number(), generation.owner());
    }

    /** On the thread of the generation's end. */
    private final class AfterDrain implements Retirement.Observer {

        private final Generation generation;
        private final Runnable ended;

        AfterDrain(Generation generation, Runnable ended) {
            this.generation = generation;
            this.ended = ended;
        }

        @Override
        public void begun(Runnable cutShort) {
            population.leaving(generation.number(), cutShort);
        }

        @Override
        public void draining(int connections) {
            events.accept(new Event.Draining(generation.number(), connections, drainTimeout));
        }

        @Override
        public void timedOut(int connections, Duration after) {
            events.accept(new Event.DrainTimedOut(generation.number(), connections, after));
        }

        @Override
        public void drained(Duration after, Ledger ledger) {
            try {
                end(generation, () -> events.accept(new Event.Ended(generation.number(), after, ledger)));
            } finally {
                ended.run();
            }
        }
    }
}
