package dev.supervisor.demo;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Instant;

/**
 * {@code GET /}: shows which build answers. Change something here, rebuild, and watch the page: it listens to {@link
 * Events}, and reloads as soon as another generation answers.
 */
final class Page implements Answer {

    private final int generation;
    private final Instant built;

    Page(int generation, Instant built) {
        this.generation = generation;
        this.built = built;
    }

    @Override
    public void begin(Exchange exchange) {
        String page = Html.page("Generation " + generation, body(exchange.number()));
        exchange.reply(HttpResponseStatus.OK, ContentType.HTML, page);
    }

    /**
     * Returns the body. The count starts anew in each generation, though the connection may be older: this build sees a
     * new channel.
     */
    private String body(int request) {
        return """
                <p>Built at <time datetime="%1$s">%1$s</time>.
                Request %2$d of this generation on this connection.</p>
                <ul>
                <li><a href="/slow?ms=3000">/slow?ms=3000</a> streams for that long</li>
                <li><a href="/events">/events</a> tells the generation each second</li>
                <li><a href="/boom">/boom</a> fails, and harms nothing</li>
                <li><a href="/echo">/echo</a> sends back what it is sent by <code>POST</code></li>
                </ul>
                <script>
                const events = new EventSource("/events");
                events.onmessage = event => { if (event.data !== "%3$d") location.reload(); };
                events.onerror = () => { if (events.readyState === EventSource.CLOSED) location.reload(); };
                </script>
                """.formatted(built, request, generation);
    }
}
