package dev.supervisor.demo;

import dev.supervisor.spi.ApplicationContext;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;

/**
 * {@code GET /socket}: turns the connection into a {@link LiveSocket}.
 *
 * <p>The origin of the page that asks is not looked at: there is nothing here that another page may not know.
 */
final class SocketUpgrade implements Answer {

    private final ApplicationContext supervisor;
    private final Build build;

    SocketUpgrade(ApplicationContext supervisor, Build build) {
        this.supervisor = supervisor;
        this.build = build;
    }

    @Override
    public void begin(Exchange exchange) {
        exchange.receive();
    }

    @Override
    public void content(Exchange exchange, HttpContent part) throws Exception {
        if (!(part instanceof LastHttpContent)) {
            exchange.receive();
        } else if (isUpgrade(exchange.request())) {
            upgrade(exchange);
        } else {
            Refusal.upgradeRequired().begin(exchange);
        }
    }

    private static boolean isUpgrade(HttpRequest request) {
        HttpHeaders headers = request.headers();
        return request.method().equals(HttpMethod.GET)
                && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                && headers.contains(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13", true)
                && headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY);
    }

    private void upgrade(Exchange exchange) {
        Channel connection = exchange.channel();
        exchange.upgrade(
                new WebSocketServerHandshaker13("", null, LiveSocket.DECODER)
                        .handshake(connection, whole(exchange.request())),
                new LiveSocket(supervisor, build, connection));
    }

    private static FullHttpRequest whole(HttpRequest head) {
        return new DefaultFullHttpRequest(
                head.protocolVersion(),
                head.method(),
                head.uri(),
                Unpooled.EMPTY_BUFFER,
                head.headers(),
                EmptyHttpHeaders.INSTANCE);
    }
}
