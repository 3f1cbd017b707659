package dev.supervisor.cli;

import dev.supervisor.load.LoadTestException;
import dev.supervisor.load.Reload;
import dev.supervisor.process.CommandWords;
import dev.supervisor.process.ProcessGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a shell command, with the number of the reload in the environment variable {@code RELOAD}. */
final class ReloadCommand implements Reload {

    private static final int LAST_LINES = 5;

    private final String command;
    private final Duration timeout;

    ReloadCommand(String command, Duration timeout) {
        this.command = command;
        this.timeout = timeout;
    }

    @Override
    public void apply(int number) throws InterruptedException {
        try {
            Path output = Files.createTempFile("reload", ".log");
            try {
                run(number, output);
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new LoadTestException("can't run '" + command + "': " + e.getMessage(), e);
        }
    }

    private void run(int number, Path output) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(CommandWords.ofShell(command))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("RELOAD", String.valueOf(number));
        ProcessGroup group = ProcessGroup.start(builder);
        Process process = group.process();
        try {
            if (!process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                throw failed("did not end within " + timeout.toSeconds() + " s", output);
            }
            if (process.exitValue() != 0) {
                throw failed("ended with exit code " + process.exitValue(), output);
            }
        } finally {
            if (process.isAlive()) { // children of a command that has ended may be the new server
                group.kill();
            }
        }
    }

    private LoadTestException failed(String how, Path output) throws IOException {
        List<String> lines = Files.readString(output).lines().toList();
        String last = String.join("\n  ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        return new LoadTestException("'" + command + "' " + how + (last.isEmpty() ? "" : ":\n  " + last));
    }
}
