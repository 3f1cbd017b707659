package dev.supervisor.cli.upgrade;

import dev.supervisor.ProxyProtocol.Addresses;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** What a proxy has told of a connection, as text: {@code 198.51.100.7 4711 2001:db8::1 443}, or {@code unknown}. */
final class ProxiedText {

    private static final String UNKNOWN = "unknown";
    private static final int WORDS = 4;

    private ProxiedText() {}

    static String of(Addresses addresses) {
        return addresses
                .client()
                .flatMap(client -> addresses.server().map(server -> of(client) + " " + of(server)))
                .orElse(UNKNOWN);
    }

    private static String of(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + " " + address.getPort();
    }

    /** @throws IOException if it is none */
    static Addresses parse(String text) throws IOException {
        if (text.equals(UNKNOWN)) {
            return Addresses.UNKNOWN;
        }
        String[] words = text.split(" ", -1);
        if (words.length != WORDS) {
            throw none(text);
        }
        return new Addresses(
                Optional.of(parse(words[0], words[1], text)), Optional.of(parse(words[2], words[3], text)));
    }

    private static InetSocketAddress parse(String address, String port, String text) throws IOException {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null || !port.matches("\\d{1,5}")) {
            throw none(text);
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(bytes), Integer.parseInt(port));
        } catch (IllegalArgumentException e) { // the port is out of range
            throw none(text);
        }
    }

    private static IOException none(String text) {
        return new IOException("'" + text + "' are no addresses of a proxy");
    }
}
