package dev.supervisor.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The fields of {@code /proc/PID/stat} on Linux (proc_pid_stat(5)) that Java does not offer.
 *
 * @param state the state, as a letter
 * @param group the id of the process group
 * @param threads how many have not ended
 */
public record ProcessStat(char state, long group, int threads) {

    private static final int GROUP = 2; // after the state and the parent
    private static final int THREADS = 17;

    /** Returns the process's entry; empty if there is no such process, or on other systems. */
    static Optional<ProcessStat> of(ProcessHandle process) {
        try {
            Path file = Path.of("/proc/" + process.pid() + "/stat");
            String text = Files.readString(file, StandardCharsets.ISO_8859_1); // a name may be in any encoding
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1); // a name may contain blanks
            return Optional.of(new ProcessStat(
                    fields[0].charAt(0), Long.parseLong(fields[GROUP]), Integer.parseInt(fields[THREADS])));
        } catch (IOException | RuntimeException e) { // the process has ended meanwhile, say
            return Optional.empty();
        }
    }

    /**
     * Returns whether the process runs. Java takes an ended process for alive until its parent has reaped it. An
     * orphan's parent is init, and a container may have no init.
     */
    public static boolean isAlive(ProcessHandle process) {
        return process.isAlive() && of(process).map(ProcessStat::runs).orElse(true);
    }

    static boolean isAnyAliveIn(long group) {
        return ProcessHandle.allProcesses()
                .flatMap(process -> of(process).stream())
                .anyMatch(stat -> stat.group() == group && stat.runs());
    }

    /**
     * Returns whether the process has ended, and its parent has not reaped it. Its first thread may have ended before others,
     * which still have its sockets.
     */
    boolean isDefunct() {
        return state == 'Z' && threads <= 1;
    }

    private boolean runs() {
        return !isDefunct() && state != 'X';
    }
}
