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

/** A command of the shell whose output is read, line by line. Thread-safe. */
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
     * Returns its exit code as soon as it has ended, and its output has been read: what it has left running (a daemon,
     * say) may keep that open, and is not waited for.
     *
     * @param output told of each line, by a thread of its own, and not after this has returned
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

    /** As {@link ProcessGroup#end} does. */
    void end() {
        group.end();
    }

    /** As {@link ProcessGroup#kill} does. */
    void kill() {
        group.kill();
    }
}
