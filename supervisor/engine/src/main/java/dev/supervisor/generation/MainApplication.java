package dev.supervisor.generation;

import dev.supervisor.OptionKey;
import dev.supervisor.inspect.Owner;
import dev.supervisor.socket.ListeningSocket;
import dev.supervisor.socket.lent.Borrowings;
import dev.supervisor.socket.netty.Connections;
import dev.supervisor.spi.Application;
import dev.supervisor.spi.ApplicationContext;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A program as an application: runs its {@code main} on a thread of its own, and has started when it accepts connections. Its
 * end is that of a JVM: {@link #close} does what the program would do then.
 */
final class MainApplication implements Application {

    /** How often to look whether it accepts; at first more often, since a small program starts within milliseconds. */
    private static final Duration LOOKS_APART = Duration.ofMillis(5);

    private static final Duration FIRST_LOOKS_APART = Duration.ofMillis(1);
    private static final Duration FIRST_LOOKS = Duration.ofMillis(300);

    /** How long a program that has begun to accept on one socket may take until it accepts on the others that it has. */
    private static final Duration REST_WITHIN = Duration.ofSeconds(2);

    private final String mainClass;
    private final Owner owner;
    private final List<ListeningSocket> sockets;
    private final Connections connections;
    private final Borrowings borrowings;
    private final BooleanSupplier exits;
    private final Consumer<Throwable> failedLater;
    private final Runnable stops;

    private volatile @Nullable Thread thread;
    private volatile @Nullable Throwable failure;

    /** Guarded by this. */
    private boolean ready;

    private volatile boolean returned;
    private long elsewhereSince;

    /**
     * @param sockets what it is expected to listen on
     * @param exits whether it has called {@link System#exit}, on whatever thread
     * @param failedLater called with what main throws after the start, on the thread of main
     * @param stops what the program does at its end; run by {@link #close}
     */
    MainApplication(
            String mainClass,
            Owner owner,
            List<ListeningSocket> sockets,
            Connections connections,
            Borrowings borrowings,
            BooleanSupplier exits,
            Consumer<Throwable> failedLater,
            Runnable stops) {
        this.mainClass = mainClass;
        this.owner = owner;
        this.sockets = sockets;
        this.connections = connections;
        this.borrowings = borrowings;
        this.exits = exits;
        this.failedLater = failedLater;
        this.stops = stops;
    }

    @Override
    public void start(ApplicationContext context) throws Exception {
        Method main = findMain();
        String[] arguments = context.arguments().toArray(String[]::new);
        Thread running = new Thread(
                owner.threads(), () -> run(main, arguments), owner.loader().getName() + "-main");
        running.setDaemon(false); // inherited by the threads that it starts, which keep a JVM alive
        running.setContextClassLoader(owner.loader());
        running.start();
        thread = running;
        try {
            awaitReady();
        } catch (InterruptedException e) { // it has not started in time
            running.interrupt();
            throw e;
        }
    }

    /** Returns the thread of main, where that runs, or the one that waits for the start: the one that shows where it hangs. */
    Thread worker(Thread waiting) {
        Thread running = thread;
        return running != null && running.isAlive() ? running : waiting;
    }

    private Method findMain() throws ReflectiveOperationException {
        Method main = Class.forName(mainClass, false, owner.loader()).getDeclaredMethod("main", String[].class);
        if (!Modifier.isStatic(main.getModifiers())) {
            throw new NoSuchMethodException(mainClass + ".main(String[]) is not static");
        }
        main.setAccessible(true);
        return main;
    }

    private void run(Method main, String[] arguments) {
        try {
            main.invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            failed(Objects.requireNonNull(e.getCause()));
        } catch (Throwable e) {
            failed(e);
        }
        returned = true;
    }

    private synchronized void failed(Throwable thrown) {
        failure = thrown;
        if (ready) {
            failedLater.accept(thrown);
        }
    }

    /** @throws Exception what main has thrown before */
    private synchronized void ready() throws Exception {
        throwFailure();
        ready = true;
    }

    private void awaitReady() throws Exception {
        long begun = System.nanoTime();
        long since = 0;
        while (true) {
            throwFailure();
            if (exits.getAsBoolean()) {
                throw new IllegalStateException(mainClass + " has called System.exit");
            }
            boolean accepts = sockets.stream().anyMatch(this::isServed);
            if (accepts && since == 0) {
                since = System.nanoTime();
            }
            if (accepts && (acceptsOnAll() || System.nanoTime() - since > REST_WITHIN.toNanos())) {
                ready();
                return;
            }
            if (!accepts && returned && (listensElsewhere() || !lives())) {
                throwFailure();
                throw new IllegalStateException(notListening());
            }
            boolean isFirst = System.nanoTime() - begun < FIRST_LOOKS.toNanos();
            Thread.sleep((isFirst ? FIRST_LOOKS_APART : LOOKS_APART).toMillis());
        }
    }

    /** Returns whether main has returned: a program has bound its ports by then, mostly. */
    boolean hasReturned() {
        return returned;
    }

    private void throwFailure() throws Exception {
        Throwable thrown = failure;
        if (thrown instanceof Exception exception) {
            throw exception;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
    }

    /** A program may bind before it can serve, and bind its sockets one after the other. */
    private boolean acceptsOnAll() {
        return sockets.stream().allMatch(this::isServed)
                || (returned && borrowings.leased().stream().allMatch(this::isServed));
    }

    private boolean isServed(ListeningSocket socket) {
        return connections.serverOf(socket).isPresent();
    }

    /** Returns whether a JVM with this program alone would go on running. */
    private boolean lives() {
        Thread[] threads = new Thread[owner.threads().activeCount() + 16];
        owner.threads().enumerate(threads);
        return Arrays.stream(threads).filter(Objects::nonNull).anyMatch(thread -> !thread.isDaemon());
    }

    /** Whether it accepts on other ports, so that it seems to have started, and has had the time to begin here. */
    private boolean listensElsewhere() {
        boolean elsewhere = !borrowings.boundItself().isEmpty()
                || borrowings.leased().stream().anyMatch(this::isServed);
        if (elsewhere && elsewhereSince == 0) {
            elsewhereSince = System.nanoTime();
        }
        return elsewhere && System.nanoTime() - elsewhereSince > REST_WITHIN.toNanos();
    }

    private String notListening() {
        String wanted = sockets.stream().map(socket -> textOf(socket.address())).collect(Collectors.joining(", "));
        Set<SocketAddress> others = borrowings.boundItself();
        borrowings.leased().forEach(socket -> others.add(socket.address()));
        if (others.isEmpty()) {
            return "main of " + mainClass + " has returned, and nothing listens on " + wanted;
        }
        String actual = others.stream().map(MainApplication::textOf).collect(Collectors.joining(", "));
        return mainClass + " listens on " + actual + ", and not on " + wanted + " (" + remedy() + ")";
    }

    private String remedy() {
        String set = "set its port, or another " + OptionKey.PORT;
        return sockets.stream()
                .map(ListeningSocket::address)
                .filter(InetSocketAddress.class::isInstance)
                .findFirst()
                .flatMap(address -> PortHint.of(owner.loader(), ((InetSocketAddress) address).getPort()))
                .map(hint -> set + ": " + hint)
                .orElse(set);
    }

    private static String textOf(SocketAddress address) {
        return address.toString().replaceFirst("^[^/]*/", "");
    }

    @Override
    public void close() {
        stops.run();
    }
}
