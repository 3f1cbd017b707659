package dev.supervisor.maven;

import dev.supervisor.compile.ProjectFile;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import javax.inject.Inject;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.lifecycle.LifecycleExecutor;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.BuildPluginManager;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.descriptor.PluginDescriptor;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.apache.maven.project.ProjectBuilder;
import org.apache.maven.project.ProjectDependenciesResolver;
import org.eclipse.aether.RepositorySystem;
import org.jspecify.annotations.Nullable;

/**
 * Runs the application, and swaps it whenever a source changes: no restart, no refused connection.
 *
 * <p>
 * <code>mvn supervisor:run</code> in the directory of the application, or of the parent POM if other modules are to be watched
 * as well. It builds the modules, starts the application behind port 8080 and waits. Save a source, and the next request is
 * answered by the new build; requests meanwhile wait for it. If it can't be built, they see why, with the place.
 * </p>
 * <p>
 * What runs: an application of the supervisor's SPI, or any class with a <code>main</code>, such as that of Spring Boot. The
 * port that it binds is that of the supervisor's socket: <code>mvn supervisor:run -Dport=9000
 * -Darguments="--server.port=9000"</code>.
 * </p>
 * <p>
 * A changed POM is read again, and the class path is that of the new one. Goals other than those of maven-compiler-plugin and
 * maven-resources-plugin, such as Kotlin's, are executed in this Maven, which stays in memory for that.
 * </p>
 * <p>
 * Keys: t run all tests (with -Dtest.on.save), r rebuild, o open the browser, l list generations, d thread dump, b output of the last build, h help, q quit. A debugger
 * can attach at port 5005.
 * </p>
 */
@Mojo(name = "run", aggregator = true, threadSafe = true)
public final class RunMojo extends AbstractMojo {

    private static final int DEFAULT_PORT = 8080;

    private final MavenComponents maven;

    @Parameter(defaultValue = "${session}", readonly = true, required = true)
    private @Nullable MavenSession session;

    @Parameter(defaultValue = "${plugin}", readonly = true, required = true)
    private @Nullable PluginDescriptor plugin;

    /**
     * The port on 127.0.0.1 for HTTP; 0 picks one. 8080 if neither it nor a socket is given.
     */
    @Parameter(property = "port")
    private @Nullable Integer port;

    /**
     * Sockets to listen on, as <code>[NAME=]TYPE::SPEC</code> with the TYPE http, https, tcp, tls, unix or udp:
     * <code>http::0.0.0.0:80,mqtt=tcp::1883</code>.
     */
    @Parameter(property = "socket")
    private List<String> socket = List.of();

    /**
     * The arguments of the application, in one line as for a shell: <code>--name 'two words'</code>.
     */
    @Parameter(property = "arguments", defaultValue = "")
    private String arguments = "";

    /**
     * The options of the JVM in which the application runs, in one line: <code>-Xmx1g -Dname=value</code>.
     */
    @Parameter(property = "jvm.args", defaultValue = "")
    private String jvmArguments = "";

    /**
     * The program java for that JVM. The one that runs Maven, if it is not given.
     */
    @Parameter(property = "jvm")
    private @Nullable String jvm;

    /**
     * How a debugger can attach: a port of this machine, <code>suspend</code> to wait for the debugger at the start, both
     * (<code>5006,suspend</code>), or <code>false</code>. If the port is taken, another one is used, and a line says which.
     */
    @Parameter(property = "debug", defaultValue = "5005")
    private String debug = "";

    /**
     * The module that is run, if several could be: its artifactId, groupId:artifactId, or directory.
     */
    @Parameter(property = "supervisor.module")
    private @Nullable String module;

    /**
     * The class whose <code>main</code> is run. Without it: an application of the SPI if META-INF/services names one; the class
     * that is configured for spring-boot-maven-plugin, maven-jar-plugin or exec-maven-plugin; the only class with a
     * <code>main</code>.
     */
    @Parameter(property = "supervisor.main-class")
    private @Nullable String mainClass;

