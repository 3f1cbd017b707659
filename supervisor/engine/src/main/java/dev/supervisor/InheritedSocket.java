package dev.supervisor;

import dev.supervisor.spi.PassedDescriptor;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
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

    /**
     * Returns the sockets that the variables {@code LISTEN_FDS}, {@code LISTEN_FDS_FIRST_FD} and {@code LISTEN_FDNAMES}
     * announce, in their order. The list is empty if there are none, or if {@code LISTEN_PID} names another process.
     *
     * @param processId of this process
     * @throws SupervisorException that names the variable that makes no sense
     */
    public static List<InheritedSocket> of(Map<String, String> environment, long processId) {
        try {
            return PassedDescriptor.of(environment, processId).stream()
                    .map(descriptor -> new InheritedSocket(descriptor.number(), descriptor.name()))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new SupervisorException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Returns whether {@code LISTEN_FDS} is there, but {@code LISTEN_PID} says that it is meant for another process. */
    public static boolean isOfAnother(Map<String, String> environment, long processId) {
        return PassedDescriptor.areOfAnother(environment, processId);
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

    /**
     * Returns the name of the port that it is, if it is one that a program has bound besides the supervisor's sockets in the
     * process before; see {@link SocketSpec#adoptedName}.
     */
    Optional<String> adoptedName() {
        return name.flatMap(SocketSpec::adopted);
    }

    @Override
    public String toString() {
        return new PassedDescriptor(descriptor, name).toString();
    }
}
