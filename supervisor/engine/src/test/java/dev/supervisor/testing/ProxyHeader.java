package dev.supervisor.testing;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Headers of the PROXY protocol, as proxies send them; written without Netty's codec, which reads them. */
public final class ProxyHeader {

    public static final int LOCAL = 0x20;
    public static final int PROXY = 0x21;
    public static final int UNSPECIFIED = 0x00;
    public static final int TCP4 = 0x11;
    public static final int UDP4 = 0x12;
    public static final int TCP6 = 0x21;
    public static final int UNIX = 0x31;

    private static final byte[] SIGNATURE = "\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.US_ASCII);
    private static final int UNIX_PATH = 108;

    private ProxyHeader() {}

    /** Version 1, from a client of this address. */
    public static byte[] version1(InetSocketAddress client, InetSocketAddress server) {
        boolean isOld = client.getAddress().getAddress().length == 4;
        return ("PROXY " + (isOld ? "TCP4 " : "TCP6 ") + client.getAddress().getHostAddress() + " "
                        + server.getAddress().getHostAddress() + " " + client.getPort() + " " + server.getPort()
                        + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Version 2, from a client of this address, with these extensions. */
    public static byte[] version2(InetSocketAddress client, InetSocketAddress server, byte... extensions) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(client.getAddress().getAddress());
        content.writeBytes(server.getAddress().getAddress());
        content.writeBytes(ByteBuffer.allocate(4)
                .putShort((short) client.getPort())
                .putShort((short) server.getPort())
                .array());
        content.writeBytes(extensions);
        boolean isOld = client.getAddress().getAddress().length == 4;
        return version2(PROXY, isOld ? TCP4 : TCP6, content.toByteArray());
    }

    public static byte[] version2(int command, int family, byte... content) {
        return ByteBuffer.allocate(16 + content.length)
                .put(SIGNATURE)
                .put((byte) command)
                .put((byte) family)
                .putShort((short) content.length)
                .put(content)
                .array();
    }

    /** The content of a header about a Unix socket. */
    public static byte[] unixPaths(String client, String server) {
        return ByteBuffer.allocate(2 * UNIX_PATH)
                .put(client.getBytes(StandardCharsets.US_ASCII))
                .position(UNIX_PATH)
                .put(server.getBytes(StandardCharsets.US_ASCII))
                .array();
    }

    /** An extension of version 2. */
    public static byte[] extension(int type, int length) {
        return ByteBuffer.allocate(3 + length)
                .put((byte) type)
                .putShort((short) length)
                .array();
    }
}
