package dev.supervisor.demo;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Duration;

/**
 * {@code GET /events}: server-sent events, the generation's number each second, without end.
 *
 * <p>An endless stream would keep its generation alive until the drain deadline. So it ends when a newer generation has
 * taken over; a browser's {@code EventSource} then connects again by itself, and the new build answers.
 */
final class Events implements Answer {

    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final int generation;

    Events(int generation) {
        this.generation = generation;
    }

    @Override
    public void begin(Exchange exchange) {
        exchange.begin(HttpResponseStatus.OK, ContentType.EVENTS);
        if (exchange.isHead()) {
            exchange.end();
        } else {
            // How long the browser waits, in milliseconds, before it asks again.
            exchange.write("retry: 250\n", () -> event(exchange));
        }
    }

    @Override
    public void superseded(Exchange exchange) {
        exchange.end();
    }

    private void event(Exchange exchange) {
        exchange.write("data: " + generation + "\n\n", () -> exchange.after(PERIOD, () -> event(exchange)));
    }
}
