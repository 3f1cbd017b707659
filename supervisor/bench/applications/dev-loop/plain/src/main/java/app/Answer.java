package app;

/** What is saved again and again. */
public final class Answer {

    private Answer() {}

    public static String text() {
        return "build 0.\n";
    }
}
