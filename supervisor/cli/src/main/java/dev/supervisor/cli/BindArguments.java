package dev.supervisor.cli;

import dev.supervisor.Endpoint;
import dev.supervisor.OptionKey;
import dev.supervisor.Protocol;
import dev.supervisor.SocketSpec;
import dev.supervisor.SupervisorException;
import dev.supervisor.SupervisorOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options about the sockets that are bound, and how. */
final class BindArguments {

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
            description = "Listen on a socket; may be repeated. TYPE is http, https, tcp, tls, unix or udp.%n"
                    + "SPEC is PORT, HOST:PORT, [IPV6]:PORT, or the path of a Unix socket, with a slash in it. With"
                    + " https, TLS is the application's if there is no --cert. Names default to http, tcp, http-2, ...")
    private List<SocketSpec> sockets = List.of();

    @Option(
            names = "--reuse-port",
            description = "Let several processes of one user listen on the same port, each with this option; the system"
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
            description = "How many bytes of datagrams wait in the kernel at most, for each socket of udp. On Linux the"
                    + " sysctl net.core.rmem_max limits it. Default: 4194304, or what the parent process has set.")
    private @Nullable Integer receiveBuffer;

    @Option(
            names = "--backlog",
            paramLabel = "N",
            description = "The kernel's backlog of each socket. On Linux the sysctl net.core.somaxconn limits it."
                    + " Default: ${DEFAULT-VALUE}.")
    private @Nullable Integer backlog;

    boolean isEmpty() {
        return port == null && sockets.isEmpty();
    }

    /** Returns the names of the sockets. */
    Set<String> names() {
        return SocketSpec.named(all()).stream().map(SocketSpec::name).collect(Collectors.toCollection(HashSet::new));
    }

    private void checkUnix(OptionKey option) {
        if (all().stream().noneMatch(socket -> socket.endpoint() instanceof Endpoint.Unix)) {
            throw new SupervisorException(option + " is about Unix sockets, and there is none (add " + OptionKey.SOCKET
                    + " http::./app.sock)");
        }
    }

    private List<SocketSpec> all() {
        List<SocketSpec> all = new ArrayList<>();
        Optional.ofNullable(port).map(SocketSpec::http).ifPresent(all::add);
        all.addAll(sockets);
        return all;
    }

    /**
     * Checks that nobody is to end TLS, where the supervisor does not.
     *
     * @throws SupervisorException if somebody is
     */
    void checkWithoutTls() {
        all().stream()
                .filter(socket -> socket.protocol() == Protocol.TLS)
                .findFirst()
                .ifPresent(socket -> {
                    throw new SupervisorException("the socket '" + socket
                            + "' can't be passed on: exec ends no TLS (use" + " tcp:: and let the command do that)");
                });
    }

    /** @throws SupervisorException if an option is about sockets that are not there */
    void addTo(SupervisorOptions.Builder options) {
        if (unixMode != null || unixGroup != null) {
            checkUnix(unixMode != null ? OptionKey.UNIX_MODE : OptionKey.UNIX_GROUP);
        }
        Optional.ofNullable(port).ifPresent(options::port);
        sockets.forEach(options::socket);
        options.reusePort(reusePort);
        Optional.ofNullable(unixMode).ifPresent(options::unixMode);
        Optional.ofNullable(unixGroup).ifPresent(options::unixGroup);
        Optional.ofNullable(receiveBuffer).ifPresent(options::receiveBuffer);
        Optional.ofNullable(backlog).ifPresent(options::backlog);
    }

    static final class SocketConverter implements ITypeConverter<SocketSpec>, RelativeToFile {
        @Override
        public SocketSpec convert(String value) {
            try {
                return SocketSpec.parse(value);
            } catch (SupervisorException e) {
                throw new TypeConversionException(e.message(OptionNames::of));
            }
        }

        @Override
        public String resolve(String value, Path directory) {
            SocketSpec socket = convert(value);
            String name = socket.name().isEmpty() ? "" : socket.name() + "=";
            return socket.endpoint() instanceof Endpoint.Unix unix
                    ? name + socket.type() + "::" + withSlash(directory.resolve(unix.path()))
                    : value;
        }

        /** With http, a slash tells a path from a port. */
        private static String withSlash(Path path) {
            return path.getNameCount() == 1 && !path.isAbsolute()
                    ? Path.of(".").resolve(path).toString()
                    : path.toString();
        }
    }
}
