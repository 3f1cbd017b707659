package dev.supervisor.spi;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The address of a listener that no descriptor was passed for. */
final class ListenAddress {

    private static final String LOOPBACK = "127.0.0.1";

    private static final String PROPERTY = "listen.address.";

    private ListenAddress() {}

    /** Returns the system property that sets the address of a listener. */
    static String property(String name) {
        return PROPERTY + name;
    }

    /** Returns the variable that does the same: in upper case, with an underscore for all but letters and digits. */
    static String variable(String name) {
        return property(name).toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    /**
     * Returns the address that the user of the program has set for a listener. The system property counts more.
     *
     * @throws IllegalArgumentException if the value is no address; the message says where it comes from
     */
    static Optional<SocketAddress> override(String name, Properties properties, Map<String, String> environment) {
        String ofProperty = properties.getProperty(property(name), "");
        if (!ofProperty.isEmpty()) {
            return Optional.of(parse(ofProperty, "the system property " + property(name)));
        }
        String ofVariable = environment.getOrDefault(variable(name), "");
        return ofVariable.isEmpty() ? Optional.empty() : Optional.of(parse(ofVariable, variable(name)));
    }

    /** Returns the system properties that set the address of no listener, in their order. */
    static List<String> unused(Set<String> listeners, Properties properties) {
        return properties.stringPropertyNames().stream()
                .filter(property -> property.startsWith(PROPERTY))
                .filter(property -> !listeners.contains(property.substring(PROPERTY.length())))
                .sorted()
                .toList();
    }

    /** Returns the text form of an address that {@link #override} reads. */
    static String format(SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            String host = inet.isUnresolved()
                    ? inet.getHostString()
                    : inet.getAddress().getHostAddress();
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + inet.getPort();
        }
        return address.toString();
    }

    private static SocketAddress parse(String text, String source) {
        try {
            if (text.contains("/")) {
                return UnixDomainSocketAddress.of(text);
            }
            URI uri = new URI("tcp://" + (text.contains(":") ? text : LOOPBACK + ":" + text));
            if (uri.getHost() != null && uri.getPort() >= 0) {
                return new InetSocketAddress(uri.getHost(), uri.getPort());
            }
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw malformed(text, source, e);
        }
        throw malformed(text, source, null);
    }

    private static IllegalArgumentException malformed(String text, String source, @Nullable Exception cause) {
        return new IllegalArgumentException(
                source + " is '" + text + "', which is no address: expected PORT, HOST:PORT, [IPV6]:PORT or the path of"
                        + " a Unix socket, for example 0.0.0.0:8888 or /run/app.sock",
                cause);
    }
}
