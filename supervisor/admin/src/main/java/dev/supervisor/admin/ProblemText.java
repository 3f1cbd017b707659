package dev.supervisor.admin;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.supervisor.Problem;
import dev.supervisor.Problem.Place;
import dev.supervisor.failure.PlainText;
import dev.supervisor.text.VisibleText;
import java.util.Optional;

/** A problem in JSON. */
final class ProblemText {

    /** Of the details; a build may print megabytes. */
    private static final int LONGEST = 20_000;

    private ProblemText() {}

    static JsonObject of(Problem problem) {
        JsonObject json = new JsonObject();
        json.addProperty("summary", VisibleText.of(problem.summary()));
        String details = VisibleText.of(PlainText.of(problem));
        json.addProperty("details", details.length() > LONGEST ? details.substring(0, LONGEST) + "..." : details);
        addPlace(json, problem.allPlaces().stream().findFirst());
        return json;
    }

    private static void addPlace(JsonObject json, Optional<Place> found) {
        if (found.isEmpty()) {
            json.add("file", JsonNull.INSTANCE);
            json.add("line", JsonNull.INSTANCE);
            json.add("column", JsonNull.INSTANCE);
            return;
        }
        Place place = found.get();
        json.addProperty("file", VisibleText.of(place.file()));
        json.addProperty("line", place.line());
        if (place.column() > 0) {
            json.addProperty("column", place.column());
        } else {
            json.add("column", JsonNull.INSTANCE);
        }
    }

    /** Tells that there is a problem: its text may name files of this machine, and what an application says of itself. */
    static JsonObject withoutDetails() {
        JsonObject json = new JsonObject();
        json.addProperty("summary", "the build does not serve (on the machine itself one sees why)");
        json.add("details", JsonNull.INSTANCE);
        addPlace(json, Optional.empty());
        return json;
    }
}
