package dev.supervisor.cli;

import dev.supervisor.Event;
import dev.supervisor.SupervisorOptions;
import dev.supervisor.SupervisorOptions.BuildTool;
import dev.supervisor.Watcher;
import dev.supervisor.build.CommandBuilder;
import dev.supervisor.change.Watchers;
import dev.supervisor.exec.Restarts;
import dev.supervisor.exec.SocketCommand;
import dev.supervisor.process.Orphans;
import dev.supervisor.process.ServiceEnvironment;
import dev.supervisor.process.SupervisorThreads;
import dev.supervisor.swap.BuildReporter;
import dev.supervisor.swap.RebuildLoopDetector;
import dev.supervisor.text.VisibleText;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/** Keeps the command of {@code supervisor exec} running until a signal, and prints what becomes of it. */
final class ExecRestarts {

    private final ExecArguments arguments;
    private final SupervisorOptions options;
    private final List<String> words;
    private final Consumer<String> out;

    /**
     * @param arguments with sources
     * @param options the same, checked
     * @param words the command
     * @param out receives lines; may be called by several threads
     */
    ExecRestarts(ExecArguments arguments, SupervisorOptions options, List<String> words, Consumer<String> out) {
        this.arguments = arguments;
        this.options = options;
        this.words = words;
        this.out = out;
    }

    /** Returns when a signal has stopped the command, and all its processes have ended. */
    void run(SocketCommand command) {
        Signals signals = Signals.handle(Terminal.gone());
        var unused = ServiceEnvironment.hide(); // from the build, whose environment is that of this process
        if (Orphans.areOurs()) {
            Orphans.reap();
        }
        Restarts restarts = restarts(command);
        FutureTask<Void> running = new FutureTask<>(restarts::run, null) {
            @Override
            protected void done() {
                signals.stopGently(); // if it has failed
            }
        };
        signals.onHangUp(restarts::restart);
        signals.beforeHalt(restarts::kill);
        Watcher watcher = watcher(restarts::changed);
        Thread thread = SupervisorThreads.thread("supervisor-exec", running);
        thread.start();
        signals.awaitStop();
        watcher.close();
        out.accept("stopping: waiting up to " + DurationConverter.format(arguments.stopTimeout())
                + " for the command (a second signal kills it)");
        thread.interrupt();
        awaitEnd(running);
    }

    private static void awaitEnd(FutureTask<Void> running) {
        try {
            running.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Restarts restarts(SocketCommand command) {
        Consumer<Event> events = event -> out.accept(EventText.of(event));
        Optional<BuildTool> tool = options.tools().command();
        CommandBuilder builder = new CommandBuilder(
                new CommandBuilder.Settings(
                        tool.map(BuildTool::command).orElse(""),
                        Path.of("").toAbsolutePath(),
                        options.tools().settle(),
                        arguments.watching().onBusy()),
                tool.map(named -> BuildReporter.of(named, events))
                        .orElseGet(() -> BuildReporter.ofOwn(Optional.empty(), events)));
        RebuildLoopDetector loopDetector = RebuildLoopDetector.of(tool, events);
        return new Restarts(command, builder, loopDetector, new Course(), arguments.stopTimeout());
    }

    /** A program that is built is no source of its build; any other is one, if it is watched. */
    private Watcher watcher(Watcher.Observer observer) {
        String program = words.get(0);
        boolean isOutput = options.tools().build() && program.contains("/");
        return Watchers.ofSources(
                observer,
                arguments.watched(),
                isOutput ? List.of(Path.of(program)) : List.of(),
                arguments.watching().ignored(),
                Path.of("").toAbsolutePath(),
                options.tools().poll());
    }

    private final class Course implements Restarts.Observer {

        @Override
        public void changed(Path source) {
            out.accept(EventText.of(new Event.Changed(source)));
        }

        @Override
        public void started(long pid) {
            out.accept("started: " + VisibleText.of(String.join(" ", words)) + "  (process " + pid + ")");
        }

        @Override
        public void ended(int exitCode) {
            out.accept("the command has ended with exit code " + exitCode
                    + ": connections wait, the next change starts it again");
        }

        @Override
        public void notStarted(String reason, boolean goesOn) {
            out.accept(reason + consequence(goesOn));
        }

        @Override
        public void buildFailed(String summary, boolean goesOn) {
            out.accept(VisibleText.of(summary) + consequence(goesOn));
        }

        private String consequence(boolean goesOn) {
            return goesOn ? "\n  the process of before goes on" : "\n  connections wait, until the next change";
        }
    }
}
