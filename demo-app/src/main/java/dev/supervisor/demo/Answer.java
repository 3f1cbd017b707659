package dev.supervisor.demo;

import io.netty.handler.codec.http.HttpContent;

/**
 * An answer to a request. All methods run on the connection's event loop, so none may block; an exception becomes a
 * {@code 500}, or ends the connection if the answer had begun.
 *
 * <p>A short answer is {@link Exchange#reply one call}, and can be a lambda. A streaming one calls {@link
 * Exchange#begin}, {@link Exchange#write} as often as it likes, and {@link Exchange#end}.
 */
@FunctionalInterface
interface Answer {

    /** Called when the head of a request has arrived; its body is let in by {@link Exchange#receive} only. */
    void begin(Exchange exchange) throws Exception;

    /**
     * Called when a part of the request's body has arrived, after {@link Exchange#receive}.
     *
     * @param part released after this call; retain it to keep it longer
     */
    default void content(Exchange exchange, HttpContent part) throws Exception {}

    /** Called when a newer generation has taken over. A finite answer may go on; an endless one must end now. */
    default void superseded(Exchange exchange) {}
}
