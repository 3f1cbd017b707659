package dev.supervisor.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Standard error where the command has no {@link Display}: before it, after it, and when the process is cut short. With
 * {@code --log json} everything is an object in a line of its own, so that a program which reads it gets nothing else.
 */
final class ErrorOutput {

    private static final String OPTION = "--log";
    private static final String JSON = "json";

    private final boolean json;

    private ErrorOutput(boolean json) {
        this.json = json;
    }

    /**
     * Returns the one for a command line that need not be right. A file of options, as {@code @FILE}, is not looked into.
     *
     * @param arguments without those of the application
     */
    static ErrorOutput of(List<String> arguments, Map<String, String> environment) {
        String form = environment.getOrDefault(EnvironmentDefaults.variable("supervisor", OPTION), "");
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.startsWith(OPTION + "=")) {
                form = argument.substring(OPTION.length() + 1);
            } else if (argument.equals(OPTION) && i + 1 < arguments.size()) {
                form = arguments.get(i + 1);
            }
        }
        return new ErrorOutput(form.equalsIgnoreCase(JSON));
    }

    /** Returns the one for options that are right. */
    static ErrorOutput of(OutputArguments arguments) {
        return new ErrorOutput(
                arguments.log().filter(OutputArguments.LogChoice.JSON::equals).isPresent());
    }

    /** Has the log printed in this form until the returned log is closed, or replaced by that of a {@link Display}. */
    void printsLog() {
        if (json) {
            LogLines.replaceAppender(line -> write(LineFormat.json().format(line)));
        }
    }

    boolean isJson() {
        return json;
    }

    void warning(String text) {
        print("warning", Line.Level.WARN, text);
    }

    void error(String text) {
        print("error", Line.Level.ERROR, text);
    }

    private void print(String event, Line.Level level, String text) {
        String line = "supervisor: " + text;
        write(json ? LineFormat.json().format(Line.named(event, Instant.now(), level, line)) : line);
    }

    /** Does not use {@code System.err}, which an application may have replaced. */
    @SuppressWarnings("resource") // it would close standard error
    private static void write(String line) {
        try {
            new FileOutputStream(FileDescriptor.err).write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) { // standard error is closed
        }
    }
}
