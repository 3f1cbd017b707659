package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StandardStreamsTest {

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final InputStream in = System.in;

    @AfterEach
    void setBack() {
        System.setOut(out);
        System.setErr(err);
        System.setIn(in);
    }

    @Test
    void aStreamThatAnApplicationClosesGoesOnForOthers() {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        PrintStream transcript = new PrintStream(written, true, StandardCharsets.UTF_16BE);
        System.setOut(transcript);
        StandardStreams.keepOpen();
        System.out.print("ä");
        System.out.close();
        System.out.print("ö");
        transcript.print("ü");
        assertEquals("äöü", written.toString(StandardCharsets.UTF_16BE));
    }

    @Test
    void isDoneOnce() {
        StandardStreams.keepOpen();
        PrintStream first = System.out;
        InputStream firstIn = System.in;
        StandardStreams.keepOpen();
        assertSame(first, System.out);
        assertSame(firstIn, System.in);
    }
}
