package dev.supervisor.bench.servers;

import dev.supervisor.bench.builds.Distribution;
import dev.supervisor.bench.builds.PlainClassPath;
import dev.supervisor.bench.builds.SpringBuild;
import dev.supervisor.bench.builds.VersionedBuilds;
import dev.supervisor.bench.tools.Ports;
import dev.supervisor.bench.tools.Programs;
import dev.supervisor.bench.tools.ProjectPaths;
import dev.supervisor.bench.tools.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The supervisor and its rivals. All of them except Spring Boot run the same application. All put the same builds in
 * place in the same way, each in a directory of its own.
 */
public final class Rivals {

    private static final Path SCRIPTS = ProjectPaths.BENCH.resolve("rivals").toAbsolutePath();

    private final ScratchDirectory scratch;
    private final VersionedBuilds builds;
    private final PlainClassPath classPath;

    /** @param reloads how many builds each rival has besides the first one */
    public Rivals(ScratchDirectory scratch, int reloads) throws IOException {
        this.scratch = scratch;
        this.builds = new VersionedBuilds(scratch, reloads);
        this.classPath = new PlainClassPath();
    }

    public Rival make(Kind kind) throws IOException, InterruptedException {
        return switch (kind) {
            case HOLD -> supervised("supervisor, hold");
            case OVERLAP -> supervised("supervisor, overlap", "--swap", "overlap");
            case OVERLAP_WARM ->
                supervised("supervisor, overlap, warmed up", "--swap", "overlap", "--warm-up", "GET /");
            case SOCKET -> socketHeld();
            case SOCKET_BEST -> socketHeldAtBest("socket held, at its best", "replace.sh");
            case SOCKET_OVERLAP -> socketHeldAtBest("socket held, overlap", "succeed.sh");
            case RESTART -> restarted();
            case DEVTOOLS -> devTools("DevTools");
            case DEVTOOLS_TUNED ->
                devTools(
                        "DevTools, tuned",
                        "--spring.devtools.restart.poll-interval=100ms",
                        "--spring.devtools.restart.quiet-period=50ms");
        };
    }

    public enum Kind {
        HOLD,
        OVERLAP,
        OVERLAP_WARM,
        SOCKET,
        SOCKET_BEST,
        SOCKET_OVERLAP,
        RESTART,
        DEVTOOLS,
        DEVTOOLS_TUNED
    }

    private Rival supervised(String name, String... options) throws IOException {
        Path home = homeWithJars(name);
        int port = Ports.free();
        List<String> command = new ArrayList<>(List.of(Distribution.SUPERVISOR.toString()));
        command.addAll(
                List.of("--port", "" + port, "--app", home.resolve("app.jar").toString()));
        command.addAll(List.of(options));
        return new Rival(name, home, port, command, move(home, "app.jar"));
    }

    /**
     * Makes the rival with the pattern that the supervisor replaces: the socket stays, and the process is another one.
     */
    private Rival socketHeld() throws IOException {
        Path home = homeWithJars("socket held");
        int port = Ports.free();
        List<String> command = holdSocket(port, script("restart.sh", home, plain(home, List.of(), "fd:3")));
        return new Rival("socket held", home, port, command, moveAndTell(home, "TERM"));
    }

    /**
     * Makes a rival that starts quickly and ends in order. The next process starts while the last one finishes its
     * requests in flight; or before the last one is told to end, which costs memory for two.
     */
    private Rival socketHeldAtBest(String name, String script) throws IOException, InterruptedException {
        Path home = homeWithJars(name);
        int port = Ports.free();
        List<String> options = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-Dio.netty.jfr.enabled=false"));
        Path archive = new ClassDataArchive(home, options, classPath).make(Ports.free());
        options.add("-XX:SharedArchiveFile=" + archive);
        List<String> plain = plain(home, options, "fd:3", "graceful");
        List<String> command = holdSocket(port, script(script, home, plain));
        return new Rival(name, home, port, command, moveAndTell(home, "USR1"));
    }

    private Rival restarted() throws IOException {
        Path home = homeWithJars("plain restart");
        int port = Ports.free();
        List<String> command = script("restart.sh", home, plain(home, List.of(), "" + port));
        return new Rival("plain restart", home, port, command, moveAndTell(home, "TERM"));
    }

    private Rival devTools(String name, String... settings) throws IOException, InterruptedException {
        Path home = scratch.make(name.replaceAll("\\W+", "-"));
        int port = Ports.free();
        List<String> command = new ArrayList<>(SpringBuild.make(home.resolve("classes"), port));
        command.addAll(List.of(settings));
        builds.makeResources(home);
        return new Rival(name, home, port, command, move(home, "classes/version.txt"));
    }

    private Path homeWithJars(String name) throws IOException {
        Path home = scratch.make(name.replaceAll("\\W+", "-"));
        builds.makeJars(home);
        return home;
    }

    private List<String> plain(Path home, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Programs.ofJdk("java")));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath.with(home.resolve("app.jar")), "versioned.Plain"));
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<String> holdSocket(int port, List<String> script) {
        String tool = Programs.installed("systemd-socket-activate", "systemd");
        List<String> command = new ArrayList<>(List.of(tool, "-l", "127.0.0.1:" + port));
        command.addAll(script);
        return command;
    }

    private static List<String> script(String name, Path home, List<String> application) {
        List<String> command =
                new ArrayList<>(List.of("sh", SCRIPTS.resolve(name).toString()));
        command.add(home.resolve("pid").toString());
        command.addAll(application);
        return command;
    }

    private static String move(Path home, String place) {
        return "mv " + home.resolve("builds") + "/$RELOAD " + home.resolve(place);
    }

    private static String moveAndTell(Path home, String signal) {
        return move(home, "app.jar") + " && read pid <" + home.resolve("pid") + " && kill -" + signal + " $pid";
    }
}
