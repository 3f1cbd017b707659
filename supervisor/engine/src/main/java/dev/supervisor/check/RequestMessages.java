package dev.supervisor.check;

import dev.supervisor.Checks;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;

/** Makes the messages of requests. */
final class RequestMessages {

    private RequestMessages() {}

    /** @param last whether the connection is to end with the answer */
    static FullHttpRequest of(Checks.Request request, boolean last) {
        HttpMethod method = HttpMethod.valueOf(request.method());
        FullHttpRequest message =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, request.target(), Unpooled.EMPTY_BUFFER);
        message.headers()
                .set(HttpHeaderNames.HOST, "localhost")
                .set(HttpHeaderNames.USER_AGENT, "supervisor-check")
                .set(HttpHeaderNames.ACCEPT, "*/*");
        if (last) {
            message.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            message.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
        }
        return message;
    }
}
