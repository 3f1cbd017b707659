package dev.supervisor.demo;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;

/**
 * {@code GET /slow?ms=N}: streams a line every tenth of a second, for N milliseconds. A reload meanwhile does not cut
 * it off: the generation that began it finishes it.
 *
 * <p>No timer has to be stopped when the peer goes away: each line is written after the previous one has left, and only
 * while the peer is there. So a peer that reads slowly also slows the answer down.
 */
final class Slow implements Answer {

    private static final int STEP_MILLIS = 100;
    private static final int MAX_MILLIS = 60_000;

    private final int generation;
    private int total;
    private int elapsed;

    Slow(int generation) {
        this.generation = generation;
    }

    @Override
    public void begin(Exchange exchange) throws Exception {
        try {
            total = millis(exchange.request().uri());
        } catch (IllegalArgumentException e) {
            String why = "ms must be a whole number of milliseconds, 0 to " + MAX_MILLIS + ", as in /slow?ms=3000";
            Refusal.badRequest(why).begin(exchange);
            return;
        }
        exchange.begin(HttpResponseStatus.OK, ContentType.TEXT);
        if (exchange.isHead()) {
            exchange.end();
        } else {
            line(exchange);
        }
    }

    private void line(Exchange exchange) {
        String line = "generation " + generation + ": " + elapsed + " of " + total + " ms\n";
        exchange.write(line, () -> {
            if (elapsed < total) {
                pause(exchange);
            } else {
                exchange.end();
            }
        });
    }

    private void pause(Exchange exchange) {
        int step = Math.min(STEP_MILLIS, total - elapsed);
        exchange.after(Duration.ofMillis(step), () -> {
            elapsed += step;
            line(exchange);
        });
    }

    /** Parses the number, and clamps it, however big it is. */
    private static int millis(String uri) {
        List<String> values = new QueryStringDecoder(uri).parameters().getOrDefault("ms", List.of("1000"));
        return new BigInteger(values.get(0))
                .max(BigInteger.ZERO)
                .min(BigInteger.valueOf(MAX_MILLIS))
                .intValue();
    }
}
