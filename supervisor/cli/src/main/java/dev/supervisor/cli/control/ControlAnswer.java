package dev.supervisor.cli.control;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.supervisor.text.VisibleText;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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

    /** What a text about an error begins with. */
    static final String ERROR = "supervisor: ";

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

    /** Returns one about several applications, with the status and the exit code of the first that has failed, if one has. */
    static ControlAnswer together(List<String> names, List<ControlAnswer> answers) {
        ControlAnswer worst = answers.stream()
                .filter(answer -> answer.status().code() >= HttpResponseStatus.BAD_REQUEST.code())
                .findFirst()
                .orElse(answers.get(0));
        JsonObject json = new JsonObject();
        List<String> lines = new ArrayList<>();
        JsonObject applications = new JsonObject();
        for (int i = 0; i < names.size(); i++) {
            applications.add(names.get(i), JsonParser.parseString(answers.get(i).json()));
            lines.add(names.get(i) + ": " + answers.get(i).text().replaceFirst("^" + ERROR, ""));
        }
        json.add("applications", applications);
        return new ControlAnswer(worst.status(), json.toString(), String.join("\n", lines), worst.headers());
    }

    static ControlAnswer error(HttpResponseStatus status, String error, int exitCode) {
        return of(status, errorJson(error), ERROR + error, exitCode);
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
