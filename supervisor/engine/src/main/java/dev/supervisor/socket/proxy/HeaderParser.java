package dev.supervisor.socket.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.supervisor.ProxyProtocol.Addresses;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the end of a header, and has Netty's decoder read it. The extensions of version 2 (TLV) are skipped. Whatever can't
 * become a header any more is refused at once.
 *
 * <p>For one thread: all headers pass one embedded channel, since a channel for each connection would cost more than the
 * header.
 */
public final class HeaderParser {

    /** In bytes, as with nginx. Extensions of more are of no use here. */
    public static final int LONGEST = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(HeaderParser.class);

    private static final byte[] V1 = "PROXY ".getBytes(US_ASCII);
    private static final int V1_LONGEST = 107;

    private static final byte[] V2 = "\r\n\r\n\0\r\nQUIT\n".getBytes(US_ASCII);
    private static final int V2_SHORTEST = 16;
    private static final int VERSION_2 = 0x20;

    private @Nullable EmbeddedChannel channel;

    /** What the first bytes of a connection are. */
    public sealed interface Result {}

    /** More bytes have to come. */
    public enum Incomplete implements Result {
        INCOMPLETE
    }

    /** The connection is to be closed. */
    public record Refused(Refusal why) implements Result {}

    /**
     * There is a header.
     *
     * @param length in bytes; what follows is the client's
     * @param addresses empty if the connection is the proxy's own, as a health check is
     */
    public record Header(int length, Optional<Addresses> addresses) implements Result {}

    /** @param bytes all that has come, up to {@code length} */
    public Result parse(byte[] bytes, int length) {
        if (begins(bytes, length, V1)) {
            return length < V1.length ? Incomplete.INCOMPLETE : version1(bytes, length);
        }
        if (begins(bytes, length, V2)) {
            return length < V2_SHORTEST ? Incomplete.INCOMPLETE : version2(bytes, length);
        }
        return new Refused(Refusal.NO_HEADER);
    }

    /** Returns whether the bytes are, or may become, ones with this beginning. */
    private static boolean begins(byte[] bytes, int length, byte[] beginning) {
        int known = Math.min(length, beginning.length);
        for (int i = 0; i < known; i++) {
            if (bytes[i] != beginning[i]) {
                return false;
            }
        }
        return true;
    }

    private Result version1(byte[] bytes, int length) {
        int known = Math.min(length, V1_LONGEST);
        for (int i = V1.length; i < known; i++) {
            if (bytes[i] == '\n') {
                return bytes[i - 1] == '\r' ? decoded(bytes, i + 1) : new Refused(Refusal.MALFORMED);
            }
        }
        return length < V1_LONGEST ? Incomplete.INCOMPLETE : new Refused(Refusal.MALFORMED);
    }

    private Result version2(byte[] bytes, int length) {
        if ((bytes[V2.length] & 0xf0) != VERSION_2) {
            return new Refused(Refusal.MALFORMED);
        }
        int end = V2_SHORTEST + ((bytes[V2.length + 2] & 0xff) << Byte.SIZE) + (bytes[V2.length + 3] & 0xff);
        if (end > LONGEST) {
            return new Refused(Refusal.TOO_LONG);
        }
        return length < end ? Incomplete.INCOMPLETE : decoded(bytes, end);
    }

    private Result decoded(byte[] bytes, int length) {
        try {
            HAProxyMessage message = decode(bytes, length);
            try {
                return new Header(length, addresses(message));
            } finally {
                message.release();
            }
        } catch (RuntimeException | UnknownHostException e) { // the decoder closes its channel
            channel = null;
            LOG.debug("a header of the PROXY protocol is malformed", e);
            return new Refused(Refusal.MALFORMED);
        }
    }

    /** The decoder leaves the channel after its one header. */
    private HAProxyMessage decode(byte[] bytes, int length) {
        EmbeddedChannel decoding = channel == null ? new EmbeddedChannel() : channel;
        channel = decoding;
        decoding.pipeline().addLast(new HAProxyMessageDecoder(LONGEST));
        decoding.writeInbound(Unpooled.wrappedBuffer(bytes, 0, length));
        HAProxyMessage message = decoding.readInbound();
        if (message == null) {
            throw new IllegalArgumentException("the decoder waits for more than its " + length + " bytes");
        }
        return message;
    }

    private static Optional<Addresses> addresses(HAProxyMessage message) throws UnknownHostException {
        if (message.command() == HAProxyCommand.LOCAL) {
            return Optional.empty();
        }
        HAProxyProxiedProtocol protocol = message.proxiedProtocol();
        if (protocol != HAProxyProxiedProtocol.TCP4 && protocol != HAProxyProxiedProtocol.TCP6) {
            return Optional.of(Addresses.UNKNOWN);
        }
        return Optional.of(new Addresses(
                Optional.of(address(message.sourceAddress(), message.sourcePort())),
                Optional.of(address(message.destinationAddress(), message.destinationPort()))));
    }

    /** @param literal checked by the decoder; no name, which would have to be looked up */
    private static InetSocketAddress address(@Nullable String literal, int port) throws UnknownHostException {
        byte[] bytes = literal == null ? null : NetUtil.createByteArrayFromIpAddressString(literal);
        if (bytes == null) {
            throw new IllegalArgumentException("'" + literal + "' is no address");
        }
        return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
    }
}
