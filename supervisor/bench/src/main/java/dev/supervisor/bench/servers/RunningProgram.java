package dev.supervisor.bench.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/** A server of {@code supervisor/frameworks} that runs, and a way to replace its build. */
public final class RunningProgram implements AutoCloseable {

    /** Puts a build in place; what sees the change by itself need not be told. */
    public interface Builds {

        /** Prepares a build, which the returned task puts in place. */
        PutInPlace prepare(int version) throws IOException;
    }

    /** Puts a prepared build in place. */
    public interface PutInPlace {

        void run() throws IOException;
    }

    private final String name;
    private final int port;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Builds builds;
    private final boolean restarts;
    private ServerProcess process;

    private RunningProgram(
            String name,
            int port,
            List<String> command,
            Map<String, String> environment,
            Builds builds,
            boolean restarts)
            throws IOException {
        this.name = name;
        this.port = port;
        this.command = command;
        this.environment = environment;
        this.builds = builds;
        this.restarts = restarts;
        this.process = ServerProcess.start(environment, command);
    }

    /** Starts a server that is restarted for each build. */
    public static RunningProgram restarted(
            String name, int port, List<String> command, Map<String, String> environment, Builds builds)
            throws IOException {
        return new RunningProgram(name, port, command, environment, builds, true);
    }

    /** Starts a server that sees each build by itself. */
    public static RunningProgram watching(
            String name, int port, List<String> command, Map<String, String> environment, Builds builds)
            throws IOException {
        return new RunningProgram(name, port, command, environment, builds, false);
    }

    public String name() {
        return name;
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    public String url() {
        return "http://127.0.0.1:" + port + "/";
    }

    public ServerProcess process() {
        return process;
    }

    /** Replaces the build, and returns the time of the change by {@link System#nanoTime}. */
    public long reload(int version, int pauseMillis) throws IOException, InterruptedException {
        PutInPlace change = builds.prepare(version);
        Thread.sleep(pauseMillis);
        long begun = System.nanoTime();
        change.run();
        if (restarts) {
            process.end();
            process = ServerProcess.start(environment, command);
        }
        return begun;
    }

    @Override
    public void close() {
        process.close();
    }
}
