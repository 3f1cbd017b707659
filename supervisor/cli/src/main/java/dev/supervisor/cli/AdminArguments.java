package dev.supervisor.cli;

import dev.supervisor.SupervisorException;
import dev.supervisor.admin.AdminOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options about the server that shows the status. */
@OfProcess
final class AdminArguments {

    @Option(
            names = "--admin",
            paramLabel = "[HOST:]PORT",
            description =
                    "Show the status by HTTP there, for reading only: a page for people at /, /status.json, /metrics"
                            + " for Prometheus, /livez and /readyz. PORT alone is on 127.0.0.1. Not below --port: it has an"
                            + " address of its own.")
    private @Nullable String address;

    @Option(
            names = "--admin-host",
            paramLabel = "NAME",
            split = ",",
            description =
                    "A name by which --admin may be asked, besides addresses and localhost; may be repeated. Requests"
                            + " for other names are refused.")
    private List<String> hosts = List.of();

    @Option(
            names = "--admin-token-file",
            paramLabel = "FILE",
            description =
                    "A file with a token that each request to --admin must bring, but for /livez and /readyz: as a"
                            + " bearer's, or as the password of any user. Needed unless --admin is on a loopback address. Read"
                            + " again when it changes.")
    private @Nullable Path tokenFile;

    /**
     * Returns what is shown where; empty if nothing is.
     *
     * @throws SupervisorException if an option has an invalid value; its message names the option
     */
    Optional<AdminOptions> toOptions() {
        if (address != null) {
            return Optional.of(AdminOptions.parse(address, hosts, Optional.ofNullable(tokenFile)));
        }
        if (!hosts.isEmpty() || tokenFile != null) {
            throw new SupervisorException(
                    (hosts.isEmpty() ? "--admin-token-file" : "--admin-host") + " is about --admin: add that");
        }
        return Optional.empty();
    }
}
