package dev.supervisor.swap;

import dev.supervisor.Checks;
import dev.supervisor.Event;
import dev.supervisor.SocketSpec;
import dev.supervisor.Status;
import dev.supervisor.check.GenerationChecks;
import dev.supervisor.check.WarmUp;
import dev.supervisor.generation.Generation;
import dev.supervisor.generation.LoadException;
import dev.supervisor.socket.ListeningSocket;
import dev.supervisor.socket.Server;
import dev.supervisor.socket.Sockets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/** What a generation that has started does before it serves: its checks, and its warm-up. Belongs to the build thread. */
public final class Acceptance {

    /** Nothing. */
    static final Acceptance NONE = new Acceptance(Checks.NONE, Sockets.of(List.of()), event -> {});

    /**
     * How long checks, or a warm-up, go on although a change has been seen, if the files of the build are the same as before: one
     * change may be told twice, and a start may take much longer than that.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** The build has changed while it was checked, so that another turn follows. */
    static final class OutdatedException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private final GenerationChecks checks;
    private final WarmUp warmUp;
    private final List<ListeningSocket> sockets;
    private final Consumer<Event> events;

    public Acceptance(Checks checks, Sockets sockets, Consumer<Event> events) {
        this.sockets = sockets.listening();
        List<SocketSpec> specs =
                this.sockets.stream().map(ListeningSocket::specOfGenerations).toList();
        this.checks = new GenerationChecks(checks, specs);
        this.warmUp = new WarmUp(checks, specs);
        this.events = events;
    }

    /**
     * Has the generation answer.
     *
     * @param hasChanged whether the files of the build are others by now
     * @throws LoadException if it does not answer well: it has failed as if its start had
     * @throws OutdatedException if the build has changed before it had; the generation does not serve
     */
    void accept(Generation generation, GenerationFactory.Turns turns, BooleanSupplier hasChanged)
            throws LoadException, OutdatedException, InterruptedException {
        Function<String, Optional<Server>> servers = name -> sockets.stream()
                .filter(socket -> socket.spec().name().equals(name))
                .findFirst()
                .flatMap(generation.connections()::serverOf);
        if (checks.count() > 0) {
            turns.enter(Status.Phase.CHECK);
            check(generation, servers, isOutdated(turns, hasChanged));
        }
        BooleanSupplier isOutdated = isOutdated(turns, hasChanged);
        if (warmUp.isWanted() && turns.overlaps() && !isOutdated.getAsBoolean()) {
            turns.enter(Status.Phase.WARM_UP);
            WarmUp.Result result = warmUp.run(
                    servers,
                    () -> isOutdated.getAsBoolean() || generation.exited().isPresent());
            events.accept(new Event.WarmedUp(
                    generation.number(), result.requests(), result.failures(), result.steady(), result.took()));
            checkAlive(generation);
        }
    }

    /** Returns whether another build is wanted by now, or is likely to be there. */
    private static BooleanSupplier isOutdated(GenerationFactory.Turns turns, BooleanSupplier hasChanged) {
        long begun = System.nanoTime();
        return () -> turns.isOutdated()
                && (turns.isGivenUp() || System.nanoTime() - begun > PATIENCE.toNanos() || hasChanged.getAsBoolean());
    }

    private void check(Generation generation, Function<String, Optional<Server>> servers, BooleanSupplier isOutdated)
            throws LoadException, OutdatedException, InterruptedException {
        String build = generation.snapshot().build().name();
        GenerationChecks.Verdict verdict = checks.check(
                build,
                servers,
                () -> isOutdated.getAsBoolean() || generation.exited().isPresent());
        if (verdict instanceof GenerationChecks.Passed passed) {
            events.accept(new Event.Checked(generation.number(), checks.count(), passed.took()));
            return;
        }
        checkAlive(generation); // which says more than that it did not answer
        if (verdict instanceof GenerationChecks.Failed failed) {
            throw new LoadException(failed.problem(), LoadException.Kind.FAILED);
        }
        throw new OutdatedException();
    }

    private static void checkAlive(Generation generation) throws LoadException {
        if (generation.exited().isPresent()) {
            throw new LoadException(generation.exited().get(), LoadException.Kind.FAILED);
        }
    }
}
