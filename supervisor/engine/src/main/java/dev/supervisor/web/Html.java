package dev.supervisor.web;

import dev.supervisor.text.VisibleText;

/** Builds HTML. */
public final class Html {

    private final StringBuilder html = new StringBuilder();

    /** Appends markup of the supervisor's own, unchanged. */
    public Html raw(String markup) {
        html.append(markup);
        return this;
    }

    /** Appends any text, escaped for an element or a quoted attribute. */
    public Html text(String text) {
        html.append(escape(VisibleText.of(text)));
        return this;
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    @Override
    public String toString() {
        return html.toString();
    }
}
