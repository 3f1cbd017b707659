package dev.supervisor.bench.tools;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The output of a tool. */
public record ToolOutput(String text) {

    /** Runs a tool, and returns its whole output. */
    public static ToolOutput of(ProcessBuilder tool) throws IOException {
        Process process = tool.redirectErrorStream(true).start();
        return new ToolOutput(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    /** Returns the number in the first group of a pattern. */
    public double number(String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in: " + text);
        }
        return Double.parseDouble(matcher.group(1));
    }
}
