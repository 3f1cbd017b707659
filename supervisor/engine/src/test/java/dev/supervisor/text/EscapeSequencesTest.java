package dev.supervisor.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EscapeSequencesTest {

    /** Each is a whole sequence, without the ESC that begins it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[m",
                "[1;31m",
                "[38;5;208m",
                "[38:2::255:0:0m",
                "[4:3m",
                "[?25l",
                "[>4;2m",
                "[<u",
                "[K",
                "[2J",
                "[1A",
                "[10;20H",
                "[!p",
                "[2 q",
                "[200~",
                "]0;a title\u0007",
                "]2;a title\u001b\\",
                "]8;;file:///x/A.java\u001b\\",
                "]8;id=1:2;https://example.com/?a=b;c\u0007",
                "]8;;\u001b\\",
                "]1337;File=name=YQ==:aGk=\u0007",
                "]0;\u00e4 title\u009c",
                "]9;4;1;50\u001b\\",
                "]0;cancelled\u0018",
                "P1$r0m\u001b\\",
                "Pq#0;2;0;0;0~~@@vv\u001b\\",
                "X start of string\u001b\\",
                "^privacy message\u001b\\",
                "_application\u001b\\",
                "(B",
                ")0",
                "#8",
                "%G",
                " F",
                "$(C",
                "7",
                "8",
                "=",
                ">",
                "M",
                "c",
                "N"
            })
    void aSequenceIsRemovedAndWhatIsAroundItStays(String sequence) {
        assertEquals("a.b", EscapeSequences.removedFrom("a.\u001b" + sequence + "b"));
        assertEquals("", EscapeSequences.removedFrom(("\u001b" + sequence).repeat(3)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u009b1;31m",
                "\u009d0;title\u009c",
                "\u009d8;;x\u0007",
                "\u0090q~\u009c",
                "\u0098s\u009c",
                "\u009ep\u001b\\",
                "\u009fa\u009c",
                "\u0084",
                "\u008d"
            })
    void controlsOfEightBitsAreSequencesToo(String sequence) {
        assertEquals("a.b", EscapeSequences.removedFrom("a." + sequence + "b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[",
                "[31",
                "[31;",
                "[38:2",
                "]",
                "]0;title",
                "]8;;http://x",
                "P",
                "Pq#0",
                "_x",
                "(",
                "#",
                "$("
            })
    void aSequenceThatDoesNotEndTakesNothingOfTheNextLine(String begun) {
        assertEquals("a\nb", EscapeSequences.removedFrom("a\u001b" + begun + "\nb"));
        assertEquals("a", EscapeSequences.removedFrom("a\u001b" + begun));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[31", "]0;title", "Pq", "(", ""})
    void aSequenceIsEndedByTheNext(String begun) {
        assertEquals("ab", EscapeSequences.removedFrom("a\u001b" + begun + "\u001b[1mb"));
    }

    @Test
    void textWithoutSequencesIsTheSame() {
        String text = "[31m (B ]0; \t 😀 \u0007 \r\n ä";
        assertSame(text, EscapeSequences.removedFrom(text));
    }

    @Test
    void whateverComesNoSequenceIsLeftAndNoLineIsLost() {
        String alphabet = "\u001b\u001b\u001b\u009b\u009d[]P_(\\;:0m\u0007\n\u0018 aé";
        for (int seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 40; i++) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String removed = EscapeSequences.removedFrom(text.toString());
            assertSame(removed, EscapeSequences.removedFrom(removed), () -> "of seed " + text);
            assertEquals(lines(text.toString()), lines(removed));
        }
    }

    private static long lines(String text) {
        return text.chars().filter(c -> c == '\n').count();
    }
}
