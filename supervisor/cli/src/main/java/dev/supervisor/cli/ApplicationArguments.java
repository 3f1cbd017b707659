package dev.supervisor.cli;

import dev.supervisor.SupervisorException;
import dev.supervisor.SupervisorOptions;
import dev.supervisor.compile.Project;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options about the application and its libraries. */
final class ApplicationArguments {

    @Option(
            names = {"-a", "--app"},
            paramLabel = "PATH",
            description =
                    "The application: any jar that 'java -jar' runs, a jar that implements the SPI, or a directory of"
                            + " classes. It need not exist yet. The jar's Class-Path entries count as libraries.")
    private @Nullable Path app;

    @Option(
            names = "--lib",
            paramLabel = "PATH",
            split = "${sys:path.separator}",
            splitSynopsisLabel = "${sys:path.separator}",
            description =
                    "A library: a jar, a directory of classes, or a directory of jars. It need not exist yet. May be"
                            + " repeated.")
    private List<Path> libraries = List.of();

    @Option(
            names = "--app-class",
            paramLabel = "NAME",
            description = "The class of the application, if it implements the SPI and META-INF/services names several.")
    private @Nullable String appClass;

    @Option(
            names = "--main-class",
            paramLabel = "NAME",
            description = "Run main() of this class. Needed for a directory of classes that does not implement the SPI."
                    + " Default for a jar: its Main-Class.")
    private @Nullable String mainClass;

    @Option(
            names = "--relay",
            description =
                    "Relay connections to a program, if it does not work with the sockets that are lent to it: one more"
                            + " hop for each, and the program sees the supervisor as their peer.")
    private boolean relays;

    @Option(
            names = "--no-prepare",
            description =
                    "Do not load the classes of a program's libraries in advance for its next build. They take memory,"
                            + " and make the next start shorter.")
    private boolean unprepared;

    @Option(
            names = "--work-dir",
            paramLabel = "DIR",
            description = "Keep the private copies of builds in a new directory inside DIR. Default:"
                    + " $RUNTIME_DIRECTORY, $TMPDIR, or the JVM's temporary directory.")
    private @Nullable Path workDirectory;

    /** Returns the application, as the command line names it. */
    Path app() {
        if (app == null) {
            throw new SupervisorException("there is no application to run (add --app build/libs/app.jar)");
        }
        return app;
    }

    /** Returns whether the command line names the application, or libraries. */
    boolean isNamed() {
        return app != null || !libraries.isEmpty();
    }

    /** Returns the libraries, as the command line names them. */
    List<Path> libraries() {
        return libraries;
    }

    /**
     * Returns a builder with these options; all others have their defaults.
     *
     * @param project which names the application and its libraries; if empty, the command line does
     */
    SupervisorOptions.Builder builder(Optional<Project> project) {
        SupervisorOptions.Builder options =
                SupervisorOptions.builder(project.map(Project::app).orElseGet(this::app));
        project.map(Project::libraries).orElse(libraries).forEach(options::library);
        Optional.ofNullable(appClass).ifPresent(options::appClass);
        Optional.ofNullable(mainClass).ifPresent(options::mainClass);
        options.relay(relays);
        options.prepare(!unprepared);
        Optional.ofNullable(workDirectory).ifPresent(options::workDirectory);
        return options;
    }
}
