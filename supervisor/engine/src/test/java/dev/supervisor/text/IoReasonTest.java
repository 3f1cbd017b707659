package dev.supervisor.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

final class IoReasonTest {

    @Test
    void aReasonIsNoNameOfAnException() {
        assertEquals("it does not exist", IoReason.of(new NoSuchFileException("nope")));
        assertEquals("permission denied", IoReason.of(new AccessDeniedException("nope")));
        assertEquals("Is a directory", IoReason.of(new FileSystemException("nope", null, "Is a directory")));
        assertEquals("broken pipe", IoReason.of(new IOException("broken pipe")));
    }

    @Test
    void anotherFileIsNamed() {
        assertEquals("it does not exist", IoReason.of(new NoSuchFileException("a"), "a"));
        assertEquals("a/b: it does not exist", IoReason.of(new NoSuchFileException("a/b"), "a"));
    }
}
