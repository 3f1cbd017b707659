package dev.supervisor.failure;

import java.util.List;

/** The body of a 503 answer: for people, who see HTML in a browser, and for programs, which get plain text. */
final class FailurePage {

    private static final String WITHOUT_DETAILS = "The application is being updated. Try again in a moment.";

    private static final String HTML = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>503 %1$s</title>
            <style>
            :root { color-scheme: light dark; --line: #8884; --own: #d9480f; }
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 3rem auto; padding: 0 1rem; }
            h1 { font-size: 1.25rem; border-left: .3rem solid var(--own); padding-left: .75rem; overflow-wrap: anywhere; }
            h2 { font-size: 1rem; font-weight: 600; margin: 2rem 0 .5rem; overflow-wrap: anywhere; }
            pre { font: .85rem/1.6 ui-monospace, monospace; overflow-x: auto; border: 1px solid var(--line);
              border-radius: .4rem; padding: .75rem 1rem; }
            pre span { opacity: .6; }
            pre b { color: var(--own); }
            footer { margin-top: 2rem; opacity: .7; font-size: .9rem; }
            </style>
            </head>
            <body>
            <h1>%1$s</h1>
            %2$s<footer>The supervisor holds the port and waits for the next build; then this address answers again.</footer>
            </body>
            </html>
            """;

    private FailurePage() {}

    static String html(Problem problem, boolean detailed) {
        if (!detailed) {
            return HTML.formatted(WITHOUT_DETAILS, "");
        }
        StringBuilder causes = new StringBuilder();
        for (Problem.Cause cause : problem.causes()) {
            causes.append("<h2>Caused by: ")
                    .append(escape(cause.text()))
                    .append("</h2>\n")
                    .append(stack(cause.frames()));
        }
        return HTML.formatted(escape(problem.summary()), causes);
    }

    static String text(Problem problem, boolean detailed) {
        return detailed ? problem.details() : WITHOUT_DETAILS + "\n";
    }

    private static String stack(List<Problem.Frame> frames) {
        if (frames.isEmpty()) {
            return "";
        }
        StringBuilder stack = new StringBuilder("<pre>");
        for (Problem.Frame frame : frames) {
            String text = "at " + escape(frame.text());
            stack.append(frame.own() ? "<b>" + text + "</b>" : "<span>" + text + "</span>")
                    .append('\n');
        }
        return stack.append("</pre>\n").toString();
    }

    /** For text and for quoted attribute values. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
