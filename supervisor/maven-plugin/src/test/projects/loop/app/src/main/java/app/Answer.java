package app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import lib.Constant;
import lib.Person;
import made.Made;

class Answer {
    static String text() throws IOException, ReflectiveOperationException {
        return "body " + Constant.TEXT + " " + new Person() + " " + Made.TEXT + " " + resource("/text.txt") + " "
                + resource("/word.txt") + " " + Parameter.name();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Answer.class.getResourceAsStream(name)) {
            return in == null ? "none" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }
}
