package dev.supervisor.spi;

/**
 * User event: a newer generation has taken over, or the supervisor stops. Fired once into the pipeline of each
 * connection that could not move at once, on its event loop. Finish the work under way: an HTTP/1.1 connection moves by
 * itself after that, so an endless response, such as server-sent events, should end now. HTTP/2 has been told to go
 * away (GOAWAY), and is closed when its streams have ended. Connections of other protocols should be closed, or given
 * to the newer generation by {@link ApplicationContext#handOff}. At the drain deadline the supervisor closes the
 * remaining connections, a WebSocket with code 1012.
 *
 * <p>With the supervisor's option {@code --websocket move}, the event asks whether a WebSocket may move. It may if each
 * handler passes the event on, as handlers do that know nothing of it. One that keeps it to itself refuses: the connection
 * stays, gets its messages, and is the application's to close, or to hand off later. A close frame refuses too. A
 * connection that becomes a WebSocket only after the event gets it once more.
 */
public enum Superseded {
    /** The only event of this kind. */
    INSTANCE
}
