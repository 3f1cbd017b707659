package dev.supervisor.failure;

import dev.supervisor.OptionKey;
import dev.supervisor.Problem.Place;
import dev.supervisor.SupervisorException;
import dev.supervisor.process.CommandWords;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An editor's command: words with placeholders. A replacement never splits a word, whatever characters it contains. */
record EditorCommand(List<String> words) implements Editor {

    private static final Pattern WORD = Pattern.compile("\\G\\s*((?:[^\\s\"']|\"[^\"]*\"|'[^']*')+)");
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"|'([^']*)'");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(file|line|column)}");

    EditorCommand {
        words = List.copyOf(words);
    }

    static EditorCommand parse(String template) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(template);
        int end = 0;
        while (word.find()) {
            words.add(unquoted(word.group(1)));
            end = word.end();
        }
        if (!template.substring(end).isBlank()) {
            throw new SupervisorException("a quote does not end in " + OptionKey.EDITOR + " " + template);
        }
        if (words.stream().noneMatch(each -> each.contains("{file}"))) {
            throw new SupervisorException("the name of the file is missing in " + OptionKey.EDITOR + " " + template
                    + " (as in: " + OptionKey.EDITOR + " 'code -g {file}:{line}:{column}')");
        }
        return new EditorCommand(words);
    }

    private static String unquoted(String word) {
        return QUOTED.matcher(word)
                .replaceAll(quoted ->
                        Matcher.quoteReplacement(quoted.group(1) == null ? quoted.group(2) : quoted.group(1)));
    }

    /**
     * Returns the words with the place filled in. The file's path is absolute, so no program takes it for an option.
     */
    List<String> filled(Place place) {
        return words.stream()
                .map(word -> PLACEHOLDER
                        .matcher(word)
                        .replaceAll(placeholder -> Matcher.quoteReplacement(value(placeholder.group(1), place))))
                .toList();
    }

    private static String value(String placeholder, Place place) {
        return switch (placeholder) {
            case "line" -> String.valueOf(place.line());
            case "column" -> String.valueOf(Math.max(1, place.column()));
            default -> place.path().toString();
        };
    }

    @Override
    public void open(Place place) throws IOException {
        Process editor = new ProcessBuilder(CommandWords.apart(filled(place)))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        editor.getOutputStream().close();
    }
}
