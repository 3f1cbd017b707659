package saved;

/** What is saved again and again. */
class Text {

    private Text() {}

    static String text() {
        return "build 0\n";
    }
}
