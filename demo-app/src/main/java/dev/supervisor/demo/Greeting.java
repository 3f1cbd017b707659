package dev.supervisor.demo;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** {@code POST /greeting}: greets the name in a form. {@code GET /greeting} tells what greets, and by which connection. */
final class Greeting implements Answer {

    private static final int LONGEST = 2_000;

    private final Build build;
    private final StringBuilder form = new StringBuilder();

    Greeting(Build build) {
        this.build = build;
    }

    @Override
    public void begin(Exchange exchange) {
        exchange.receive();
    }

    @Override
    public void content(Exchange exchange, HttpContent part) throws Exception {
        if (form.length() + part.content().readableBytes() > LONGEST) {
            Refusal.tooLarge("a form may have " + LONGEST + " bytes").begin(exchange);
            return;
        }
        form.append(part.content().toString(StandardCharsets.US_ASCII));
        if (!(part instanceof LastHttpContent)) {
            exchange.receive();
            return;
        }
        Map<String, String> fields;
        try {
            fields = UrlEncoded.decode(form.toString());
        } catch (IllegalArgumentException e) {
            Refusal.badRequest("the form can't be decoded: " + e.getMessage()).begin(exchange);
            return;
        }
        greet(exchange, fields.getOrDefault("name", ""));
    }

    private void greet(Exchange exchange, String name) {
        Map<String, String> answer = build.facts(exchange.channel());
        answer.put("request", Integer.toString(exchange.number()));
        answer.put("name", name);
        exchange.reply(HttpResponseStatus.OK, ContentType.FORM, UrlEncoded.encode(answer));
    }
}
