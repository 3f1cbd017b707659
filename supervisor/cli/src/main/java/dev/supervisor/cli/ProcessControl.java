package dev.supervisor.cli;

import dev.supervisor.Event;
import dev.supervisor.Problem;
import dev.supervisor.Status;
import dev.supervisor.SupervisorException;
import dev.supervisor.admin.NamedSupervisor;
import dev.supervisor.cli.control.ControlServer;
import dev.supervisor.cli.control.EventFeed;
import dev.supervisor.cli.control.SteeredApplication;
import dev.supervisor.cli.control.SteeredProcess;
import dev.supervisor.client.RuntimeDirectory;
import dev.supervisor.client.VersionText;
import dev.supervisor.failure.PlainText;
import dev.supervisor.text.VisibleText;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** This process at its control socket, from {@link #listen} on. Thread-safe. */
final class ProcessControl implements SteeredProcess, AutoCloseable {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());

    private final EventFeed feed;
    private final ApplicationRuns runs;
    private final Runnable stop;
    private @Nullable Upgrades upgrades;
    private Optional<String> admin = Optional.empty();
    private @Nullable Path control;
    private @Nullable ControlServer server;

    /**
     * @param feed the events of the applications
     * @param stop begins to stop the process; returns at once
     */
    ProcessControl(EventFeed feed, ApplicationRuns runs, Runnable stop) {
        this.feed = feed;
        this.runs = runs;
        this.stop = stop;
    }

    /**
     * Opens the control socket. The applications have been started.
     *
     * @param environment of this process
     * @param page the address of the status page; empty if there is none
     */
    void listen(Map<String, String> environment, Optional<String> page, Upgrades by) {
        upgrades = by;
        admin = page;
        control = RuntimeDirectory.pathOf(environment)
                .resolve(RuntimeDirectory.nameOf(ProcessHandle.current().pid()))
                .toAbsolutePath();
        server = ControlServer.open(environment, this, feed);
    }

    /** Takes no more requests: another process is the one to ask now. */
    void stopListening() {
        if (server != null) {
            server.stopListening();
        }
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    public List<SteeredApplication> applications() {
        return runs.started().stream()
                .map(run -> new SteeredApplication(run.name(), run.supervisor()))
                .toList();
    }

    @Override
    public List<NamedSupervisor> shown() {
        return runs.named();
    }

    @Override
    public Optional<String> admin() {
        return admin;
    }

    @Override
    public Path control() {
        return Objects.requireNonNull(control);
    }

    @Override
    public String version() {
        return VersionText.number();
    }

    @Override
    public void stop() {
        stop.run();
    }

    @Override
    public long upgrade(Path launcher, Path javaHome, Optional<List<String>> arguments, Consumer<String> progress) {
        return Objects.requireNonNull(upgrades).run(launcher, javaHome, arguments, progress);
    }

    @Override
    public String message(SupervisorException e) {
        return e.message(OptionNames::of);
    }

    @Override
    public String text(String application, Event event, Instant time) {
        String of = ifSeveral(application).map(name -> name + ": ").orElse("");
        return TIME.format(time) + " " + VisibleText.of(of + EventText.of(event));
    }

    @Override
    public String json(String application, Event event, Instant time) {
        return EventJson.of(ifSeveral(application), event, time);
    }

    private Optional<String> ifSeveral(String application) {
        return runs.named().size() > 1 ? Optional.of(application) : Optional.empty();
    }

    @Override
    public String text(Problem problem) {
        return VisibleText.of(PlainText.chain(problem));
    }

    @Override
    public List<String> threads(List<Status.Threads> threads) {
        return EventText.describeThreads(threads);
    }
}
