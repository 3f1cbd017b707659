package dev.supervisor.build;

import dev.supervisor.process.CommandWords;
import dev.supervisor.process.ProcessGroup;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A shell command whose output is read, line by line. Thread-safe. */
final class BuildProcess {

    private static final Logger LOG = LoggerFactory.getLogger(BuildProcess.class);
    private static final long GRACE_MILLIS = 500;

    private static final OpenOutputs LEFT_OPEN = new OpenOutputs(LOG::warn);

    private final ProcessGroup group;

    private BuildProcess(ProcessGroup group) {
        this.group = group;
    }

    static BuildProcess start(String command, Path directory) throws IOException {
        return new BuildProcess(ProcessGroup.start(new ProcessBuilder(CommandWords.ofShell(command))
                .directory(directory.toFile())
                .redirectErrorStream(true)));
    }

    /**
     * Waits for the end of the command and of its output, and returns the exit code. A process that the command has
     * left running, such as a daemon, may keep the output open; its output is not waited for.
     *
     * @param output called with each line, on another thread, and never after this method has returned
     */
    int awaitEnd(Consumer<String> output) throws InterruptedException {
        Reader reader = new Reader(group.process(), output);
        reader.start();
        try {
            int code = group.process().waitFor();
            reader.join(GRACE_MILLIS);
            return code;
        } finally {
            reader.stopTelling();
            LEFT_OPEN.left(reader);
        }
    }

    private static final class Reader extends Thread {

        private final Process process;
        private @Nullable Consumer<String> output;

        Reader(Process process, Consumer<String> output) {
            super("supervisor-build-output");
            setDaemon(true);
            this.process = process;
            this.output = output;
        }

        @Override
        public void run() {
            try (var lines =
                    new LineReader(new InputStreamReader(process.getInputStream(), Charset.defaultCharset()))) {
                for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
                    tell(line.get());
                }
            } catch (IOException e) {
                LOG.debug("the output of the build has ended early", e);
            }
        }

        private synchronized void tell(String line) {
            if (output != null) {
                output.accept(line);
            }
        }

        synchronized void stopTelling() {
            output = null;
        }
    }

    /** Ends the command's processes, as {@link ProcessGroup#end} does. */
    void end() {
        group.end();
    }

    /** Kills the command's processes, as {@link ProcessGroup#kill} does. */
    void kill() {
        group.kill();
    }
}
