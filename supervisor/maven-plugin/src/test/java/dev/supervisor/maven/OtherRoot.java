package dev.supervisor.maven;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.supervisor.testing.Await;
import dev.supervisor.testing.Command;
import dev.supervisor.testing.Document;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Another system in a root directory: what the documents say is done to the letter, from an empty local repository. */
record OtherRoot(Path root) implements Machine {

    private static final List<Integer> PORTS = List.of(8080, 8888);
    private static final String HOME = "/home/newcomer";

    @Override
    public Path file(String name) {
        return root.resolve(HOME.substring(1)).resolve(name);
    }

    @Override
    public void build(String commands) throws Exception {
        run("supervisor", commands);
    }

    @Override
    public void install() throws Exception {
        if (!Files.exists(file(".m2/repository/dev/supervisor"))) {
            run("supervisor", Document.read("README.md").block("Install", "sh").text());
        }
    }

    @Override
    public Command start(String where, String commands) throws Exception {
        for (int port : PORTS) {
            Await.until("port " + port + " is free", () -> isFree(port));
        }
        return Command.start(
                root,
                Map.of(),
                List.of(
                        "chroot",
                        root.toString(),
                        "env",
                        "-i",
                        "HOME=" + HOME,
                        "MAVEN_OPTS=-Duser.home=" + HOME, // a JVM goes by the user, who is root
                        "LANG=C.UTF-8",
                        "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                        "SUPERVISOR_LOG=plain",
                        "sh",
                        "-ec",
                        "cd '" + HOME + "/" + where + "'\n" + commands));
    }

    @Override
    public void fetch(String project) {}

    /** The supervisor of the step before may still be on its way to its end. */
    private static boolean isFree(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (BindException e) {
            return false;
        }
    }

    @Override
    public void assumeGradle() {
        assumeTrue(Files.exists(root.resolve("usr/bin/gradle")), "there is no Gradle in " + root);
    }
}
