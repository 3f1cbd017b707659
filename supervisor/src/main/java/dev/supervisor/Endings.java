package dev.supervisor;

import dev.supervisor.generation.Generation;
import dev.supervisor.socket.Ledger;
import dev.supervisor.unload.Metaspace;
import dev.supervisor.unload.Unload;
import java.time.Duration;
import java.util.function.Consumer;

/** Ends generations that are not live any more, and says what becomes of them. Thread-safe. */
final class Endings {

    private final Population population;
    private final Unload unload;
    private final Duration drainTimeout;
    private final Consumer<Event> events;

    /** @param drainTimeout to be told */
    Endings(Population population, Unload unload, Duration drainTimeout, Consumer<Event> events) {
        this.population = population;
        this.unload = unload;
        this.drainTimeout = drainTimeout;
        this.events = events;
    }

    /** Ends one that never served. Blocks. */
    void end(Generation generation) {
        end(generation, () -> {});
    }

    /** For one that has connections, which are to leave first. */
    Retirement.Observer after(Generation generation) {
        return new AfterDrain(generation);
    }

    private void end(Generation generation, Runnable ended) {
        try {
            say(generation.number(), endOf(generation, ended));
        } finally {
            unload.watch(generation.number(), generation.owner());
        }
    }

    private Generation.End endOf(Generation generation, Runnable ended) {
        try {
            Generation.End end = generation.end();
            ended.run();
            return end;
        } finally {
            population.ended(generation.number());
        }
    }

    private void say(int generation, Generation.End end) {
        if (!end.left().isEmpty()) {
            events.accept(new Event.LeftBehind(generation, end.left()));
        }
        if (!end.running().isEmpty()) {
            Population.RunningOn all = population.runsOn(generation);
            events.accept(
                    new Event.RunsOn(generation, end.running(), all.generations(), all.classes(), Metaspace.used()));
        }
    }

    /** On the thread of the generation's end. */
    private final class AfterDrain implements Retirement.Observer {

        private final Generation generation;

        AfterDrain(Generation generation) {
            this.generation = generation;
        }

        @Override
        public void begun() {
            population.leaving(generation.number());
        }

        @Override
        public void draining(int connections) {
            events.accept(new Event.Draining(generation.number(), connections, drainTimeout));
        }

        @Override
        public void timedOut(int connections) {
            events.accept(new Event.DrainTimedOut(generation.number(), connections, drainTimeout));
        }

        @Override
        public void drained(Duration after, Ledger ledger) {
            end(generation, () -> events.accept(new Event.Ended(generation.number(), after, ledger)));
        }
    }
}
