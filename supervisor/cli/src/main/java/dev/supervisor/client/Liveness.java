package dev.supervisor.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether a process lives. Java takes an ended process for alive until its parent has reaped it, which some parents never do: the
 * process 1 of a container, say.
 */
final class Liveness {

    /** Where fields of {@code /proc/PID/stat} are (proc_pid_stat(5)), counted from the state, which is behind the name. */
    private static final int STATE = 0;

    private static final int THREADS = 17;

    private Liveness() {}

    /** Returns whether the process still runs, as far as can be told. */
    static boolean isAlive(ProcessHandle process) {
        return process.isAlive() && !isDefunct(process.pid());
    }

    private static boolean isDefunct(long process) {
        try { // each byte a character: a name may be in any encoding
            String text = Files.readString(Path.of("/proc/" + process + "/stat"), StandardCharsets.ISO_8859_1);
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
            // While other threads are ending, the first one may have ended; the sockets are still open then.
            return fields[STATE].equals("X") || (fields[STATE].equals("Z") && Integer.parseInt(fields[THREADS]) <= 1);
        } catch (IOException | RuntimeException e) { // another system, or the process has been reaped meanwhile
            return false;
        }
    }
}
