package dev.supervisor.cli;

import dev.supervisor.SocketSpec;
import dev.supervisor.SupervisorException;
import dev.supervisor.SupervisorOptions;
import java.time.Duration;
import java.util.List;
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
            description = "Listen on a socket; may be repeated. TYPE is http or tcp, SPEC is PORT, HOST:PORT or"
                    + " [IPV6]:PORT. Names default to http, tcp, http-2, ...")
    private List<SocketSpec> sockets = List.of();

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

    void addTo(SupervisorOptions.Builder options) {
        Optional.ofNullable(port).ifPresent(options::port);
        sockets.forEach(options::socket);
        Optional.ofNullable(holdTimeout).ifPresent(options::holdTimeout);
        Optional.ofNullable(maxHeld).ifPresent(options::maxHeld);
        Optional.ofNullable(backlog).ifPresent(options::backlog);
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
