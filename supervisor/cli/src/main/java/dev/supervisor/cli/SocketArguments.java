package dev.supervisor.cli;

import dev.supervisor.InheritedSocket;
import dev.supervisor.SupervisorOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options about listening sockets, and about the connections that wait there. */
final class SocketArguments {

    @Mixin
    private final BindArguments bind = new BindArguments();

    @Mixin
    private final TlsArguments tls = new TlsArguments();

    @Option(
            names = "--inherit",
            paramLabel = "[NAME=]TYPE",
            split = ",",
            description = "Listen on a socket that the parent process passes (systemd, systemfd, inetd), for TYPE http,"
                    + " https, tcp, tls or udp; may be repeated. Not needed for a passed socket that has the name of a --socket:"
                    + " it is used instead. Without --port, --socket and --inherit, each passed socket is of http.")
    private List<String> inherited = List.of();

    @Option(
            names = "--proxy-protocol",
            paramLabel = "[NAME=]FROM",
            split = ",",
            description = "Connections from FROM begin with a header of the PROXY protocol, version 1 or 2, and the"
                    + " application sees the addresses in it; may be repeated. FROM is an IP address, a network such as"
                    + " 10.0.0.0/8, or unix for peers on a Unix socket. Without a header such a connection is closed;"
                    + " connections from elsewhere are taken as they are. With NAME, only on the socket of that name.")
    private List<String> proxies = List.of();

    @Option(
            names = "--proxy-timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long a proxy may take to send its header. Default: ${DEFAULT-VALUE}.")
    private @Nullable Duration proxyTimeout;

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

    void addTo(SupervisorOptions.Builder options) {
        inherited.forEach(options::inherit);
        bind.addTo(options);
        proxies.forEach(options::proxyProtocol);
        Optional.ofNullable(proxyTimeout).ifPresent(options::proxyTimeout);
        tls.addTo(options);
        Optional.ofNullable(holdTimeout).ifPresent(options::holdTimeout);
        Optional.ofNullable(maxHeld).ifPresent(options::maxHeld);
    }

    /** Returns the names of the sockets, with those that the parent process must pass. */
    Set<String> names() {
        Set<String> names = bind.names();
        inherited.stream()
                .filter(each -> each.contains("="))
                .forEach(each -> names.add(each.substring(0, each.indexOf('='))));
        return names;
    }

    /**
     * Returns the sockets that the parent process has passed. Descriptor 0 is looked at last: it may be a socket by chance, and
     * inetd passes that only.
     */
    List<InheritedSocket> passed(Map<String, String> environment) {
        List<InheritedSocket> passed =
                InheritedSocket.of(environment, ProcessHandle.current().pid());
        return passed.isEmpty() && bind.isEmpty() ? InheritedSocket.ofStandardInput() : passed;
    }
}
