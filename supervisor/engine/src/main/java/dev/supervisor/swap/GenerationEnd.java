package dev.supervisor.swap;

import dev.supervisor.Event;
import dev.supervisor.Ledger;
import dev.supervisor.generation.Generation;
import dev.supervisor.unload.Metaspace;
import dev.supervisor.unload.Unload;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Ends generations that are not live any more, and says what becomes of them. Thread-safe. */
final class GenerationEnd {

    private final DrainThreads drains;
    private final GenerationRegistry registry;
    private final Unload unload;
    private final Duration drainTimeout;
    private final Consumer<Event> events;

    /** @param drainTimeout reported in the {@code Draining} event */
    GenerationEnd(
            DrainThreads drains,
            GenerationRegistry registry,
            Unload unload,
            Duration drainTimeout,
            Consumer<Event> events) {
        this.drains = drains;
        this.registry = registry;
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
        registry.leaving(generation.number(), () -> {});
        return drains.run("generation-" + generation.number(), () -> end(generation, () -> {}));
    }

    /**
     * For one that has connections, which are to leave first.
     *
     * @param ended run when it has ended
     */
    DrainThreads.Observer after(Generation generation, Runnable ended) {
        return new AfterDrain(generation, ended);
    }

    private void end(Generation generation, Runnable sayEnded) {
        try {
            say(generation.number(), endOf(generation, sayEnded));
        } finally {
            unload.watch(generation.number(), generation.owner());
        }
    }

    private Generation.End endOf(Generation generation, Runnable sayEnded) {
        try {
            Generation.End end = generation.end();
            sayEnded.run();
            return end;
        } finally {
            registry.ended(generation.number());
        }
    }

    private void say(int generation, Generation.End end) {
        if (!end.left().isEmpty()) {
            events.accept(new Event.LeftBehind(generation, end.left()));
        }
        if (!end.running().isEmpty()) {
            GenerationRegistry.RunningOn all = registry.runsOn(generation);
            events.accept(
                    new Event.RunsOn(generation, end.running(), all.generations(), all.classes(), Metaspace.used()));
        }
    }

    /** On the thread of the generation's end. */
    private final class AfterDrain implements DrainThreads.Observer {

        private final Generation generation;
        private final Runnable ended;

        AfterDrain(Generation generation, Runnable ended) {
            this.generation = generation;
            this.ended = ended;
        }

        @Override
        public void kept(Runnable cutShort) {
            registry.kept(generation.number(), cutShort);
        }

        @Override
        public void begun(Runnable cutShort) {
            registry.leaving(generation.number(), cutShort);
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
                // what a program closes only when it is stopped is in the ledger by now
                end(
                        generation,
                        () -> events.accept(new Event.Ended(
                                generation.number(),
                                after,
                                generation.connections().ledger())));
            } finally {
                ended.run();
            }
        }
    }
}
