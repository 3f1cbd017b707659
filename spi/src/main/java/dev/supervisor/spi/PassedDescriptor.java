package dev.supervisor.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A file descriptor that the parent process has passed: systemd, systemfd, or another program that follows
 * sd_listen_fds(3). The parent keeps its own descriptor of the same socket, and can accept even after this process has
 * ended.
 *
 * @param number the number of the descriptor
 * @param name empty if the parent gave it none
 */
public record PassedDescriptor(int number, Optional<String> name) {

    private static final String COUNT = "LISTEN_FDS";
    private static final String FIRST = "LISTEN_FDS_FIRST_FD";
    private static final String PROCESS = "LISTEN_PID";
    private static final String NAMES = "LISTEN_FDNAMES";

    /** 0 to 2 are the standard streams. */
    private static final int FIRST_BY_DEFAULT = 3;

    private static final int MOST = 1024;

    /** systemd's name for a descriptor without one. */
    private static final String UNKNOWN = "unknown";

    /**
     * A socket unit without {@code FileDescriptorName=} gives its own name to its descriptors (systemd.socket(5)); it
     * says nothing about a socket.
     */
    private static final String NAME_OF_A_UNIT = ".socket";

    /**
     * Returns the descriptors that the variables {@code LISTEN_FDS}, {@code LISTEN_FDS_FIRST_FD} and {@code
     * LISTEN_FDNAMES} announce, in their order. The list is empty if there are none, or if {@code LISTEN_PID} names
     * another process.
     *
     * @param processId of this process
     * @throws IllegalArgumentException that names the variable that makes no sense
     */
    public static List<PassedDescriptor> of(Map<String, String> environment, long processId) {
        String count = environment.getOrDefault(COUNT, "");
        if (count.isEmpty() || areOfAnother(environment, processId)) {
            return List.of();
        }
        int number = number(COUNT, count, MOST);
        int first = number(
                FIRST, environment.getOrDefault(FIRST, Integer.toString(FIRST_BY_DEFAULT)), Integer.MAX_VALUE - MOST);
        List<Optional<String>> names = names(environment.getOrDefault(NAMES, ""), number);
        List<PassedDescriptor> descriptors = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            descriptors.add(new PassedDescriptor(first + i, names.get(i)));
        }
        return List.copyOf(descriptors);
    }

    /** Returns whether {@code LISTEN_FDS} is there, but {@code LISTEN_PID} says that it is meant for another process. */
    public static boolean areOfAnother(Map<String, String> environment, long processId) {
        String process = environment.getOrDefault(PROCESS, "");
        return environment.containsKey(COUNT) && !process.isEmpty() && !process.equals(Long.toString(processId));
    }

    private static List<Optional<String>> names(String text, int count) {
        List<Optional<String>> names = new ArrayList<>();
        if (text.isEmpty()) {
            for (int i = 0; i < count; i++) {
                names.add(Optional.empty());
            }
            return names;
        }
        for (String name : text.split(":", -1)) {
            boolean isNone = name.isEmpty() || name.equals(UNKNOWN) || name.endsWith(NAME_OF_A_UNIT);
            names.add(isNone ? Optional.empty() : Optional.of(name));
        }
        if (names.size() != count) {
            throw new IllegalArgumentException(NAMES + " has " + names.size() + " names ('" + text + "') for " + count
                    + " descriptors (" + COUNT + "): the parent process must pass one for each");
        }
        return names;
    }

    private static int number(String variable, String value, int most) {
        if (!value.matches("[0-9]{1,9}") || Integer.parseInt(value) > most) {
            throw new IllegalArgumentException(variable + " is '" + value + "', which is no number of 0 to " + most
                    + ": the parent process passes no sockets that can be used");
        }
        return Integer.parseInt(value);
    }

    @Override
    public String toString() {
        return "descriptor " + number + name.map(text -> " ('" + text + "')").orElse("");
    }
}
