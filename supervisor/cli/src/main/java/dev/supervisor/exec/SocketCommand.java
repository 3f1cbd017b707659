package dev.supervisor.exec;

import dev.supervisor.SocketSpec;
import dev.supervisor.process.ServiceVariables;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A command that is given listening sockets by the convention of systemd (sd_listen_fds(3)): as descriptors 3, 4, and so
 * on, with {@code LISTEN_FDS}, {@code LISTEN_FDNAMES} and {@code LISTEN_PID} in its environment.
 */
public final class SocketCommand {

    private final List<String> words;
    private final boolean withPid;
    private final String names;
    private final CLibrary library = CLibrary.load();
    private final PassedDescriptors descriptors;

    /**
     * @param words the program and its arguments
     * @param specs the sockets, each with a name
     * @param sockets their file descriptors
     * @param withPid whether to set {@code LISTEN_PID}, by which only the command itself takes the sockets
     * @throws dev.supervisor.SupervisorException if this system can't pass sockets
     */
    public SocketCommand(List<String> words, List<SocketSpec> specs, List<Integer> sockets, boolean withPid) {
        this.words = List.copyOf(words);
        this.withPid = withPid;
        this.names = specs.stream().map(SocketSpec::name).collect(Collectors.joining(":"));
        this.descriptors = new PassedDescriptors(library, sockets);
    }

    /**
     * Checks whether a command can be run.
     *
     * @throws CommandFailure if not
     */
    public static void check(List<String> words) {
        Program.find(words);
    }

    /**
     * Checks whether the command can be run.
     *
     * @throws CommandFailure if not
     */
    void check() {
        check(words);
    }

    /**
     * Becomes the command, which has the id of this process. Returns only if that fails, by an exception.
     *
     * @throws CommandFailure if the command can't be run; this process goes on then
     */
    public void become() {
        Map<String, String> variables = variables();
        if (withPid) {
            variables.put("LISTEN_PID", Long.toString(ProcessHandle.current().pid()));
        }
        String reason = ReplacedProcess.become(
                library,
                Program.find(words),
                descriptors,
                EnvironmentBlock.without(ServiceVariables::isAboutSockets, variables));
        throw new CommandFailure(CommandFailure.NOT_EXECUTABLE, cantRun(reason));
    }

    /**
     * Starts the command as a child, which leads a process group and has no part in what a service manager says to this
     * process.
     *
     * @throws CommandFailure if the command can't be run
     */
    Process start() {
        Program program = Program.find(words);
        try {
            return SpawnedProcess.start(
                    library,
                    withPid ? program.withOwnId() : program,
                    descriptors,
                    EnvironmentBlock.without(ServiceVariables::isOne, variables()));
        } catch (IOException e) {
            throw new CommandFailure(CommandFailure.NOT_EXECUTABLE, cantRun(String.valueOf(e.getMessage())));
        }
    }

    private String cantRun(String reason) {
        return "can't run '" + words.get(0) + "': " + reason;
    }

    private Map<String, String> variables() {
        Map<String, String> variables = new TreeMap<>();
        variables.put("LISTEN_FDS", Integer.toString(descriptors.count()));
        variables.put("LISTEN_FDNAMES", names);
        return variables;
    }

    @Override
    public String toString() {
        return String.join(" ", words);
    }
}
