package dev.supervisor.web;

import dev.supervisor.text.VisibleText;

/** HTML in the making. */
public final class Html {

    private final StringBuilder html = new StringBuilder();

    /** Markup of our own, as it is. */
    public Html raw(String markup) {
        html.append(markup);
        return this;
    }

    /** Anything, as text or in a quoted attribute. */
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
