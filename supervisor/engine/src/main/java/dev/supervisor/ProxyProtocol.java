package dev.supervisor;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which proxies begin their connections with a header of the PROXY protocol, version 1 or 2, that tells the addresses of
 * their client (<a href="https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt">proxy-protocol.txt</a>). Whether a
 * header is there is not guessed: connections from these must have one, and those from elsewhere are taken as they are.
 *
 * @param sources where such proxies connect from; empty for none
 * @param timeout how long a proxy may take until its header is complete
 */
public record ProxyProtocol(List<Source> sources, Duration timeout) {

    public static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final Duration LONGEST = Duration.ofHours(1);

    /** No proxy does. */
    public static final ProxyProtocol NONE = new ProxyProtocol(List.of(), TIMEOUT);

    /**
     * Where proxies connect from.
     *
     * @param socket the name of the socket that they connect to; empty for each one of the options
     * @param address of the network; empty for peers on a Unix socket
     * @param prefix how many bits of the address are the network's
     */
    public record Source(Optional<String> socket, Optional<InetAddress> address, int prefix) {

        private static final Pattern FORM = Pattern.compile("(?:([A-Za-z0-9_.-]+)=)?([0-9A-Fa-f.:]+)(?:/(\\d{1,3}))?");
        private static final Pattern UNIX = Pattern.compile("(?:([A-Za-z0-9_.-]+)=)?unix");

        /**
         * Parses a source, in the form {@code [NAME=]FROM}.
         *
         * @throws SupervisorException if the text has another form
         */
        static Source parse(String text) {
            Matcher unix = UNIX.matcher(text);
            if (unix.matches()) {
                return new Source(Optional.ofNullable(unix.group(1)), Optional.empty(), 0);
            }
            Matcher network = FORM.matcher(text);
            if (!network.matches()) {
                throw malformed(text);
            }
            InetAddress address = addressOf(network.group(2)).orElseThrow(() -> malformed(text));
            int bits = address.getAddress().length * Byte.SIZE;
            int prefix = network.group(3) == null ? bits : Integer.parseInt(network.group(3));
            if (prefix > bits) {
                throw new SupervisorException("'" + text + "' is no " + OptionKey.PROXY_PROTOCOL + ": "
                        + address.getHostAddress() + " has " + bits + " bits");
            }
            return new Source(Optional.ofNullable(network.group(1)), Optional.of(address), prefix);
        }

        /** Returns the address of a literal. An address of IPv4 that is mapped to one of IPv6 is one of IPv4, as that of a peer is. */
        private static Optional<InetAddress> addressOf(String literal) {
            byte[] bytes = NetUtil.createByteArrayFromIpAddressString(literal);
            try {
                return bytes == null ? Optional.empty() : Optional.of(InetAddress.getByAddress(bytes));
            } catch (UnknownHostException e) { // of an illegal length
                return Optional.empty();
            }
        }

        private static SupervisorException malformed(String text) {
            return new SupervisorException("'" + text + "' is no " + OptionKey.PROXY_PROTOCOL
                    + ": expected [NAME=]FROM, where NAME is that of a"
                    + " socket, and FROM an IP address, a network, or unix for peers on a Unix socket, for example"
                    + " 10.0.0.7, fd00::/8 or http=10.0.0.0/8");
        }

        private boolean isFor(SocketSpec spec) {
            return spec.protocol() != Protocol.DATAGRAM
                    && (socket.isEmpty() || socket.get().equals(spec.name()));
        }
    }

    /**
     * The addresses of a connection that a proxy has told. Where it does not know one, or tells one of another family than
     * TCP on IPv4 or IPv6, it is empty.
     *
     * @param client the side that has connected to the proxy
     * @param server the side that it has connected to
     */
    public record Addresses(Optional<InetSocketAddress> client, Optional<InetSocketAddress> server) {

        /** The proxy tells none. */
        public static final Addresses UNKNOWN = new Addresses(Optional.empty(), Optional.empty());
    }

    public ProxyProtocol {
        sources = List.copyOf(sources);
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST) > 0) {
            throw new SupervisorException(OptionKey.PROXY_TIMEOUT + " must be more than 0, and at most 1h");
        }
    }

    /** @throws SupervisorException if a source names a socket that there is not, or one without connections */
    void check(List<SocketSpec> sockets) {
        for (Source source : sources) {
            if (sockets.stream().noneMatch(source::isFor)) {
                throw new SupervisorException(source.socket()
                        .map(name -> OptionKey.PROXY_PROTOCOL + " names '" + name
                                + "', which is no socket for connections: there is "
                                + String.join(
                                        ", ",
                                        sockets.stream().map(SocketSpec::name).toList()))
                        .orElse(OptionKey.PROXY_PROTOCOL
                                + " is about connections, and there are only sockets of datagrams"));
            }
        }
    }

    /** Returns the same for one socket. */
    ProxyProtocol of(SocketSpec socket) {
        return new ProxyProtocol(
                sources.stream().filter(source -> source.isFor(socket)).toList(), timeout);
    }
}
