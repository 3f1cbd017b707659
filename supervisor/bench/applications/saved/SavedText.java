package saved;

/** What is saved again and again. */
class SavedText {

    private SavedText() {}

    static String text() {
        return "build 0\n";
    }
}
