package dev.supervisor.demo;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * {@code POST /echo}: sends the request's body back, part by part, whatever its size. The next part is let in when the
 * previous one has left, so no more than one is ever held; a client that sends without reading must wait.
 */
final class Echo implements Answer {

    @Override
    public void begin(Exchange exchange) {
        exchange.receive();
    }

    @Override
    public void content(Exchange exchange, HttpContent part) {
        if (!exchange.hasBegun()) {
            beginLike(exchange.request(), exchange);
        }
        boolean last = part instanceof LastHttpContent;
        exchange.write(part.content().retain(), last ? exchange::end : exchange::receive);
    }

    /**
     * Begins an answer as long as the request, if the request announced its length. The content type of the request is
     * never used: otherwise a foreign page could make a visitor's browser run the content that it sends through here.
     */
    private static void beginLike(HttpRequest request, Exchange exchange) {
        if (!HttpUtil.isTransferEncodingChunked(request)) {
            exchange.headers().set(HttpHeaderNames.CONTENT_LENGTH, HttpUtil.getContentLength(request, 0L));
        }
        exchange.begin(HttpResponseStatus.OK, ContentType.BYTES);
    }
}
