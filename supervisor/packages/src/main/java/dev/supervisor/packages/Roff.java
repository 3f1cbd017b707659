package dev.supervisor.packages;

import java.util.List;

/** The text of a man page, in the macros of man(7). */
final class Roff {

    private static final String EMPTY = "\\&";

    private final StringBuilder text = new StringBuilder();

    /**
     * @param date of the page, such as 2026-01-31
     * @param source the program with its version
     */
    Roff(String name, String date, String source) {
        line(".TH " + argument(name) + " 1 " + date + " " + argument(source) + " " + argument("User commands"));
        line(".ad l").line(".nh"); // lines are not filled up with blanks, and names are not broken
    }

    Roff section(String heading) {
        return line(".SH " + argument(heading));
    }

    Roff subsection(String heading) {
        return line(".SS " + argument(heading));
    }

    Roff paragraph(String paragraph) {
        return separate().line(escaped(paragraph));
    }

    /** Adds a term, which is escaped already, with what it means. */
    Roff item(String term, String meaning) {
        return line(".TP").line(term).line(meaning.isEmpty() ? EMPTY : escaped(meaning));
    }

    /** Adds lines that are not filled. */
    Roff example(List<String> lines) {
        separate().line(".RS 4").line(".nf");
        lines.forEach(each -> line(each.isBlank() ? EMPTY : escaped(each)));
        return line(".fi").line(".RE");
    }

    /** Begins a paragraph, which a heading has done already. */
    private Roff separate() {
        String last = text.substring(text.lastIndexOf("\n", text.length() - 2) + 1);
        return last.startsWith(".S") ? this : line(".PP");
    }

    /** Adds a line that is escaped already. */
    Roff line(String line) {
        text.append(line).append('\n');
        return this;
    }

    static String bold(String text) {
        return "\\fB" + escaped(text) + "\\fR";
    }

    static String italic(String text) {
        return text.isEmpty() ? "" : "\\fI" + escaped(text) + "\\fR";
    }

    /** Returns the text as it is shown: a hyphen is what one can copy, and a line begins with no control character. */
    static String escaped(String text) {
        String escaped = text.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("'", "\\(aq")
                .replace("`", "\\(ga")
                .replace("^", "\\(ha")
                .replace("~", "\\(ti");
        return escaped.startsWith(".") ? EMPTY + escaped : escaped;
    }

    private static String argument(String text) {
        return '"' + escaped(text).replace("\"", "\\(dq") + '"';
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
