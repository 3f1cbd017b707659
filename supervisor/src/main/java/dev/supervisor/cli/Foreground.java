package dev.supervisor.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this process is in the foreground of its terminal: Linux tells that in a file (proc_pid_stat(5)), other systems
 * by {@code ps}, which is asked once a second at most. Thread-safe.
 */
final class Foreground implements BooleanSupplier {

    private static final Logger LOG = LoggerFactory.getLogger(Foreground.class);
    private static final Path STAT = Path.of("/proc/self/stat");
    private static final long GOOD_FOR_NANOS = 1_000_000_000;

    // Guarded by this.
    private long asked = System.nanoTime() - GOOD_FOR_NANOS;
    private boolean answer;

    @Override
    public boolean getAsBoolean() {
        try {
            return Files.exists(STAT) ? isInForeground(Files.readString(STAT, StandardCharsets.ISO_8859_1)) : askPs();
        } catch (IOException e) {
            LOG.debug("can't tell whether this is in the foreground", e);
            return false;
        }
    }

    /** The group of the process is the 5th field, that of the terminal's foreground the 8th; the 2nd may hold blanks. */
    static boolean isInForeground(String stat) {
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
        return afterName.length > 5 && afterName[2].equals(afterName[5]);
    }

    private synchronized boolean askPs() throws IOException {
        if (System.nanoTime() - asked >= GOOD_FOR_NANOS) {
            String pid = Long.toString(ProcessHandle.current().pid());
            Process ps = new ProcessBuilder("ps", "-o", "pgid=", "-o", "tpgid=", "-p", pid)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            answer = areEqual(new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
            asked = System.nanoTime();
        }
        return answer;
    }

    static boolean areEqual(String groups) {
        String[] both = groups.strip().split("\\s+");
        return both.length == 2 && both[0].equals(both[1]);
    }
}
