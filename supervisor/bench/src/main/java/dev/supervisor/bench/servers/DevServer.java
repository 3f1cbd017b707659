package dev.supervisor.bench.servers;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A tool that serves a project that is being developed; it may have started the server as a process of its own. */
public final class DevServer implements AutoCloseable {

    private static final int END_SECONDS = 15;

    private final int port;
    private final ServerProcess process;

    private DevServer(int port, ServerProcess process) {
        this.port = port;
        this.process = process;
    }

    public static DevServer start(int port, List<String> command) throws IOException {
        return new DevServer(port, ServerProcess.start(Map.of("PORT", "" + port), command));
    }

    public int port() {
        return port;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Returns the last lines of the tool's output. */
    public String output() {
        return process.lastLines();
    }

    /** Ends the tool, and then all processes that it has left behind. */
    @Override
    public void close() {
        List<ProcessHandle> all = process.processes().toList();
        all.get(0).destroy();
        await(all.subList(0, 1));
        all.forEach(ProcessHandle::destroy);
        await(all);
        all.forEach(ProcessHandle::destroyForcibly);
        await(all);
    }

    private static void await(List<ProcessHandle> processes) {
        CompletableFuture.allOf(processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new))
                .completeOnTimeout(null, END_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
