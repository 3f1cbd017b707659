package dev.supervisor.cli;

import dev.supervisor.SocketSpec;
import dev.supervisor.SupervisorException;
import dev.supervisor.SupervisorOptions;
import dev.supervisor.exec.CommandFailure;
import dev.supervisor.exec.SocketCommand;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code supervisor exec}. */
@Command(
        name = ExecCommand.NAME,
        header = "Binds sockets and passes them to any program, as systemd does.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        abbreviateSynopsis = true,
        customSynopsis = {
            "supervisor exec [OPTIONS] --port N -- COMMAND [ARG...]",
            "supervisor exec [OPTIONS] --socket SOCKET --watch PATH -- COMMAND [ARG...]",
            "supervisor exec [OPTIONS] --socket SOCKET --build COMMAND -- COMMAND [ARG...]"
        },
        description = {
            "",
            "Binds sockets and becomes COMMAND, a program in any language, which finds them open: descriptors 3, 4, ..."
                    + " in the order of the options, with LISTEN_FDS, LISTEN_FDNAMES and LISTEN_PID in its"
                    + " environment (sd_listen_fds(3), listenfd and others). Process id, standard streams, working"
                    + " directory and signals are those of COMMAND from then on.",
            "",
            "With --watch or --build it stays, and starts COMMAND again on a change: TERM to all its processes, then"
                    + " KILL, then the new one. The sockets stay open meanwhile, so that connections wait and none is"
                    + " refused. A COMMAND that ends by itself is started again by the next change.",
            ""
        },
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Signals, with --watch or --build: INT (Ctrl-C) and TERM end COMMAND and all its processes, a second one"
                    + " kills them; HUP starts it again.",
            "Each option can also be given by an environment variable: SUPERVISOR_EXEC_SOCKET for --socket.",
            "Exit codes: that of COMMAND; 127 if there is no such command, 126 if it can't be executed; 1 failed, 2"
                    + " wrong usage; with --watch or --build, 0 stopped.",
            "",
            "Examples:",
            "  supervisor exec -s http::8888 -- python3 app.py",
            "  supervisor exec -s http::8888 --watch src -- python3 src/app.py",
            "  supervisor exec -s http::8888 -s admin=tcp::9000 \\",
            "      --build 'cargo build' -- target/debug/app",
            "  supervisor exec -p 8888 --no-pid --watch . -- ./run.sh",
            "  supervisor exec -s http::/run/app.sock --unix-mode 660 -- ./app"
        })
final class ExecCommand implements Callable<Integer> {

    static final String NAME = "exec";

    @Spec
    private @Nullable CommandSpec spec;

    @ParentCommand
    private @Nullable SupervisorCommand parent;

    @Mixin
    private final ExecArguments arguments = new ExecArguments();

    @Override
    public Integer call() {
        List<String> words = Objects.requireNonNull(parent).argumentsAfterDashes();
        if (words.isEmpty()) {
            throw wrongUsage("there is no command (add it at the end: -- COMMAND)");
        }
        SupervisorOptions options;
        try {
            options = arguments.toOptions();
        } catch (SupervisorException e) {
            throw wrongUsage(e.message(OptionNames::of));
        }
        try {
            return run(words, options);
        } catch (SupervisorException e) {
            print("supervisor: " + e.message(OptionNames::of));
            return SupervisorCommand.FAILED;
        } catch (CommandFailure e) {
            print("supervisor: " + e.getMessage());
            return e.exitCode();
        }
    }

    private int run(List<String> words, SupervisorOptions options) {
        if (!options.tools().build()) { // which may have to make it first
            SocketCommand.check(words);
        }
        List<PassedSocket> sockets = new ArrayList<>();
        try {
            for (SocketSpec spec : options.sockets()) {
                sockets.add(PassedSocket.bind(spec, options));
            }
            SocketCommand command = new SocketCommand(
                    words,
                    options.sockets(),
                    sockets.stream().map(PassedSocket::descriptor).toList(),
                    arguments.withPid());
            sockets.forEach(socket -> print(socket.line()));
            if (arguments.restarts()) {
                new ExecRestarts(arguments, options, words, this::print).run(command);
                return SupervisorCommand.STOPPED;
            }
            command.become();
            return SupervisorCommand.FAILED;
        } finally {
            sockets.forEach(socket -> socket.unreachable().run());
        }
    }

    private void print(String line) {
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        err.println(line);
        err.flush();
    }

    private ParameterException wrongUsage(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }
}