    /**
     * The class of the application, if it implements the SPI and META-INF/services names several.
     */
    @Parameter(property = "supervisor.app-class")
    private @Nullable String appClass;

    /**
     * What happens to new work while a new build comes up: it waits (hold, the default); the old build does it, and goes on if the new one
     * fails (overlap); it waits, and the old build ends before the new one starts (recreate).
     */
    @Parameter(property = "supervisor.swap")
    private @Nullable String swap;

    /**
     * Has pages refresh themselves after a swap: <code>true</code> for pages that include the script whose address is printed,
     * <code>inject</code> for all.
     */
    @Parameter(property = "supervisor.refresh")
    private @Nullable String refresh;

    /**
     * The command that opens a place in the source which is clicked on the failure page:
     * <code>code -g {file}:{line}:{column}</code>.
     */
    @Parameter(property = "supervisor.editor")
    private @Nullable String editor;

    /**
     * A shell command that is run after each swap.
     */
    @Parameter(property = "supervisor.on-swap")
    private @Nullable String onSwap;

    /**
     * Sources outside src/main of goals that Maven executes, such as schemas: files or directories, relative to the module.
     */
    @Parameter(property = "supervisor.also-watch")
    private List<String> watch = List.of();

    /**
     * Runs tests after each save: those whose classes depend on what has changed, by the JUnit Platform, once the new build
     * serves. The key t runs all of them. Integration tests, whose classes end with IT, are left to Maven.
     */
    @Parameter(property = "test.on.save", defaultValue = "false")
    private boolean testOnSave;

    /**
     * All other options of the command line, by their names there without the dashes:
     * <code>&lt;options&gt;&lt;hold-timeout&gt;5s&lt;/hold-timeout&gt;&lt;bell/&gt;&lt;/options&gt;</code>. On Maven's command
     * line each of them is a property: <code>-Dsupervisor.hold-timeout=5s -Dsupervisor.bell</code>. They are: admin, admin-host,
     * admin-token-file, alpn, app-class, backlog, bell, cert, cert-password, check, check-timeout, check-tries, client-ca, color,
     * details, drain-timeout, dump-leaks, editor, events, fail-fast, hold-timeout, ignore, inherit, keep-builds, key, log,
     * main-class, max-generations, max-held, no-control, no-prepare, on-busy, on-swap, poll, port, proxy-protocol, proxy-timeout,
     * quiet, receive-buffer, refresh, refresh-port, relay, reuse-port, settle, socket, start-timeout, stop-delay, stop-timeout,
     * swap, tls-provider, unix-group, unix-mode, unload-timeout, upgrade-timeout, verify-unload, warm-up, warm-up-time,
     * watch-errors, websocket, work-dir.
     */
    @Parameter
    private Map<String, String> options = Map.of();

    /**
     * Variables of the application's environment, besides those of Maven's.
     */
    @Parameter
    private Map<String, String> environment = Map.of();

    /**
     * The working directory of the application. That of its module, if it is not given.
     */
    @Parameter(property = "supervisor.working-directory")
    private @Nullable File workingDirectory;

    @Inject
    RunMojo(
            ProjectBuilder projects,
            ProjectDependenciesResolver dependencies,
            RepositorySystem repositories,
            LifecycleExecutor lifecycle,
            BuildPluginManager plugins) {
        maven = new MavenComponents(projects, dependencies, repositories, lifecycle, plugins);
    }

