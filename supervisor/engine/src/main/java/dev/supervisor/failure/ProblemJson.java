package dev.supervisor.failure;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.supervisor.Problem;
import dev.supervisor.Problem.Cause;
import dev.supervisor.Problem.Frame;
import dev.supervisor.Problem.Line;
import dev.supervisor.Problem.Place;
import dev.supervisor.text.VisibleText;
import java.util.List;
import java.util.function.Function;

/**
 * Writes a failure as {@code application/problem+json} (RFC 9457). Extension members contain the parts for which the
 * RFC has no members.
 */
final class ProblemJson {

    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

    private ProblemJson() {}

    static String of(Failure failure, int status, String reason) {
        Problem problem = failure.problem();
        JsonObject json = new JsonObject();
        json.addProperty("type", "about:blank");
        json.addProperty("title", reason);
        json.addProperty("status", status);
        json.addProperty("detail", VisibleText.of(problem.summary()));
        failure.lastGoodBuild().ifPresent(since -> json.addProperty("lastGoodBuild", since.toString()));
        failure.tests().ifPresent(result -> json.addProperty("tests", VisibleText.of(result)));
        addUnlessEmpty(json, "places", problem.places(), ProblemJson::place);
        addUnlessEmpty(json, "causes", problem.causes(), ProblemJson::cause);
        addUnlessEmpty(json, "output", problem.output(), line -> new JsonPrimitive(VisibleText.of(line)));
        if (problem.dropped() > 0) {
            json.addProperty("outputLinesDropped", problem.dropped());
        }
        return GSON.toJson(json) + "\n";
    }

    private static <T> void addUnlessEmpty(
            JsonObject json, String name, List<T> values, Function<T, JsonElement> asJson) {
        if (!values.isEmpty()) {
            JsonArray array = new JsonArray();
            values.forEach(value -> array.add(asJson.apply(value)));
            json.add(name, array);
        }
    }

    private static JsonObject place(Place place) {
        JsonObject json = new JsonObject();
        json.addProperty("file", VisibleText.of(place.file()));
        json.addProperty("line", place.line());
        if (place.column() > 0) {
            json.addProperty("column", place.column());
        }
        place.range().ifPresent(range -> {
            json.addProperty("from", range.from());
            json.addProperty("to", range.to());
        });
        if (!place.message().isEmpty()) {
            json.addProperty("message", VisibleText.of(place.message()));
        }
        addUnlessEmpty(json, "excerpt", place.excerpt(), ProblemJson::line);
        return json;
    }

    private static JsonObject line(Line line) {
        JsonObject json = new JsonObject();
        json.addProperty("number", line.number());
        json.addProperty("text", VisibleText.of(line.text()));
        if (line.marked()) {
            json.addProperty("marked", true);
        }
        return json;
    }

    private static JsonObject cause(Cause cause) {
        JsonObject json = new JsonObject();
        json.addProperty("text", VisibleText.of(cause.text()));
        addUnlessEmpty(json, "frames", cause.frames(), ProblemJson::frame);
        return json;
    }

    private static JsonObject frame(Frame frame) {
        JsonObject json = new JsonObject();
        json.addProperty("text", VisibleText.of(frame.text()));
        json.addProperty("own", frame.own());
        frame.place().ifPresent(place -> json.add("place", place(place)));
        return json;
    }
}
