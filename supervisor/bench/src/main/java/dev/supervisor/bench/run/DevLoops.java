package dev.supervisor.bench.run;

import dev.supervisor.bench.builds.BuildCommand;
import dev.supervisor.bench.builds.CompiledClasses;
import dev.supervisor.bench.builds.DevProject;
import dev.supervisor.bench.builds.Distribution;
import dev.supervisor.bench.builds.GeneratedParts;
import dev.supervisor.bench.builds.MavenHome;
import dev.supervisor.bench.builds.PluginRepository;
import dev.supervisor.bench.figures.DevLoopFigures;
import dev.supervisor.bench.figures.DevLoopFigures.Aim;
import dev.supervisor.bench.run.DevLoop.Pause;
import dev.supervisor.bench.run.DevLoop.Running;
import dev.supervisor.bench.run.DevLoop.Starting;
import dev.supervisor.bench.servers.DevServer;
import dev.supervisor.bench.tools.Ports;
import dev.supervisor.bench.tools.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Tools that serve a project while it is developed, each with a project of its own. */
final class DevLoops {

    static final String ANSWER = "src/main/java/app/Answer.java";

    private static final String PLUGIN = "`mvn supervisor:run`";
    private static final String TWO_SOURCES = "2 sources";
    private static final Pause SHORT = new Pause(500, 0);
    private static final Pause OF_POLLING = new Pause(500, 1_000);
    private final MavenHome maven;
    private final PluginRepository repository;
    private final Pause ofScanning;

    /**
     * @param scanPause before each save, in ms, for a tool that looks for changes only at requests, at most each two
     *     seconds
     */
    DevLoops(MavenHome maven, PluginRepository repository, int scanPause) {
        this.maven = maven;
        this.repository = repository;
        this.ofScanning = new Pause(scanPause, 0);
    }

    List<DevLoop> all() {
        return List.of(
                plugin(
                        DevLoopFigures.PLUGIN,
                        TWO_SOURCES,
                        new Aim(50, 100),
                        home -> DevProject.copy("plain", home, ANSWER)),
                plugin(
                        "plugin-200",
                        "200 sources",
                        Aim.NONE,
                        home -> DevProject.generate(200, home, GeneratedParts.BODY)),
                plugin(
                        "plugin-1000-body",
                        "1,000 sources, the body of a method",
                        new Aim(120, 0),
                        home -> DevProject.generate(1_000, home, GeneratedParts.BODY)),
                plugin(
                        "plugin-1000-constant",
                        "1,000 sources, a constant that four use",
                        new Aim(250, 0),
                        home -> DevProject.generate(1_000, home, GeneratedParts.CONSTANT)),
                plugin(
                        "plugin-lombok",
                        "2 modules with Lombok and MapStruct, saved in the other one",
                        new Aim(100, 0),
                        home -> DevProject.copy("lombok", home, "lib/src/main/java/lib/Greeting.java")),
                plugin(
                        "plugin-kotlin",
                        "2 sources in Kotlin",
                        new Aim(1_000, 0),
                        home -> DevProject.copy("kotlin", home, "src/main/kotlin/app/Answer.kt")),
                new DevLoop(
                        "build-mvn",
                        "`supervisor --build 'mvn -o -q compile'`",
                        TWO_SOURCES,
                        Aim.NONE,
                        SHORT,
                        this::startSupervisor),
                new DevLoop(
                        DevLoopFigures.QUARKUS,
                        "`mvn quarkus:dev`",
                        TWO_SOURCES,
                        Aim.NONE,
                        ofScanning,
                        this::startQuarkus),
                new DevLoop(
                        "devtools-mvn",
                        "Spring Boot DevTools, `mvn -o -q compile` at each save",
                        TWO_SOURCES,
                        Aim.NONE,
                        OF_POLLING,
                        home -> startDevTools(home, this::mavenAfterSave)),
                new DevLoop(
                        "devtools-javac",
                        "Spring Boot DevTools, javac at each save, in a JVM that is warm as that of an IDE",
                        TWO_SOURCES,
                        Aim.NONE,
                        OF_POLLING,
                        home -> startDevTools(home, DevLoops::javacAfterSave)),
                new DevLoop(
                        "devtools-polling",
                        "the same, DevTools polls each 100 ms",
                        TWO_SOURCES,
                        Aim.NONE,
                        OF_POLLING,
                        home -> startDevTools(
                                home,
                                DevLoops::javacAfterSave,
                                "--spring.devtools.restart.poll-interval=100ms",
                                "--spring.devtools.restart.quiet-period=50ms")),
                new DevLoop("vite", "Vite", "2 modules in JavaScript", Aim.NONE, SHORT, DevLoops::startVite));
    }

