package dev.supervisor.cli;

import dev.supervisor.InheritedSocket;
import dev.supervisor.SocketSpec;
import dev.supervisor.SupervisorException;
import dev.supervisor.SupervisorOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options about listening sockets, and about the connections that wait there. */
final class SocketArguments {

    @Option(
            names = {"-p", "--port"},
            paramLabel = "N",
            description = "Listen for HTTP on 127.0.0.1:N; 0 picks a port. The same as --socket http::N.")
    private @Nullable Integer port;

    @Option(
            names = {"-s", "--socket"},
            paramLabel = "[NAME=]TYPE::SPEC",
            split = ",",
            converter = SocketConverter.class,
            description = "Listen on a socket; may be repeated. TYPE is http, https, tcp, unix or udp, SPEC is PORT,"
                    + " HOST:PORT, [IPV6]:PORT, or the path of a Unix socket, with a slash in it. With https, TLS is"
                    + " the application's. Names default to http, tcp, http-2, ...")
    private List<SocketSpec> sockets = List.of();

    @Option(
            names = "--inherit",
            paramLabel = "[NAME=]TYPE",
            split = ",",
            description = "Listen on a socket that the parent process passes (systemd, systemfd, inetd), for TYPE http,"
                    + " https, tcp or udp; may be repeated. A passed socket takes the place of the --socket of its name"
                    + " without this, and each passed socket is one of http where there is neither.")
    private List<String> inherited = List.of();

    @Option(
            names = "--reuse-port",
            description =
                    "Let several supervisors of one user listen on the same port, each with this option; the system"
                            + " distributes the connections. What waits in the kernel for one that stops is reset.")
    private boolean reusePort;

    @Option(
            names = "--unix-mode",
            paramLabel = "MODE",
            description = "The mode of the files of Unix sockets, such as 660; a client needs the permission to write."
                    + " Default: by the umask.")
    private @Nullable String unixMode;

    @Option(
            names = "--unix-group",
            paramLabel = "GROUP",
            description = "The group that owns the files of Unix sockets.")
    private @Nullable String unixGroup;

    @Option(
            names = "--receive-buffer",
            paramLabel = "BYTES",
            description =
                    "How many bytes of datagrams wait in the kernel for a build, for each socket of udp. On Linux the"
                            + " sysctl net.core.rmem_max limits it. Default: 4194304; what the parent process has set, for a"
                            + " socket that it passes.")
    private @Nullable Integer receiveBuffer;

    @Option(
            names = "--hold-timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long a connection waits for a build before it is answered with 503 (http) or closed"
                    + " (tcp). Default: ${DEFAULT-VALUE}.")
    private @Nullable Duration holdTimeout;

    @Option(
            names = "--max-held",
            paramLabel = "N",
            description = "How many connections wait for a build, for each socket; more stay in the kernel's backlog."
                    + " Default: ${DEFAULT-VALUE}.")
    private @Nullable Integer maxHeld;

    @Option(
            names = "--backlog",
            paramLabel = "N",
            description = "The kernel's backlog of each socket. On Linux the sysctl net.core.somaxconn limits it."
                    + " Default: ${DEFAULT-VALUE}.")
    private @Nullable Integer backlog;

    void addTo(SupervisorOptions.Builder options, Map<String, String> environment) {
        options.inherited(passed(environment));
        inherited.forEach(options::inherit);
        Optional.ofNullable(port).ifPresent(options::port);
        sockets.forEach(options::socket);
        options.reusePort(reusePort);
        Optional.ofNullable(unixMode).ifPresent(options::unixMode);
        Optional.ofNullable(unixGroup).ifPresent(options::unixGroup);
        Optional.ofNullable(receiveBuffer).ifPresent(options::receiveBuffer);
        Optional.ofNullable(holdTimeout).ifPresent(options::holdTimeout);
        Optional.ofNullable(maxHeld).ifPresent(options::maxHeld);
        Optional.ofNullable(backlog).ifPresent(options::backlog);
    }

    /** Descriptor 0 is looked at last: it may be a socket by chance, and inetd passes that only. */
    private List<InheritedSocket> passed(Map<String, String> environment) {
        List<InheritedSocket> passed =
                InheritedSocket.of(environment, ProcessHandle.current().pid());
        boolean bindsNone = port == null && sockets.isEmpty();
        return passed.isEmpty() && bindsNone ? InheritedSocket.ofStandardInput() : passed;
    }

    static final class SocketConverter implements ITypeConverter<SocketSpec> {
        @Override
        public SocketSpec convert(String value) {
            try {
                return SocketSpec.parse(value);
            } catch (SupervisorException e) {
                throw new TypeConversionException(e.message(OptionNames::of));
            }
        }
    }
}