    @Override
    public void execute() throws MojoExecutionException {
        try {
            run(Objects.requireNonNull(session));
        } catch (IOException e) {
            throw new MojoExecutionException("can't start the supervisor: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MojoExecutionException("interrupted", e);
        }
    }

    private void run(MavenSession session) throws MojoExecutionException, IOException, InterruptedException {
        CommandOptions commandOptions = commandOptions(session);
        List<String> last = ShellLine.split(arguments, "the arguments");
        List<String> java = java();
        Optional<Debugging> debugging = Debugging.parse(debug);
        Reactor reactor = new Reactor(maven, session, session.getProjects());
        Function<Reactor, ProjectModel> models = each -> {
            ProjectModel model = ProjectModel.of(maven, each, watch);
            return testOnSave ? model.with(new TestModel(maven, each, getLog())) : model;
        };
        FirstBuild first = new FirstBuild(maven, reactor, getLog());
        Application application = first.run(new ApplicationChoice(reactor, given(module), given(mainClass)));
        application.mainClass().ifPresent(name -> commandOptions.set("main-class", name));
        Path directory = ModuleModel.directory(application.module()).resolve("supervisor");
        Path file = directory.resolve("project.json");
        RunningProject project =
                new RunningProject(maven, session, models, reactor, application.module(), new ProjectFile(file));
        project.write(first.builtAt());
        Path launcher = directory.resolve("launcher.jar");
        LauncherJar.write(launcher, Objects.requireNonNull(plugin).getArtifacts());
        MojoThread thread = new MojoThread();
        try (ToolSocket socket = ToolSocket.open(new MavenDelegate(thread, project))) {
            List<String> command = new ArrayList<>(java);
            command.addAll(debugger(debugging));
            command.addAll(List.of("-jar", launcher.toString(), "--project", file.toString()));
            command.addAll(List.of("--project-tool", socket.path().toString()));
            if (testOnSave) {
                command.add("--test-on-save");
            }
            command.addAll(commandOptions.arguments());
            if (!last.isEmpty()) {
                command.add("--");
                command.addAll(last);
            }
            getLog().debug("starting " + command);
            SupervisorProcess process = new SupervisorProcess(command, directoryOf(application.module()), environment);
            ExitCode.check(process.run(thread, socket::close));
        }
    }

    private List<String> java() throws MojoExecutionException {
        Path own = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> java = new ArrayList<>(List.of(given(jvm).orElseGet(own::toString)));
        java.addAll(ShellLine.split(jvmArguments, "the arguments of the JVM"));
        return java;
    }

    /** Returns the option of the JVM for the debugger, and says where that can attach. */
    private List<String> debugger(Optional<Debugging> asked) throws MojoExecutionException {
        if (asked.isEmpty()) {
            return List.of();
        }
        Debugging debugging = asked.get().onFreePort();
        boolean isOther =
                asked.get().port() != 0 && debugging.port() != asked.get().port();
        getLog().info("debugger: attach to localhost:" + debugging.port()
                + (isOther ? ", since port " + asked.get().port() + " is taken" : "")
                + (debugging.suspend() ? "; the start waits for it" : ""));
        return List.of(debugging.jvmOption());
    }

    /** What is said on Maven's command line wins, unlike for parameters of Maven, where the POM does. */
    private CommandOptions commandOptions(MavenSession session) throws MojoExecutionException {
        CommandOptions all = new CommandOptions()
                .setAll(Objects.requireNonNull(session.getCurrentProject()).getProperties())
                .setAll(options)
                .set("socket", socket);
        given(swap).ifPresent(how -> all.set("swap", how));
        given(appClass).ifPresent(name -> all.set("app-class", name));
        given(refresh).ifPresent(value -> all.set("refresh", value));
        given(editor).ifPresent(command -> all.set("editor", command));
        given(onSwap).ifPresent(command -> all.set("on-swap", command));
        if (port != null) {
            all.set("port", String.valueOf(port));
        }
        all.setAll(session.getUserProperties());
        for (String name : CommandOptions.unknownIn(session.getUserProperties())) {
            getLog().warn("the property " + name + " is no option of the supervisor, and is ignored unless the project"
                    + " reads it ('supervisor --help' lists the options)");
        }
        return all.has("port") || all.has("socket") || all.has("inherit")
                ? all
                : all.set("port", String.valueOf(DEFAULT_PORT));
    }

    private Path directoryOf(MavenProject application) {
        return (workingDirectory == null ? application.getBasedir() : workingDirectory).toPath();
    }

    private static Optional<String> given(@Nullable String value) {
        return Optional.ofNullable(value).map(String::strip).filter(text -> !text.isEmpty());
    }
}
