package dev.supervisor.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The request that all clients send.
 *
 * @param headers lines in the form {@code Name: value}; they replace the default headers
 * @param body empty for none
 */
public record Request(Target target, String method, List<String> headers, String body) {

    public Request {
        headers = List.copyOf(headers);
    }

    public static Request get(Target target) {
        return new Request(target, "GET", List.of(), "");
    }

    /** Returns the same request to one address of its target. */
    Request at(InetSocketAddress address) {
        return new Request(target.at(address), method, headers, body);
    }

    /** Returns whether answers have no body, whatever their headers say. */
    boolean isHead() {
        return method.equals("HEAD");
    }

    /**
     * Returns the request's bytes; called once for all requests.
     *
     * @param last whether the connection ends with the answer
     * @throws LoadTestException if HTTP does not allow the method or a header
     */
    ByteBuf encode(boolean last) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        try {
            var request = new DefaultFullHttpRequest(
                    HttpVersion.HTTP_1_1, new HttpMethod(method), target.path(), Unpooled.wrappedBuffer(content));
            request.headers()
                    .set(HttpHeaderNames.HOST, target.host())
                    .set(HttpHeaderNames.USER_AGENT, "supervisor-load-test")
                    .set(HttpHeaderNames.ACCEPT, "*/*");
            if (content.length > 0) {
                request.headers().set(HttpHeaderNames.CONTENT_LENGTH, content.length);
            }
            if (last) {
                request.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            }
            headers.forEach(header -> add(header, request.headers()));
            return bytesOf(request);
        } catch (IllegalArgumentException e) {
            throw new LoadTestException("can't make a request of this: " + e.getMessage(), e);
        }
    }

    private static void add(String header, HttpHeaders headers) {
        int colon = header.indexOf(':');
        if (colon < 1) {
            throw new LoadTestException("'" + header + "' is no header (the form is 'Name: value')");
        }
        headers.set(
                header.substring(0, colon).strip(), header.substring(colon + 1).strip());
    }

    private static ByteBuf bytesOf(DefaultFullHttpRequest request) {
        EmbeddedChannel encoder = new EmbeddedChannel(new HttpRequestEncoder());
        encoder.writeOutbound(request);
        ByteBuf bytes = Unpooled.directBuffer();
        for (ByteBuf part = encoder.readOutbound(); part != null; part = encoder.readOutbound()) {
            bytes.writeBytes(part);
            part.release();
        }
        encoder.finishAndReleaseAll();
        return bytes;
    }
}
