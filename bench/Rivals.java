package bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The supervisor, and what it stands against. All of them run the same application, but for Spring Boot, and put the
 * same builds in place by the same command, each in a directory of its own.
 */
final class Rivals {

    private static final String JAVA = System.getProperty("java.home") + "/bin/java";
    private static final Path SCRIPTS = Path.of("bench/rivals").toAbsolutePath();

    private final Path directory;
    private final int reloads;
    private final VersionedBuilds builds;
    private final PlainClassPath classPath;

    /** @param reloads how many builds there are for each, apart from the one to begin with */
    Rivals(Path directory, int reloads) throws IOException {
        this.directory = directory;
        this.reloads = reloads;
        this.builds = VersionedBuilds.compile(
                Path.of("bench/versioned"),
                Path.of("supervisor/target/dist/lib/supervisor.jar"),
                directory.resolve("classes"));
        this.classPath = new PlainClassPath(Path.of("supervisor/target/dist/lib"));
    }

    Rival hold() throws IOException {
        return supervised("hold", "supervisor, hold", List.of());
    }

    Rival overlap() throws IOException {
        return supervised("overlap", "supervisor, overlap", List.of("--swap", "overlap"));
    }

    private Rival supervised(String key, String name, List<String> options) throws IOException {
        Path home = jars(key);
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(
                Path.of("supervisor/target/dist/bin/supervisor").toAbsolutePath().toString(),
                "--port",
                String.valueOf(port),
                "--app",
                home.resolve("app.jar").toString()));
        command.addAll(options);
        return rival(key, name, port, command, home, move(home, "app.jar"));
    }

    /** The pattern that the supervisor replaces: the socket stays, and the process is another one. */
    Rival socketHeld() throws IOException {
        Path home = jars("socket-held");
        int port = freePort();
        List<String> command = held(port, "restart.sh", home, plain(home, List.of(), "fd:3"));
        return rival("socket-held", "socket held, restart", port, command, home, moveAndTell(home, "TERM"));
    }

    /** The same at its best. */
    Rival socketHeldAtBest() throws IOException, InterruptedException {
        Path home = jars("socket-held-best");
        int port = freePort();
        List<String> options = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-Dio.netty.jfr.enabled=false"));
        Path archive = new ClassDataArchive(JAVA, options, classPath).make(home);
        options.add("-XX:SharedArchiveFile=" + archive);
        List<String> command = held(port, "replace.sh", home, plain(home, options, "fd:3", "graceful"));
        return rival(
                "socket-held-best", "socket held, at its best", port, command, home, moveAndTell(home, "USR1"));
    }

    Rival restarted() throws IOException {
        Path home = jars("restart");
        int port = freePort();
        List<String> command = script("restart.sh", home, plain(home, List.of(), String.valueOf(port)));
        return rival("restart", "plain restart", port, command, home, moveAndTell(home, "TERM"));
    }

    Rival devTools(SpringBuild spring) throws IOException {
        return devTools(spring, "devtools", "Spring Boot DevTools", List.of());
    }

    Rival devToolsTuned(SpringBuild spring) throws IOException {
        List<String> settings =
                List.of("--spring.devtools.restart.poll-interval=100ms", "--spring.devtools.restart.quiet-period=50ms");
        return devTools(spring, "devtools-tuned", "DevTools, tuned", settings);
    }

    private Rival devTools(SpringBuild spring, String key, String name, List<String> settings) throws IOException {
        Path home = home(key);
        spring.copyClasses(home.resolve("classes"));
        VersionedBuilds.resource(0, home.resolve("classes/version.txt"));
        for (int i = 1; i <= reloads; i++) {
            VersionedBuilds.resource(i, home.resolve("builds/" + i));
        }
        int port = freePort();
        List<String> command = new ArrayList<>(spring.command(JAVA, home.resolve("classes"), port));
        command.addAll(settings);
        return rival(key, name, port, command, home, move(home, "classes/version.txt"));
    }

    // Their parts

    private Path jars(String key) throws IOException {
        Path home = home(key);
        builds.jar(0, home.resolve("app.jar"));
        for (int i = 1; i <= reloads; i++) {
            builds.jar(i, home.resolve("builds/" + i));
        }
        return home;
    }

    private Path home(String key) throws IOException {
        Path home = directory.resolve(key);
        Files.createDirectories(home.resolve("builds"));
        return home;
    }

    private List<String> plain(Path home, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath.with(home.resolve("app.jar")), "versioned.Plain"));
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<String> held(int port, String script, Path home, List<String> application) {
        List<String> command = new ArrayList<>(List.of("systemd-socket-activate", "-l", "127.0.0.1:" + port));
        command.addAll(script(script, home, application));
        return command;
    }

    private static List<String> script(String script, Path home, List<String> application) {
        List<String> command = new ArrayList<>(List.of("sh", SCRIPTS.resolve(script).toString()));
        command.add(home.resolve("pid").toString());
        command.addAll(application);
        return command;
    }

    private static Rival rival(
            String key, String name, int port, List<String> command, Path home, String reload) {
        return new Rival(key, name, "http://127.0.0.1:" + port + "/", command, reload, home.resolve("output"));
    }

    private static String move(Path home, String place) {
        return "mv " + home.resolve("builds") + "/$RELOAD " + home.resolve(place);
    }

    private static String moveAndTell(Path home, String signal) {
        return move(home, "app.jar") + " && read pid <" + home.resolve("pid") + " && kill -" + signal + " $pid";
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
