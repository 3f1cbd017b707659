package dev.supervisor.failure;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The format of a response, as the client prefers it. A later constant is richer. */
enum ResponseFormat {
    /** Plain text. Wildcards do not count as a request for another format: programs send {@code *}{@code /*}. */
    TEXT("text/plain; charset=utf-8"),

    /** RFC 9457. */
    JSON("application/problem+json"),

    HTML("text/html; charset=utf-8");

    private static final Pattern QUALITY =
            Pattern.compile(";\\s*q=(0(?:\\.\\d{0,3})?|1(?:\\.0{0,3})?)\\s*(?:;|$)", Pattern.CASE_INSENSITIVE);

    private final String contentType;

    ResponseFormat(String contentType) {
        this.contentType = contentType;
    }

    private boolean is(String mediaType) {
        return switch (this) {
            case TEXT -> mediaType.equals("text/plain");
            case JSON -> mediaType.equals("application/problem+json") || mediaType.equals("application/json");
            case HTML -> mediaType.equals("text/html");
        };
    }

    String contentType() {
        return contentType;
    }

    /**
     * Returns the format with the highest quality; of several the richest, and plain text if none is named.
     *
     * @param accept the values of the header {@code Accept}
     */
    static ResponseFormat preferred(List<String> accept) {
        List<String> ranges = accept.stream()
                .flatMap(value -> List.of(value.split(",")).stream())
                .toList();
        ResponseFormat best = TEXT;
        for (ResponseFormat form : values()) {
            double quality = form.quality(ranges);
            if (quality > 0 && quality >= best.quality(ranges)) {
                best = form;
            }
        }
        return best;
    }

    private double quality(List<String> ranges) {
        double best = 0;
        for (String range : ranges) {
            String type = range.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
            if (is(type)) {
                Matcher quality = QUALITY.matcher(range);
                best = Math.max(best, quality.find() ? Double.parseDouble(quality.group(1)) : 1);
            }
        }
        return best;
    }
}
