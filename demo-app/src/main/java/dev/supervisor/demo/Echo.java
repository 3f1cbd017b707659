package dev.supervisor.demo;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * {@code POST /echo}: sends back what it is sent, part by part, whatever its size. The next part is let in when the one
 * before it has left, so no more than one is ever held; a client that sends without reading is made to wait.
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
     * As long as the request, if that said how long it is. But never of the type that the sender names: else a stranger's
     * page could make a visitor's browser run what it sends through here.
     */
    private static void beginLike(HttpRequest request, Exchange exchange) {
        if (!HttpUtil.isTransferEncodingChunked(request)) {
            exchange.headers().set(HttpHeaderNames.CONTENT_LENGTH, HttpUtil.getContentLength(request, 0L));
        }
        exchange.begin(HttpResponseStatus.OK, ContentType.BYTES);
    }
}
