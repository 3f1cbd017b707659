package dev.supervisor.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whether this process is in the foreground of its terminal. Linux has that in a file (proc_pid_stat(5)); other
 * systems are asked by {@code ps}, once a second at most. Thread-safe.
 */
final class Foreground implements BooleanSupplier {

    private static final Logger LOG = LoggerFactory.getLogger(Foreground.class);
    private static final Path STAT = Path.of("/proc/self/stat");
    private static final long GOOD_FOR_NANOS = 1_000_000_000;

    private final boolean otherwise;

    // Guarded by this.
    private long asked = System.nanoTime() - GOOD_FOR_NANOS;
    private Optional<Boolean> answer = Optional.empty();
    private boolean nobodyTells;

    /** @param otherwise the answer where it can't be determined, as on Windows */
    Foreground(boolean otherwise) {
        this.otherwise = otherwise;
    }

    @Override
    public boolean getAsBoolean() {
        return answer().orElse(otherwise);
    }

    private Optional<Boolean> answer() {
        try {
            return Files.exists(STAT)
                    ? Optional.of(isInForeground(Files.readString(STAT, StandardCharsets.ISO_8859_1)))
                    : askPs();
        } catch (IOException e) {
            LOG.debug("can't tell whether this is in the foreground", e);
            return Optional.empty();
        }
    }

    /**
     * Compares the process group (the 5th field) with the foreground group of the terminal (the 8th). The 2nd field,
     * the name, may hold blanks.
     */
    static boolean isInForeground(String stat) {
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
        return afterName.length > 5 && afterName[2].equals(afterName[5]);
    }

    private synchronized Optional<Boolean> askPs() throws IOException {
        if (!nobodyTells && System.nanoTime() - asked >= GOOD_FOR_NANOS) {
            nobodyTells = true; // until ps has answered: a failing ps is not asked again
            answer = Optional.empty();
            String pid = Long.toString(ProcessHandle.current().pid());
            Process ps = new ProcessBuilder("ps", "-o", "pgid=", "-o", "tpgid=", "-p", pid)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            answer = areEqual(new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
            asked = System.nanoTime();
            nobodyTells = answer.isEmpty();
        }
        return answer;
    }

    /** Returns whether both groups are the same; empty if there are not two. */
    static Optional<Boolean> areEqual(String groups) {
        String[] both = groups.strip().split("\\s+");
        return both.length == 2 ? Optional.of(both[0].equals(both[1])) : Optional.empty();
    }
}
