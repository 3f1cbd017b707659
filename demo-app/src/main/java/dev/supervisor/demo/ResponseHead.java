package dev.supervisor.demo;

import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/**
 * The head of an answer. It tells the client where the answer ends, and whether the connection lives on after it (RFC
 * 9112, 6.3 and 9.3).
 *
 * <p>An answer without a {@code Content-Length} is chunked. HTTP/1.0 has no chunks: there the end of the connection is
 * the end of the answer.
 */
final class ResponseHead {

    private ResponseHead() {}

    /**
     * Completes the headers.
     *
     * @param keepAlive whether the connection may stay open; the returned head says whether it does
     */
    static HttpResponse of(
            HttpRequest request, HttpResponseStatus status, String type, HttpHeaders headers, boolean keepAlive) {
        boolean knowsChunks = request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) >= 0;
        boolean openEnded = !headers.contains(HttpHeaderNames.CONTENT_LENGTH);
        if (openEnded && knowsChunks) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        if (!keepAlive || (openEnded && !knowsChunks)) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (!knowsChunks) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        headers.set(HttpHeaderNames.CONTENT_TYPE, type)
                .set("x-content-type-options", "nosniff")
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        return new DefaultHttpResponse(HttpVersion.HTTP_1_1, status, headers);
    }
}
