package dev.supervisor.demo;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * {@code GET /}: the page {@code page.html}, with the facts of this answer put in. Its script keeps a {@link LiveSocket}
 * open, and shows what that tells.
 */
final class Page implements Answer {

    /** The line to change. Write another text, save, and look at the page: it need not be reloaded. */
    private static final String GREETING = "Hello from the demo";

    /**
     * Only files of this application, and what {@code supervisor --refresh inject} adds: a script and its events, from
     * another port of this machine.
     */
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'self'; img-src data:;"
            + " script-src 'self' http://127.0.0.1:*; connect-src 'self' http://127.0.0.1:*;"
            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final String template;
    private final Build build;

    private Page(String template, Build build) {
        this.template = template;
        this.build = build;
    }

    /**
     * Reads the page from the jar.
     *
     * @throws IOException if it is missing there
     */
    static Page of(Build build) throws IOException {
        return new Page(new String(StaticFile.bytes("/page.html"), StandardCharsets.UTF_8), build);
    }

    /** A method, since javac would copy the constant into the classes that use it. */
    static String greeting() {
        return GREETING;
    }

    /**
     * Answers. The number of the request starts anew in each generation, though the connection may be older: this build
     * sees a new channel.
     */
    @Override
    public void begin(Exchange exchange) {
        Map<String, String> facts = build.facts(exchange.channel());
        facts.put("request", Integer.toString(exchange.number()));
        exchange.headers().set("content-security-policy", CONTENT_SECURITY_POLICY);
        exchange.reply(HttpResponseStatus.OK, ContentType.HTML, Html.fill(template, facts));
    }
}
