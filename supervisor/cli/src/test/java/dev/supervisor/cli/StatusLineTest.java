package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class StatusLineTest {

    private static final String CLEAR = "\r\u001b[K";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream terminal = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private boolean inForeground = true;
    private final StatusLine line = new StatusLine(terminal, () -> 11, () -> inForeground);
    private final PrintStream above = line.above(terminal, StandardCharsets.UTF_8);

    private String shown() {
        String shown = bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
        bytes.reset();
        return shown;
    }

    @Test
    void whatIsPrintedStandsAboveIt() {
        line.show("status");
        assertEquals(CLEAR + "status", shown());
        above.println("a line");
        assertEquals(CLEAR + "a line\n" + CLEAR + "status", shown());
    }

    @Test
    void clearedItLeavesNothing() {
        line.show("status");
        shown();
        line.clear();
        assertEquals(CLEAR, shown());
        above.println("a line");
        assertEquals("a line\n", shown());
    }

    @Test
    void aLineThatHasBegunIsNotBroken() {
        line.show("status");
        shown();
        above.print("half a ");
        line.show("status 2");
        assertEquals(CLEAR + "half a ", shown());
        above.println("line");
        assertEquals("line\n" + CLEAR + "status 2", shown());
    }

    @Test
    void inTheBackgroundTheTerminalIsSomebodyElses() {
        line.show("status");
        shown();
        inForeground = false;
        line.show("status 2");
        line.clear();
        assertEquals("", shown());
        line.show("status 3");
        above.println("a line");
        assertEquals("a line\n", shown());
        inForeground = true;
        line.show("status 4");
        assertEquals(CLEAR + "status 4", shown());
    }

    @Test
    void itNeverTakesMoreThanALine() {
        line.show("0123456789ABC");
        assertEquals(CLEAR + "0123456789", shown());
        assertEquals("12源文", StatusLine.cut("12源文件", 7), "wide characters");
        assertEquals("e\u0301e", StatusLine.cut("e\u0301ee", 2), "combining characters");
        assertEquals("\ud83d\ude00", StatusLine.cut("\ud83d\ude00\ud83d\ude00", 3), "surrogates");
        assertEquals("", StatusLine.cut("a", 0));
    }
}
