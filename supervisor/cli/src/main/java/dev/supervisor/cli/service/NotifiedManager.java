package dev.supervisor.cli.service;

import dev.supervisor.Event;
import dev.supervisor.InheritedSocket;
import dev.supervisor.process.SupervisorThreads;
import dev.supervisor.socket.BoundSocket;
import java.io.FileDescriptor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notifies a service manager, on a thread of its own. */
final class NotifiedManager implements ServiceManager {

    private static final Logger LOG = LoggerFactory.getLogger(NotifiedManager.class);

    private static final Duration EXTENSION_EVERY = Duration.ofSeconds(5);
    private static final Duration EXTENSION = Duration.ofSeconds(20);

    /** How long {@link #discard} waits for the service manager, and {@link #close} for the last messages. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** systemd ignores a message of more than 4096 bytes; a character takes three at most. */
    private static final int LONGEST_STATUS = 1000;

    /** The events that change what one wants to read first of a service. */
    private static final Set<Class<? extends Event>> IN_STATUS = Set.of(
            Event.SwapAsked.class,
            Event.Changed.class,
            Event.Building.class,
            Event.Awaiting.class,
            Event.Serving.class,
            Event.Outdated.class,
            Event.Unchanged.class,
            Event.Failed.class,
            Event.NotServed.class,
            Event.Stopping.class);

    private final NotifySocket socket;
    private final NotifyVariables variables;
    private final Function<Event, String> text;
    private final boolean severalNames;
    private final ScheduledThreadPoolExecutor executor =
            new ScheduledThreadPoolExecutor(1, task -> SupervisorThreads.thread("supervisor-notify", task));

    // Guarded by this.
    private final ServiceStates states;

    private boolean replaced;

    /** Whether a message could not be sent. Belongs to the executor's thread. */
    private boolean failed;

    /**
     * @param applications their names
     * @param text returns an event in one line
     */
    NotifiedManager(
            NotifySocket socket, NotifyVariables variables, List<String> applications, Function<Event, String> text) {
        this.states = new ServiceStates(applications);
        this.severalNames = applications.size() > 1;
        this.socket = socket;
        this.variables = variables;
        this.text = text;
        executor.prestartAllCoreThreads(); // later no thread may be available
    }

    @Override
    public synchronized void replacedBy(long process) {
        later(() -> send("MAINPID=" + process + "\nREADY=1"));
        replaced = true;
    }

    @Override
    public synchronized void notStarted(String application) {
        states.notStarted(application).forEach(message -> later(() -> send(message)));
    }

    @Override
    public synchronized void accept(String application, Event event) {
        if (replaced) {
            return;
        }
        List<String> message = new ArrayList<>(states.assignments(application, event, System.nanoTime()));
        if (IN_STATUS.contains(event.getClass())) {
            String of = severalNames ? application + ": " : "";
            message.add("STATUS=" + of + shortened(text.apply(event)));
        }
        if (!message.isEmpty()) {
            later(() -> send(String.join("\n", message)));
        }
    }

    private static String shortened(String line) {
        return line.length() > LONGEST_STATUS ? line.substring(0, LONGEST_STATUS) + "..." : line;
    }

    private synchronized boolean isStarting() {
        return states.common() == ServiceState.STARTING;
    }

    @Override
    public void watch(Supplier<? extends CompletableFuture<?>> responder) {
        ResponseCheck start = new ResponseCheck(
                responder, () -> send("EXTEND_TIMEOUT_USEC=" + TimeUnit.MICROSECONDS.convert(EXTENSION)), executor);
        every(EXTENSION_EVERY, () -> {
            if (isStarting()) {
                start.run();
            }
        });
        variables
                .watchdog()
                .ifPresent(within ->
                        every(within.dividedBy(2), new ResponseCheck(responder, () -> send("WATCHDOG=1"), executor)));
    }

    private void every(Duration period, Runnable action) {
        var unused = executor.scheduleAtFixedRate(
                () -> SupervisorThreads.run(action), 0, period.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void keep(Supplier<Map<String, FileDescriptor>> sockets) {
        if (variables.keepsDescriptors()) {
            sockets.get().forEach((name, descriptor) -> later(() -> keep(name, descriptor)));
        }
    }

    private void keep(String name, FileDescriptor descriptor) {
        if (variables.hasPassed(name)) { // and was of no use
            remove(name);
        }
        send("FDSTORE=1\nFDNAME=" + name, descriptor);
    }

    private void remove(String name) {
        send("FDSTOREREMOVE=1\nFDNAME=" + name);
    }

    @Override
    public void discard(List<InheritedSocket> kept) {
        if (kept.isEmpty()) {
            return;
        }
        Future<?> done = executor.submit(() -> {
            for (InheritedSocket each : kept) {
                BoundSocket.close(each.descriptor());
                each.name().ifPresent(this::remove);
            }
            socket.awaitReceiver();
            return kept;
        });
        try {
            done.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the service manager may still keep {}: {}", kept, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void later(Runnable action) {
        try {
            executor.execute(action);
        } catch (RejectedExecutionException e) {
            LOG.debug("too late to notify the service manager", e);
        }
    }

    private void send(String message, FileDescriptor... descriptors) {
        try {
            socket.send(message, List.of(descriptors));
            LOG.debug("notified the service manager: {}", message);
        } catch (IOException | RuntimeException | LinkageError e) { // LinkageError: there is no native library
            if (!failed) {
                LOG.warn("can't notify the service manager at {}: {}", socket, e.toString());
            }
            failed = true;
        }
    }

    /** Sends what is still to be sent. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.debug("the service manager does not read");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
