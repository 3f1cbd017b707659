package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SourceMessages.Message;
import dev.supervisor.testing.SameOnEveryJdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each warning and each error of the program is found in the documents, in its own words. */
@SameOnEveryJdk
final class MessagesTest {

    private static final Path REPOSITORY = Path.of("../..");

    /** What a user runs. The module {@code lending} is not here: what it throws has the JDK's words, as its callers expect. */
    private static final List<String> MODULES = List.of(
            "spi",
            "supervisor/engine",
            "supervisor/leaks",
            "supervisor/compile",
            "supervisor/admin",
            "supervisor/load-test",
            "supervisor/cli",
            "supervisor/maven-plugin");

    private static final Path TROUBLESHOOTING = REPOSITORY.resolve("docs/troubleshooting.md");
    private static final Path TLS = REPOSITORY.resolve("docs/tls.md");
    private static final Path EXPLAINING_THEMSELVES =
            Path.of("src/test/resources/messages-that-explain-themselves.txt");

    /**
     * The marks of options, which are replaced before they are printed; words of compilers, which are looked for; and what takes
     * the place of a character that must not be printed.
     */
    private static final Set<String> NOT_PRINTED = Set.of("OptionKey.java", "Diagnostics.java", "VisibleText.java");

    /** The first column of a table. */
    private static final Pattern ENTRY = Pattern.compile("(?m)^\\| (`.*?) \\| ");

    private static final Pattern WORDS = Pattern.compile("`([^`]+)`");

    /** Messages of browsers, of the application or of other programs, which are in no source here. */
    private static final Pattern OF_OTHERS = Pattern.compile("(?ms)^## Messages of others$.*?(?=^## |\\z)");

    /** The fixed words of a message, with {@code …} between them. */
    private record Words(String text) {

        /** Fewer would be found anywhere. */
        private static final int LEAST = 6;

        private List<String> pieces() {
            return Stream.of(text.split("…"))
                    .map(String::strip)
                    .filter(piece -> !piece.isEmpty())
                    .toList();
        }

        boolean areEnough() {
            return String.join("", pieces()).chars().filter(Character::isLetter).count() >= LEAST;
        }

        /** Returns whether the message has all these words in this order. */
        boolean areIn(Message message) {
            int from = 0;
            for (String piece : pieces()) {
                int at = message.text().indexOf(piece, from);
                if (at < 0) {
                    return false;
                }
                from = at + piece.length();
            }
            return true;
        }
    }

    private static List<Words> entries(Path document) throws IOException {
        String text = OF_OTHERS.matcher(Files.readString(document)).replaceAll("");
        return ENTRY.matcher(text)
                .results()
                .flatMap(entry -> WORDS.matcher(entry.group(1)).results())
                .map(words -> new Words(words.group(1).replace("\\|", "|")))
                .toList();
    }

    private static List<Words> explainingThemselves() throws IOException {
        return Files.readAllLines(EXPLAINING_THEMSELVES).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(Words::new)
                .toList();
    }

    private static List<Path> sources() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String module : MODULES) {
            try (Stream<Path> all = Files.walk(REPOSITORY.resolve(module).resolve("src/main/java"))) {
                all.filter(file -> file.toString().endsWith(".java"))
                        .filter(file -> !file.endsWith("package-info.java"))
                        .forEach(files::add);
            }
        }
        return files;
    }

    @Test
    void eachWarningAndEachErrorHasAnEntry() throws IOException {
        List<Words> known = Stream.of(entries(TROUBLESHOOTING), entries(TLS), explainingThemselves())
                .flatMap(List::stream)
                .filter(Words::areEnough)
                .toList();
        List<Message> messages = SourceMessages.in(sources());
        assertTrue(messages.size() > 300, () -> "only " + messages.size() + " messages were found");
        assertEquals(
                "",
                String.join(
                        "\n",
                        messages.stream()
                                .filter(message -> known.stream().noneMatch(words -> words.areIn(message)))
                                .map(message -> message.text() + "   [" + message.place() + "]")
                                .toList()),
                "messages without an entry in docs/troubleshooting.md");
    }

    /** With {@code LANG=C}, and on many a console of Windows, other characters come out as question marks. */
    @Test
    void whatIsPrintedIsInAscii() throws IOException {
        assertEquals(
                List.of(),
                SourceMessages.notInAscii(sources()).stream()
                        .filter(text -> !NOT_PRINTED.contains(text.place()))
                        .toList());
    }

    @Test
    void eachEntryIsAboutAMessageThatThereIs() throws IOException {
        List<Message> texts = new ArrayList<>(SourceMessages.texts(sources()));
        texts.addAll(SourceMessages.in(sources()));
        List<Words> entries = new ArrayList<>(entries(TROUBLESHOOTING));
        assertTrue(entries.size() > 100, () -> "only " + entries.size() + " entries were found");
        entries.addAll(explainingThemselves());
        assertEquals(
                List.of(),
                entries.stream()
                        .filter(words -> !words.areEnough() || texts.stream().noneMatch(words::areIn))
                        .map(Words::text)
                        .toList(),
                "entries whose words are in no source file, or that are too short");
    }
}
