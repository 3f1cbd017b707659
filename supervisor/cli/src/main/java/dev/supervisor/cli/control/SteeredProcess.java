package dev.supervisor.cli.control;

import dev.supervisor.Event;
import dev.supervisor.Problem;
import dev.supervisor.Status;
import dev.supervisor.SupervisorException;
import dev.supervisor.admin.NamedSupervisor;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What the control socket shows and steers. Methods may be called from any thread. */
public interface SteeredProcess {

    /** Returns the applications that run, in the order of the configuration. */
    List<SteeredApplication> applications();

    /** Returns all applications, those too that can't be started. */
    List<NamedSupervisor> shown();

    /** Returns the address of the status page; empty without {@code --admin}. */
    Optional<String> admin();

    /** Returns the control socket. */
    Path control();

    /** Returns the version of the supervisor. */
    String version();

    /** Begins to stop the process, as a signal does. Returns at once. */
    void stop();

    /**
     * Starts a successor, and leaves everything to it. Returns when that has been done.
     *
     * @param arguments of the successor; empty for the ones of this process
     * @param progress receives a line for each step
     * @return the id of the successor's process
     * @throws SupervisorException if there is no successor
     */
    long upgrade(Path launcher, Path javaHome, Optional<List<String>> arguments, Consumer<String> progress);

    /** Returns a message for people, who know options by the names of the command line. */
    String message(SupervisorException e);

    /** Returns the lines of an event, which are safe to print, without a line feed at the end. */
    String text(String application, Event event, Instant time);

    /** Returns the event as a JSON object in one line. */
    String json(String application, Event event, Instant time);

    /** Returns the lines about a problem. */
    String text(Problem problem);

    /** Returns a line for each generation, with the lines of its threads below it. */
    List<String> threads(List<Status.Threads> threads);
}
