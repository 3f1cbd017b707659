package dev.supervisor.demo;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;

/** The answers to requests that can't be served. */
final class Refusal {

    private Refusal() {}

    /** {@code 400}: the request is malformed. */
    static Answer badRequest(String why) {
        return exchange -> exchange.reply(HttpResponseStatus.BAD_REQUEST, ContentType.TEXT, why + "\n");
    }

    /** {@code 404}, as an HTML page. The path is foreign text and might be a script, so it is escaped. */
    static Answer notFound() {
        return exchange -> {
            String uri = Html.escape(exchange.request().uri());
            String body = """
                    <p>There is nothing at <code>%s</code>.</p>
                    <ul>
                    <li><a href="/">Back to the start</a></li>
                    </ul>
                    """.formatted(uri);
            exchange.reply(HttpResponseStatus.NOT_FOUND, ContentType.HTML, Html.page("Not found", body));
        };
    }

    /** {@code 413}: the body is longer than this application wants it. */
    static Answer tooLarge(String why) {
        return exchange -> exchange.reply(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, ContentType.TEXT, why + "\n");
    }

    /** {@code 426}: a WebSocket lives here, of RFC 6455. */
    static Answer upgradeRequired() {
        return exchange -> {
            exchange.headers()
                    .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                    .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                    .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13");
            exchange.reply(HttpResponseStatus.UPGRADE_REQUIRED, ContentType.TEXT, "this is a WebSocket\n");
        };
    }

    /** {@code 405}: the path is right, the method is not. */
    static Answer methodNotAllowed(String allow) {
        return exchange -> {
            exchange.headers().set(HttpHeaderNames.ALLOW, allow);
            exchange.reply(HttpResponseStatus.METHOD_NOT_ALLOWED, ContentType.TEXT, "allowed here: " + allow + "\n");
        };
    }
}
