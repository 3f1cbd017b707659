package bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a tool has printed. */
record Report(String text) {

    /** All that it prints until it ends. */
    static Report of(ProcessBuilder tool) throws IOException {
        Process process = tool.redirectErrorStream(true).start();
        return new Report(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    /** The pattern's first group. */
    double number(String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in: " + text);
        }
        return Double.parseDouble(matcher.group(1));
    }
}
