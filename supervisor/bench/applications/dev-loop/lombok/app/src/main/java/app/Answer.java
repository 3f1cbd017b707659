package app;

import lib.Draft;
import lib.Greetings;

/** The text of the other module. */
public final class Answer {

    private Answer() {}

    public static String text() {
        Draft draft = new Draft();
        draft.setName("greeting");
        return Greetings.MAPPER.complete(draft).text();
    }
}