    /** Makes a project in a directory. */
    private interface Making {
        DevProject in(Path directory) throws IOException;
    }

    private DevLoop plugin(String name, String project, Aim aim, Making making) {
        Starting starting = home -> {
            DevProject made = making.in(home);
            return running(startPlugin(made), made);
        };
        return new DevLoop(name, PLUGIN, project, aim, SHORT, starting);
    }

    private static Running running(DevServer server, DevProject project) {
        return new Running(server, "/", project, () -> CompletableFuture.completedFuture(null));
    }

    /** Compiles a project, with access to the network, since Maven may have to download something first. */
    void compile(DevProject project) throws IOException {
        BuildCommand.run(maven.command(project.pom(), "-q", "compile", repository.option()));
    }

    void compileOffline(DevProject project) throws IOException {
        BuildCommand.run(offline(project));
    }

    private List<String> offline(DevProject project) {
        return maven.command(project.pom(), "-o", "-q", "compile", repository.option());
    }

    /** Starts the plugin, with access to the network, too. */
    DevServer startPlugin(DevProject project, String... options) throws IOException {
        int port = Ports.free();
        List<String> command =
                maven.command(project.pom(), "supervisor:run", "-Dport=" + port, "-Ddebug=false", repository.option());
        command.addAll(List.of(options));
        return DevServer.start(port, command);
    }

    private Running startSupervisor(Path home) throws IOException, InterruptedException {
        DevProject project = DevProject.copy("plain", home, ANSWER);
        compile(project);
        int port = Ports.free();
        List<String> command = List.of(
                Distribution.SUPERVISOR.toString(),
                "--port",
                "" + port,
                "--app",
                project.classes().toString(),
                "--build",
                String.join(" ", offline(project)),
                "--watch",
                home.resolve("src").toString());
        return running(DevServer.start(port, command), project);
    }

    private Running startQuarkus(Path home) throws IOException {
        DevProject project = DevProject.copy("quarkus", home, ANSWER);
        int port = Ports.free();
        List<String> command = maven.command(
                project.pom(),
                "quarkus:dev",
                "-Dquarkus.http.port=" + port,
                "-Dquarkus.http.host=127.0.0.1",
                "-Ddebug=false",
                "-Dquarkus.analytics.disabled=true",
                "-Dquarkus.console.enabled=false");
        return running(DevServer.start(port, command), project);
    }

    /** Returns what compiles a project after a save. */
    private interface Compiling {
        CompletableFuture<?> begin(DevProject project) throws IOException;
    }

    private Running startDevTools(Path home, Compiling compiling, String... settings)
            throws IOException, InterruptedException {
        DevProject project = DevProject.copy("spring", home, ANSWER);
        BuildCommand.run(maven.command(project.pom(), "-q", "compile"));
        int port = Ports.free();
        List<String> applied = new ArrayList<>(List.of("--server.port=" + port));
        applied.addAll(List.of(settings));
        DevServer server = DevServer.start(
                port,
                maven.command(
                        project.pom(), "spring-boot:run", "-Dspring-boot.run.arguments=" + String.join(" ", applied)));
        return new Running(server, "/", project, () -> compiling.begin(project));
    }

    private CompletableFuture<?> mavenAfterSave(DevProject project) throws IOException {
        return BuildCommand.start(maven.command(project.pom(), "-o", "-q", "compile"));
    }

    private static CompletableFuture<?> javacAfterSave(DevProject project) {
        return CompletableFuture.runAsync(() ->
                CompiledClasses.compile(project.classes(), project.classes().toString(), new String[] {
                    project.source().toString()
                }));
    }

    private static Running startVite(Path home) throws IOException, InterruptedException {
        DevProject project = DevProject.copy("vite", home, "src/answer.js");
        String node = Programs.installed("node", "nodejs");
        BuildCommand.run(List.of(
                Programs.installed("npm", "npm"),
                "install",
                "--prefix",
                home.toString(),
                "--no-audit",
                "--no-fund",
                "--prefer-offline"));
        int port = Ports.free();
        List<String> command = List.of(
                node,
                home.resolve("node_modules/vite/bin/vite.js").toString(),
                home.toString(),
                "--host",
                "127.0.0.1",
                "--port",
                "" + port,
                "--strictPort");
        return new Running(
                DevServer.start(port, command),
                "/src/answer.js",
                project,
                () -> CompletableFuture.completedFuture(null));
    }
}
