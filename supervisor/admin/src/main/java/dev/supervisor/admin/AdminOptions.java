package dev.supervisor.admin;

import dev.supervisor.Endpoint;
import dev.supervisor.SupervisorException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where, and to whom, the status is shown.
 *
 * @param address to listen on
 * @param hosts names that requests may ask for, besides addresses and {@code localhost}; in lower case
 * @param tokenFile a file with the token that each request must bring; required unless the address is of loopback
 */
public record AdminOptions(InetSocketAddress address, Set<String> hosts, Optional<Path> tokenFile) {

    private static final String DEFAULT_HOST = "127.0.0.1";
    private static final int GREATEST_PORT = 65_535;

    /** @throws SupervisorException if anybody who reaches the address could read all */
    public AdminOptions {
        hosts = hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        if (!address.getAddress().isLoopbackAddress() && tokenFile.isEmpty()) {
            throw new SupervisorException("--admin on " + text(address)
                    + " can be reached by other machines: add --admin-token-file FILE, or use 127.0.0.1");
        }
    }

    /**
     * Reads the values of the options. Looks a host name up, and blocks meanwhile.
     *
     * @param address {@code PORT}, {@code HOST:PORT} or {@code [IPV6]:PORT}
     * @throws SupervisorException if one is wrong; its message names the option
     */
    public static AdminOptions parse(String address, List<String> hosts, Optional<Path> tokenFile) {
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? DEFAULT_HOST : bare(address.substring(0, colon), address);
        String port = address.substring(colon + 1);
        if (!port.matches("[0-9]{1,5}")) {
            throw malformed(address);
        }
        if (Integer.parseInt(port) > GREATEST_PORT) {
            throw new SupervisorException(
                    "'" + address + "' of --admin is no address: a port is 0 to " + GREATEST_PORT);
        }
        hosts.stream()
                .filter(name -> !name.matches("[A-Za-z0-9._-]+"))
                .findFirst()
                .ifPresent(name -> {
                    throw new SupervisorException("'" + name + "' of --admin-host is no host name (without a port)");
                });
        return new AdminOptions(new Endpoint.Tcp(host, Integer.parseInt(port)).resolve(), Set.copyOf(hosts), tokenFile);
    }

    private static String bare(String host, String address) {
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        if (bare.isEmpty() || bracketed != bare.contains(":")) {
            throw malformed(address);
        }
        return bare;
    }

    private static SupervisorException malformed(String address) {
        return new SupervisorException(
                "'" + address + "' of --admin is no address: expected PORT, HOST:PORT or [IPV6]:PORT");
    }

    /** {@code HOST:PORT}, with brackets around an IPv6 address. */
    static String text(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        return new Endpoint.Tcp(host.getHostAddress(), address.getPort()).toString();
    }
}
