package dev.supervisor.compile;

import dev.supervisor.ApplicationBuilder;
import dev.supervisor.SupervisorException;
import dev.supervisor.SupervisorOptions;
import dev.supervisor.Watcher;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Has a supervisor build its application within its own JVM: a builder, and the watcher of what that builds. */
public final class ResidentBuild {

    private final ProjectCompiler compiler;
    private final ProjectWatcher.Settings watching;
    private final String name;

    /**
     * @param source of the project
     * @param name of the builder, for messages
     * @param state the directory where the compiler keeps what it knows
     * @param ignored more files that are no sources, in the form of {@code .gitignore}
     * @param poll the time between two looks for changes; empty to use the file system's events
     * @throws SupervisorException if there is no project, or this JVM has no compiler
     */
    public ResidentBuild(ProjectSource source, String name, Path state, List<String> ignored, Optional<Duration> poll) {
        this.compiler = new ProjectCompiler(source, state);
        this.name = name;
        this.watching = new ProjectWatcher.Settings(state, ignored, poll);
    }

    /** Returns the project as it is now. */
    public Project project() {
        return compiler.project();
    }

    /** Sets the options that make a supervisor use this. */
    public void addTo(SupervisorOptions.Builder options) {
        Project project = compiler.project();
        options.builder(this::builder)
                .watcher(this::watcher)
                .sources(new SupervisorOptions.Sources(name, project.directory(), ProjectCompiler.sourcesOf(project)));
    }

    private ApplicationBuilder builder(ApplicationBuilder.Observer observer) {
        return new ResidentBuilder(compiler, observer);
    }

    private Watcher watcher(Watcher.Observer observer) {
        return new ProjectWatcher(observer, watching, compiler);
    }
}
