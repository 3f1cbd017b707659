package dev.supervisor.demo;

import java.util.Map;

/** Writes HTML: the frame that all pages share, and the escaping of foreign text. */
final class Html {

    private Html() {}

    /**
     * Returns a whole page.
     *
     * @param title plain text; escaped here
     * @param body HTML, in which the caller has escaped foreign text
     */
    static String page(String title, String body) {
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%1$s</title>
                <link rel="icon" href="data:,">
                <link rel="stylesheet" href="/style.css">
                </head>
                <body>
                <main>
                <h1>%1$s</h1>
                %2$s</main>
                </body>
                </html>
                """.formatted(escape(title), body);
    }

    /** Returns the template with each name in braces replaced by its text, which is escaped here. */
    static String fill(String template, Map<String, String> texts) {
        String filled = template;
        for (Map.Entry<String, String> text : texts.entrySet()) {
            filled = filled.replace("{" + text.getKey() + "}", escape(text.getValue()));
        }
        return filled;
    }

    /** Returns the text with all characters replaced that have a meaning in HTML, in attributes as well. */
    static String escape(String text) {
        // The ampersand first, or it would escape the others' escapes.
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
