package dev.supervisor;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A listening socket that the parent process has passed: systemd, systemfd, or a supervisor that replaces itself. The
 * parent keeps it, so that it accepts even after this process has ended.
 *
 * @param descriptor the number of the file descriptor
 * @param name empty if the parent gave it none
 */
public record InheritedSocket(int descriptor, Optional<String> name) {

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
     * Returns the sockets that the variables {@code LISTEN_FDS}, {@code LISTEN_FDS_FIRST_FD} and {@code LISTEN_FDNAMES}
     * announce, in their order. The list is empty if there are none, or if {@code LISTEN_PID} names another process.
     *
     * @param processId of this process
     * @throws SupervisorException that names the variable that makes no sense
     */
    public static List<InheritedSocket> of(Map<String, String> environment, long processId) {
        String count = environment.getOrDefault(COUNT, "");
        if (count.isEmpty() || isOfAnother(environment, processId)) {
            return List.of();
        }
        int number = number(COUNT, count, MOST);
        int first = number(
                FIRST, environment.getOrDefault(FIRST, Integer.toString(FIRST_BY_DEFAULT)), Integer.MAX_VALUE - MOST);
        List<Optional<String>> names = names(environment.getOrDefault(NAMES, ""), number);
        List<InheritedSocket> sockets = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            sockets.add(new InheritedSocket(first + i, names.get(i)));
        }
        return List.copyOf(sockets);
    }

    /** Returns whether {@code LISTEN_FDS} is there, but {@code LISTEN_PID} says that it is meant for another process. */
    public static boolean isOfAnother(Map<String, String> environment, long processId) {
        String process = environment.getOrDefault(PROCESS, "");
        return environment.containsKey(COUNT) && !process.isEmpty() && !process.equals(Long.toString(processId));
    }

    /** Returns the listening socket that inetd or launchd have passed as the standard input; empty if it is none. */
    public static List<InheritedSocket> ofStandardInput() {
        try {
            return System.inheritedChannel() instanceof ServerSocketChannel
                    ? List.of(new InheritedSocket(0, Optional.empty()))
                    : List.of();
        } catch (IOException e) {
            throw new SupervisorException("can't tell whether the standard input is a socket: " + e.getMessage(), e);
        }
    }

    /**
     * Returns whether it is a socket of the run before that the service manager has kept for this one, by {@link
     * SocketSpec#keptName}; the parent has bound the others itself.
     */
    public boolean isKept() {
        return name.filter(SocketSpec::isKeptName).isPresent();
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
            names.add(name.isEmpty() || name.equals(UNKNOWN) ? Optional.empty() : Optional.of(name));
        }
        if (names.size() != count) {
            throw new SupervisorException(NAMES + " has " + names.size() + " names ('" + text + "') for " + count
                    + " descriptors (" + COUNT + "): the parent process must pass one for each");
        }
        return names;
    }

    private static int number(String variable, String value, int most) {
        if (!value.matches("[0-9]{1,9}") || Integer.parseInt(value) > most) {
            throw new SupervisorException(variable + " is '" + value + "', which is no number of 0 to " + most
                    + ": the parent process passes no sockets that can be used");
        }
        return Integer.parseInt(value);
    }

    @Override
    public String toString() {
        return "descriptor " + descriptor
                + name.map(text -> " ('" + text + "')").orElse("");
    }
}
