package dev.supervisor.cli;

import dev.supervisor.SupervisorException;
import dev.supervisor.SupervisorOptions;
import dev.supervisor.SupervisorOptions.BuildTool;
import dev.supervisor.compile.Delegate;
import dev.supervisor.compile.DelegateClient;
import dev.supervisor.compile.ProjectFile;
import dev.supervisor.compile.ProjectOfOptions;
import dev.supervisor.compile.ProjectOfTool;
import dev.supervisor.compile.ResidentBuild;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options about building and watching. */
final class BuildArguments {

    private static final String RESIDENT = "javac";

    @Option(
            names = {"-b", "--build"},
            paramLabel = "COMMAND",
            description = "Build the application by this shell command, at the start and whenever a source changes:"
                    + " 'gradle -q jar', 'mvn -q -o package', 'make'. New work waits from the moment of the change, so"
                    + " that the next page is always the new one. The command has to make what --app names. 'javac',"
                    + " with options or without, compiles the --watch directories into the directory that --app names,"
                    + " within this JVM and only what has changed: in milliseconds.")
    private @Nullable String buildCommand;

    @Option(
            names = {"-w", "--watch"},
            paramLabel = "PATH",
            description = "Sources for --build: a directory or a file; may be repeated. Default: src.")
    private List<Path> sources = List.of();

    @Mixin
    private final SourceArguments watching = new SourceArguments();

    @Option(
            names = "--settle",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description =
                    "How long a build must stay unchanged to count as complete, unless it is moved into place. With"
                            + " --build, how long the sources must stay unchanged before the command runs instead (if"
                            + " they never do, it runs after ten times as long, and at least 2 seconds); 'javac' does"
                            + " not wait. Default: 10ms, and 50ms for sources.")
    private @Nullable Duration settle;

    @OfProcess
    @Option(
            names = "--fail-fast",
            description =
                    "Exit with 1 if the first build fails or is missing, instead of waiting for a better one; with"
                            + " several applications, if that of one does or it can't be started.")
    private boolean failFast;

    @Option(
            names = "--project",
            paramLabel = "FILE",
            description = "Compile a project within this JVM, as a build tool has described it in this file: its"
                    + " application, libraries and sources. supervisor-maven-plugin writes such a file, and so does an"
                    + " init script for Gradle.")
    private @Nullable Path project;

    @Option(
            names = "--project-tool",
            paramLabel = "SOCKET",
            hidden = true,
            description = "Where the build tool of the project takes questions.")
    private @Nullable Path projectTool;

    @Option(
            names = "--test-on-save",
            hidden = true,
            description = "After each save, run the tests of the project that depend on what has changed.")
    private boolean testOnSave;

    /** Returns whether a build tool has started this process, so that its end is the end of this one. */
    boolean isPartOfTool() {
        return projectTool != null;
    }

    boolean failFast() {
        return failFast;
    }

    /**
     * Returns what builds within this JVM, if anything does.
     *
     * @param application which names what is built, unless a plugin of a build tool does
     * @param directory of the sources, if none are named
     */
    Optional<ResidentBuild> resident(ApplicationArguments application, Path directory) {
        if (project != null) {
            if (buildCommand != null) {
                throw new SupervisorException("--project has the application built: --build can't be added");
            }
            if (application.isNamed()) {
                throw new SupervisorException("--project names the application: --app and --lib can't be added");
            }
            Path state = Objects.requireNonNull(project.toAbsolutePath().getParent());
            ProjectOfTool source = new ProjectOfTool(
                    new ProjectFile(project), projectTool == null ? Delegate.none() : new DelegateClient(projectTool));
            ResidentBuild build = new ResidentBuild(source, RESIDENT, state, watching.ignored(), watching.poll());
            return Optional.of(testOnSave ? build.withTests() : build);
        }
        return javacOptions().map(options -> ofJavac(options, application, directory));
    }

    private ResidentBuild ofJavac(List<String> options, ApplicationArguments application, Path directory) {
        SourceArguments.check(sources);
        List<Path> watched = SourceArguments.orDefault(sources, directory);
        if (watched.isEmpty()) {
            throw new SupervisorException("there is nothing to compile (add --watch with the directory of sources)");
        }
        ProjectOfOptions source = new ProjectOfOptions(
                directory, application.app(), application.libraries(), watched, options, SharedJars.find());
        return new ResidentBuild(
                source, RESIDENT, ProjectOfOptions.state(application.app()), watching.ignored(), watching.poll());
    }

    /** Returns the options of javac, if that is to build; with an output of its own it is a command like any other. */
    private Optional<List<String>> javacOptions() {
        List<String> words =
                buildCommand == null ? List.of() : List.of(buildCommand.strip().split("\\s+"));
        return words.isEmpty() || !words.get(0).equals(RESIDENT) || words.contains("-d")
                ? Optional.empty()
                : Optional.of(words.subList(1, words.size()));
    }

    void addTo(SupervisorOptions.Builder options, Optional<ResidentBuild> resident, Path directory) {
        Optional.ofNullable(settle).ifPresent(options::settle);
        watching.poll().ifPresent(options::poll);
        resident.ifPresentOrElse(
                build -> build.addTo(options), () -> buildTool(directory).ifPresent(options::buildTool));
    }

    private Optional<BuildTool> buildTool(Path directory) {
        if (buildCommand == null) {
            if (!sources.isEmpty() || !watching.ignored().isEmpty()) {
                throw new SupervisorException("--watch and --ignore are about sources: they need --build COMMAND");
            }
            return Optional.empty();
        }
        SourceArguments.check(sources);
        return Optional.of(new BuildTool(
                buildCommand,
                directory.toAbsolutePath(),
                SourceArguments.orDefault(sources, directory),
                watching.ignored(),
                Optional.ofNullable(settle).orElse(BuildTool.SETTLE),
                watching.onBusy()));
    }
}
