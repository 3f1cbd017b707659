package dev.supervisor.cli.service;

import dev.supervisor.Event;
import dev.supervisor.InheritedSocket;
import java.io.FileDescriptor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The service manager that has started this process: systemd, or another with its protocol, {@code sd_notify(3)}. Nothing
 * that it does or fails to do disturbs the supervisor. Thread-safe.
 */
public interface ServiceManager extends AutoCloseable {

    /**
     * Returns the service manager of {@code NOTIFY_SOCKET}; one that nothing is told if there is no such variable.
     *
     * @param environment of this process
     * @param applications the names of all applications
     * @param text returns an event in one line
     */
    static ServiceManager of(Map<String, String> environment, List<String> applications, Function<Event, String> text) {
        NotifyVariables variables =
                new NotifyVariables(environment, ProcessHandle.current().pid());
        return variables
                .socket()
                .<ServiceManager>map(
                        socket -> new NotifiedManager(new NotifySocket(socket), variables, applications, text))
                .orElseGet(NoManager::new);
    }

    /** Tells it what has happened to an application. Does not block. */
    void accept(String application, Event event);

    /** Tells it that an application can't be started, and is not waited for. Does not block. */
    void notStarted(String application);

    /**
     * Closes sockets of the run before that are not used any more, here and at the service manager, so that their addresses can
     * be bound. Waits for that, up to some seconds.
     */
    void discard(List<InheritedSocket> kept);

    /**
     * Begins to tell that the supervisor is alive.
     *
     * @param responder returns a future that completes when the supervisor's threads have responded
     */
    void watch(Supplier<? extends CompletableFuture<?>> responder);

    /**
     * Gives it the sockets for the next run, if it keeps any.
     *
     * @param sockets returns their descriptors by their names; called only if it keeps them
     */
    void keep(Supplier<Map<String, FileDescriptor>> sockets);

    /** Another process is the service from now on, and this one tells nothing any more. */
    void replacedBy(long process);

    @Override
    void close();
}
