package dev.supervisor.check;

/** What came back from a server for one request. */
sealed interface Answer {

    /**
     * A whole response, or the begin of a long one.
     *
     * @param body the first bytes of the body as text
     */
    record Response(int status, String reason, String body) implements Answer {}

    /**
     * No response.
     *
     * @param why in words that follow "it": {@code closed the connection}
     * @param begin the first bytes that came as text; may be empty
     */
    record None(String why, String begin) implements Answer {}
}
