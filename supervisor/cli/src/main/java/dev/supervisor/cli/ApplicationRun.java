package dev.supervisor.cli;

import dev.supervisor.Event;
import dev.supervisor.Problem;
import dev.supervisor.Status;
import dev.supervisor.Supervisor;
import dev.supervisor.SupervisorException;
import dev.supervisor.admin.NamedSupervisor;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One application that runs: its supervisor, and what the command keeps or does for this application alone. What is for
 * all applications of the process, such as the transcript, receives its events with its name. Thread-safe.
 */
final class ApplicationRun implements AutoCloseable {

    private final ApplicationPlan plan;
    private final BuildLog builds = new BuildLog();
    private final TestLog tests = new TestLog();
    private final Optional<SwapHook> hook;
    private final Optional<FailFast> failFast;
    private final BiConsumer<String, Event> events;

    /** Null until it is started. Read by the thread that handles signals, too. */
    private volatile @Nullable Supervisor supervisor;

    /** Why it can't be started. */
    private volatile @Nullable Problem problem;

    /**
     * @param hook run after each swap; belongs to this object
     * @param failFast stops the command if the first build fails; empty if that is no reason to
     * @param events receives each event, with the name of the application; must not block
     */
    ApplicationRun(
            ApplicationPlan plan,
            Optional<SwapHook> hook,
            Optional<FailFast> failFast,
            BiConsumer<String, Event> events) {
        this.plan = plan;
        this.hook = hook;
        this.failFast = failFast;
        this.events = events;
    }

    /**
     * Starts the supervisor, on threads of the application. To be called once.
     *
     * @throws SupervisorException if it can't be started; nothing is left open then, except the hook
     */
    void start() {
        try {
            supervisor = ApplicationThreads.call(plan.name(), () -> Supervisor.start(plan.options(), this::accept));
        } catch (SupervisorException e) {
            problem = Problem.of(e.message(plan.options().optionNames()));
            throw e;
        }
    }

    private void ifStarted(Consumer<Supervisor> action) {
        Supervisor started = supervisor;
        if (started != null) {
            action.accept(started);
        }
    }

    /** Returns what shows its status; one that can't be started has failed for good. */
    NamedSupervisor named() {
        Supervisor started = supervisor;
        return started != null
                ? new NamedSupervisor(name(), started)
                : new NamedSupervisor(name(), this::notStarted, () -> CompletableFuture.completedFuture(null));
    }

    private Status notStarted() {
        return new Status(
                Status.Condition.FAILED,
                Status.Steering.NONE,
                List.of(),
                List.of(),
                Status.Swaps.NONE,
                Optional.empty(),
                Optional.ofNullable(problem));
    }

    boolean isStarted() {
        return supervisor != null;
    }

    /** Asks for the end of the application, and returns at once. */
    void requestClose() {
        ifStarted(Supervisor::requestClose);
    }

    private void accept(Event happened) {
        Event event = failFast.map(first -> first.judge(happened)).orElse(happened);
        builds.accept(event);
        tests.accept(event);
        plan.tests().ifPresent(run -> run.accept(event));
        events.accept(plan.name(), event);
        hook.ifPresent(running -> running.accept(event));
        failFast.ifPresent(FailFast::stopIfFailed);
    }

    String name() {
        return plan.name();
    }

    /** Returns whether the first build has failed, and that is to end the command. */
    boolean hasFailedFast() {
        return failFast.filter(FailFast::hasFailed).isPresent();
    }

    /** Returns the supervisor, which must be started. */
    Supervisor supervisor() {
        return Objects.requireNonNull(supervisor);
    }

    /** Returns the output of the current or the last build, for the terminal. */
    List<String> describeBuild() {
        return builds.describe();
    }

    /** Returns the last result of tests, for the terminal; nothing if none have been run. */
    List<String> describeTests() {
        return tests.describe();
    }

    /** Returns what runs all tests; empty if there are none. */
    Optional<Runnable> runningTests() {
        return plan.tests().map(run -> run::runAll);
    }

    /** Ends a build and a hook that run, without waiting: the process is about to end. */
    void kill() {
        hook.ifPresent(SwapHook::close);
        ifStarted(Supervisor::killBuild);
    }

    /** Ends the application, and then the hook. */
    @Override
    public void close() {
        try {
            ifStarted(Supervisor::close);
        } finally {
            hook.ifPresent(SwapHook::close);
        }
    }
}
