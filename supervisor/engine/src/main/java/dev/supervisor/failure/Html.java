package dev.supervisor.failure;

/** HTML in the making. */
final class Html {

    private final StringBuilder html = new StringBuilder();

    /** Markup of our own, as it is. */
    Html raw(String markup) {
        html.append(markup);
        return this;
    }

    /** Anything, as text or in a quoted attribute. */
    Html text(String text) {
        html.append(escape(PlainText.visible(text)));
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
