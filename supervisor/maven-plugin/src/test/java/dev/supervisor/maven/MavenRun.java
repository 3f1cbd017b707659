package dev.supervisor.maven;

import dev.supervisor.compile.Delegate.Answer;
import dev.supervisor.compile.Project;
import dev.supervisor.compile.ProjectFile;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A running {@code mvn supervisor:run}, with a {@link FakeSupervisor} as the process that it starts. */
final class MavenRun implements AutoCloseable {

    private static final long TIMEOUT_SECONDS = 120;
    private static final int POLL_MILLIS = 100;

    private final Process maven;
    private final Path log;
    private final ServerSocket server;
    private @Nullable Socket fake;
    private @Nullable DataOutputStream out;
    private @Nullable DataInputStream in;
    private long pid;
    private List<String> arguments = List.of();

    private MavenRun(Process maven, Path log, ServerSocket server) {
        this.maven = maven;
        this.log = log;
        this.server = server;
    }

    /** Starts Maven with the real supervisor. */
    static MavenRun startReal(Path home, Path directory, String... arguments) throws IOException {
        return start(home, directory, Optional.empty(), arguments);
    }

    /** Starts Maven with a fake. */
    static MavenRun start(Path home, Path directory, String... arguments) throws IOException {
        Path work = Files.createTempDirectory(Path.of("target"), "run").toAbsolutePath();
        return start(home, directory, Optional.of(java(work)), arguments);
    }

    /**
     * Starts Maven.
     *
     * @param home of Maven
     * @param jvm the program that Maven starts as java
     * @param arguments after the goal
     */
    private static MavenRun start(Path home, Path directory, Optional<Path> jvm, String... arguments)
            throws IOException {
        Path work = Files.createTempDirectory(Path.of("target"), "run").toAbsolutePath();
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        server.setSoTimeout(POLL_MILLIS);
        List<String> all = new ArrayList<>();
        jvm.ifPresent(program -> all.add("-Djvm=" + program));
        all.add("supervisor:run");
        all.addAll(List.of(arguments));
        Path log = work.resolve("log");
        ProcessBuilder builder =
                new OfflineMaven(home).process(work, directory, all).redirectOutput(log.toFile());
        builder.environment().put(FakeSupervisor.PORT, String.valueOf(server.getLocalPort()));
        return new MavenRun(builder.start(), log, server);
    }

    /** A program that is started as java is, and starts the fake with the arguments. */
    private static Path java(Path work) throws IOException {
        Path script = Files.writeString(
                work.resolve("java"),
                "#!/bin/sh\nexec '" + System.getProperty("java.home") + "/bin/java' -cp '"
                        + System.getProperty("java.class.path") + "' " + FakeSupervisor.class.getName() + " \"$@\"\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script;
    }

    /** Waits until Maven has started the fake. */
    MavenRun awaitSupervisor() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (fake == null) {
            try {
                fake = server.accept();
            } catch (SocketTimeoutException e) {
                if (!maven.isAlive() || System.nanoTime() > deadline) {
                    throw new AssertionError("no supervisor was started:\n" + output(), e);
                }
            }
        }
        out = new DataOutputStream(fake.getOutputStream());
        in = new DataInputStream(fake.getInputStream());
        pid = in.readLong();
        arguments = lines(in);
        return this;
    }

    private static List<String> lines(DataInputStream in) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            lines.add(in.readUTF());
        }
        return lines;
    }

    List<String> arguments() {
        return arguments;
    }

    /** Returns the argument after an option. */
    String argument(String option) {
        return arguments.get(arguments.indexOf(option) + 1);
    }

    Project project() throws IOException {
        return new ProjectFile(Path.of(argument("--project"))).read();
    }

    Project.Module module(String name) throws IOException {
        return project().modules().stream()
                .filter(module -> module.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    Answer resolve() throws IOException {
        return ask(FakeSupervisor.RESOLVE, "");
    }

    Answer prepare(String module) throws IOException {
        return ask(FakeSupervisor.PREPARE, module);
    }

    Answer execute(String module) throws IOException {
        return ask(FakeSupervisor.EXECUTE, module);
    }

    private Answer ask(String command, String argument) throws IOException {
        send(command, argument);
        DataInputStream answers = Objects.requireNonNull(in);
        return new Answer(answers.readBoolean(), lines(answers));
    }

    private void send(String command, String argument) throws IOException {
        DataOutputStream commands = Objects.requireNonNull(out);
        commands.writeUTF(command);
        commands.writeUTF(argument);
        commands.flush();
    }

    /** Ends the fake with an exit code, and returns Maven's. */
    int exit(int code) throws IOException, InterruptedException {
        send(FakeSupervisor.EXIT, String.valueOf(code));
        return awaitEnd();
    }

    int awaitEnd() throws IOException, InterruptedException {
        if (!maven.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("Maven does not end:\n" + output());
        }
        return maven.exitValue();
    }

    Process maven() {
        return maven;
    }

    /** Returns whether the fake runs. */
    boolean isSupervisorAlive() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    /** Returns the output, for messages. */
    String log() {
        try {
            return output();
        } catch (IOException e) {
            return e.toString();
        }
    }

    String output() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() throws IOException {
        maven.destroy(); // it tidies up
        try {
            maven.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        maven.descendants().forEach(ProcessHandle::destroyForcibly);
        maven.destroyForcibly();
        server.close();
        if (fake != null) {
            fake.close();
        }
    }
}
