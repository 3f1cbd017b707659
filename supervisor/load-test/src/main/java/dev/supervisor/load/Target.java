package dev.supervisor.load;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The server to test.
 *
 * @param url as it was given
 * @param addresses the addresses of the host, resolved once; at least one
 * @param host the value of the header {@code Host}
 * @param path the path with the query, at least {@code /}
 */
public record Target(String url, List<InetSocketAddress> addresses, String host, String path) {

    private static final int HTTP_PORT = 80;

    public Target {
        addresses = List.copyOf(addresses);
    }

    /** Returns the address to connect to. */
    InetSocketAddress address() {
        return addresses.get(0);
    }

    /** Returns the same target at one of its addresses. */
    Target at(InetSocketAddress address) {
        return new Target(url, List.of(address), host, path);
    }

    /**
     * Parses a URL, and resolves its host.
     *
     * @throws LoadTestException if the text is no URL, its scheme is not http, or its host is unknown
     */
    public static Target parse(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw notUsable(url, e.getReason());
        }
        if (!"http".equalsIgnoreCase(uri.getScheme())) {
            throw notUsable(url, "it does not begin with http:// (TLS is not supported)");
        }
        if (uri.getHost() == null) {
            throw notUsable(url, "it names no host");
        }
        int port = uri.getPort() < 0 ? HTTP_PORT : uri.getPort();
        return new Target(url, resolve(uri.getHost(), port), uri.getRawAuthority(), path(uri));
    }

    private static String path(URI uri) {
        String path =
                Optional.ofNullable(uri.getRawPath()).filter(p -> !p.isEmpty()).orElse("/");
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    private static List<InetSocketAddress> resolve(String host, int port) {
        try {
            return Stream.of(InetAddress.getAllByName(host))
                    .map(address -> new InetSocketAddress(address, port))
                    .toList();
        } catch (UnknownHostException e) {
            throw new LoadTestException("can't find the host '" + host + "': its name is not known", e);
        } catch (IllegalArgumentException e) {
            throw new LoadTestException("'" + port + "' is no port (0 to 65535)", e);
        }
    }

    private static LoadTestException notUsable(String url, String why) {
        return new LoadTestException("can't load-test '" + url + "': " + why + " (use http://127.0.0.1:8888/)");
    }
}
