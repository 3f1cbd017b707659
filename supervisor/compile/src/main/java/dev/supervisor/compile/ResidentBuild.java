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
    private final Optional<ResidentTests> tests;

    /**
     * @param source of the project
     * @param name of the builder, for messages
     * @param state the directory where the compiler keeps what it knows
     * @param ignored more files that are no sources, in the form of {@code .gitignore}
     * @param poll the time between two looks for changes; empty to use the file system's events
     * @throws SupervisorException if there is no project, or this JVM has no compiler
     */
    public ResidentBuild(ProjectSource source, String name, Path state, List<String> ignored, Optional<Duration> poll) {
        this(new ProjectCompiler(source, state), name, new ProjectWatcher.Settings(state, ignored, poll), false);
    }

    private ResidentBuild(
            ProjectCompiler compiler, String name, ProjectWatcher.Settings watching, boolean testsOnSave) {
        this.compiler = compiler;
        this.name = name;
        this.watching = watching;
        this.tests = testsOnSave ? Optional.of(new ResidentTests(compiler, watching)) : Optional.empty();
    }

    /** Returns the same with tests, which are run after each build if they depend on what has changed. */
    public ResidentBuild withTests() {
        return new ResidentBuild(compiler, name, watching, true);
    }

    /** Returns the tests; empty if none are run. */
    public Optional<ResidentTests> tests() {
        return tests;
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
        tests.ifPresent(each -> each.open(observer));
        return new ResidentBuilder(compiler, observer, tests);
    }

    private Watcher watcher(Watcher.Observer observer) {
        return new ProjectWatcher(observer, watching, compiler, () -> tests.ifPresent(ResidentTests::close));
    }
}
