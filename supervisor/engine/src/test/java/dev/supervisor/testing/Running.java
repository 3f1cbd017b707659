package dev.supervisor.testing;

import dev.supervisor.Event;
import dev.supervisor.Supervisor;
import dev.supervisor.SupervisorOptions;
import dev.supervisor.Tally;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** A supervisor under test, and what it said. */
public final class Running implements AutoCloseable {

    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final List<Event> events = new ArrayList<>();
    private final Supervisor supervisor;

    private Running(SupervisorOptions options) {
        supervisor = Supervisor.start(options, this::record);
    }

    /** Starts with one HTTP socket on a free port, details on the failure page, and what the options add. */
    public static Running http(Path app, UnaryOperator<SupervisorOptions.Builder> more) {
        return with(app, options -> more.apply(options.port(0)));
    }

    public static Running http(Path app) {
        return http(app, options -> options);
    }

    public static Running with(Path app, UnaryOperator<SupervisorOptions.Builder> more) {
        return new Running(
                more.apply(SupervisorOptions.builder(app).details(true)).build());
    }

    private void record(Event event) {
        synchronized (events) {
            events.add(event);
            events.notifyAll();
        }
    }

    public Supervisor supervisor() {
        return supervisor;
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) supervisor.addresses().get(0);
    }

    public InetSocketAddress address(String name) {
        return (InetSocketAddress) supervisor.address(name);
    }

    /** All that was said so far. */
    public List<Event> events() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    public <E extends Event> List<E> events(Class<E> type) {
        return events().stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Waits until something of this kind has been said, and returns the first. */
    public <E extends Event> E await(Class<E> type, Predicate<E> which) throws InterruptedException {
        return awaitWhile(type, which, TIMEOUT_NANOS, () -> {});
    }

    /** The same for what has to be provoked: does this again and again until then. */
    public <E extends Event> E await(Class<E> type, Predicate<E> which, Runnable provoke) throws InterruptedException {
        return awaitWhile(type, which, TimeUnit.MILLISECONDS.toNanos(100), provoke);
    }

    private <E extends Event> E awaitWhile(Class<E> type, Predicate<E> which, long turnNanos, Runnable atEachTurn)
            throws InterruptedException {
        long deadline = System.nanoTime() + TIMEOUT_NANOS;
        while (true) {
            synchronized (events) {
                Optional<E> found = events(type).stream().filter(which).findFirst();
                if (found.isPresent()) {
                    return found.get();
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError("no such " + type.getSimpleName() + " among " + events);
                }
                TimeUnit.NANOSECONDS.timedWait(events, turnNanos);
            }
            atEachTurn.run();
        }
    }

    /** Waits until the build that serves, or goes on, is followed by none; that may be said more than once. */
    public void awaitAwaiting() throws InterruptedException {
        await(Event.Awaiting.class, any -> {
            List<Event> turns = events().stream()
                    .filter(event -> event instanceof Event.Awaiting
                            || event instanceof Event.Serving
                            || event instanceof Event.Unchanged)
                    .toList();
            return turns.get(turns.size() - 1) instanceof Event.Awaiting;
        });
    }

    public <E extends Event> E await(Class<E> type) throws InterruptedException {
        return await(type, event -> true);
    }

    public Event.Serving awaitServing(int generation) throws InterruptedException {
        return await(Event.Serving.class, event -> event.generation() == generation);
    }

    /** Waits until the connections of the socket {@code http} are such, and returns them; they must balance all the while. */
    public Tally awaitTally(Predicate<Tally> which) {
        long deadline = System.nanoTime() + TIMEOUT_NANOS;
        while (true) {
            Tally tally = supervisor.tally("http");
            if (tally.accepted() != tally.open() + tally.ended() || System.nanoTime() - deadline > 0) {
                throw new AssertionError(tally);
            }
            if (which.test(tally)) {
                return tally;
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        supervisor.close();
    }
}
