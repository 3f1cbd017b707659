package dev.supervisor.load;

import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.util.Locale;

/** The ways in which a request can fail. */
public enum RequestFailure {
    REFUSED("refused", "connections that nobody accepted"),
    RESET("reset", "reset by the other side"),
    CLOSED("closed", "closed before an answer, or in the middle of it"),
    TIMED_OUT("timedOut", "not answered in time"),
    UNFINISHED("unfinished", "whose answer began and did not end"),
    UNEXPECTED("unexpected", "answers that came without a request"),
    UNSENT(
            "unsent",
            "due and never sent: no connection was free (the target does not keep up with the rate, or there are too few connections)"),
    BAD_STATUS("badStatus", "answered with a status that was not expected"),
    BAD_BODY("badBody", "answered with a body that was not expected"),
    STALE("stale", "answered by a former version"),
    MALFORMED("malformed", "answered with what is no HTTP/1.1"),
    OTHER("other", "of another kind");

    private final String key;
    private final String meaning;

    RequestFailure(String key, String meaning) {
        this.key = key;
        this.meaning = meaning;
    }

    /** Returns the name in JSON. */
    String key() {
        return key;
    }

    String meaning() {
        return meaning;
    }

    /** Classifies an error of the connection. Netty's native errors can be told by their text only. */
    static RequestFailure of(Throwable cause) {
        String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        if (cause instanceof ConnectTimeoutException) {
            return TIMED_OUT;
        }
        if (cause instanceof ConnectException && message.contains("refused")) {
            return REFUSED;
        }
        return cause instanceof IOException && (message.contains("reset") || message.contains("broken pipe"))
                ? RESET
                : OTHER;
    }
}
