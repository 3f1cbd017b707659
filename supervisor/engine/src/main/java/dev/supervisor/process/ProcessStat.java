package dev.supervisor.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What Linux tells of a process, in {@code /proc/PID/stat} (man 5 proc), and Java does not.
 *
 * @param state a letter
 * @param group the id of its process group
 */
public record ProcessStat(char state, long group) {

    private static final int GROUP = 2; // behind the state and the parent

    /** Empty if there is no such process, or on other systems. */
    static Optional<ProcessStat> of(ProcessHandle process) {
        try {
            String text = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1); // a name may have blanks
            return Optional.of(new ProcessStat(fields[0].charAt(0), Long.parseLong(fields[GROUP])));
        } catch (IOException | RuntimeException e) { // it has ended meanwhile, say
            return Optional.empty();
        }
    }

    /**
     * Java takes one that has ended for alive until its parent has taken note of that. That is init where its own has
     * ended before, and in a container nobody may play that part.
     */
    public static boolean isAlive(ProcessHandle process) {
        return process.isAlive() && of(process).map(ProcessStat::runs).orElse(true);
    }

    static boolean isAnyAliveIn(long group) {
        return ProcessHandle.allProcesses()
                .flatMap(process -> of(process).stream())
                .anyMatch(stat -> stat.group() == group && stat.runs());
    }

    /** It has ended, and its parent has not taken note of that. */
    boolean isDefunct() {
        return state == 'Z';
    }

    private boolean runs() {
        return state != 'Z' && state != 'X';
    }
}
