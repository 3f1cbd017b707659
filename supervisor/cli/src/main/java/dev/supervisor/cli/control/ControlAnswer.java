package dev.supervisor.cli.control;

import com.google.gson.JsonObject;
import dev.supervisor.text.VisibleText;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.HashMap;
import java.util.Map;

/**
 * An answer, in the two forms in which it can be asked for.
 *
 * @param json an object in one line
 * @param text for a terminal, without a line feed at the end
 * @param headers besides the usual ones
 */
record ControlAnswer(HttpResponseStatus status, String json, String text, Map<String, String> headers) {

    /** The exit code of the command that has asked, so that a client need not read JSON. */
    static final String EXIT_CODE = "Exit-Code";

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int WRONG_USAGE = 2;
    static final int UNKNOWN = 4;

    static ControlAnswer of(HttpResponseStatus status, JsonObject json, String text, int exitCode) {
        return new ControlAnswer(
                status, json.toString(), VisibleText.of(text), Map.of(EXIT_CODE, Integer.toString(exitCode)));
    }

    /** Returns one about something that has been done, or begun. */
    static ControlAnswer result(HttpResponseStatus status, String result, String text) {
        JsonObject json = new JsonObject();
        json.addProperty("result", result);
        return of(status, json, text, DONE);
    }

    static ControlAnswer error(HttpResponseStatus status, String error, int exitCode) {
        return of(status, errorJson(error), "supervisor: " + error, exitCode);
    }

    static JsonObject errorJson(String error) {
        JsonObject json = new JsonObject();
        json.addProperty("error", VisibleText.of(error));
        return json;
    }

    ControlAnswer with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new ControlAnswer(status, json, text, more);
    }
}
