package dev.supervisor.cli;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Optional;
import org.jline.terminal.impl.jni.JniTerminalProvider;
import org.jline.terminal.spi.Pty;
import org.jline.terminal.spi.SystemStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of the standard streams are a terminal, and how wide it is. What this takes is native; where that can't be
 * loaded there is no terminal.
 */
final class Terminal {

    private static final Logger LOG = LoggerFactory.getLogger(Terminal.class);
    private static final JniTerminalProvider NATIVE = new JniTerminalProvider();
    private static final int USUAL_WIDTH = 80;

    private Terminal() {}

    static boolean is(SystemStream stream) {
        return NATIVE.isSystemStream(stream);
    }

    /** Whether it is a terminal on which a line can be changed. */
    static boolean changesLines(SystemStream stream) {
        return !"dumb".equals(System.getenv("TERM")) && is(stream);
    }

    /** In columns. */
    static int width(SystemStream stream) {
        try {
            int width = NATIVE.systemStreamWidth(stream);
            return width > 0 ? width : USUAL_WIDTH;
        } catch (RuntimeException | LinkageError e) {
            return USUAL_WIDTH;
        }
    }

    /** Its modes, where it has any: not on Windows. */
    static Optional<Pty> modes() {
        if (System.getProperty("os.name").startsWith("Windows") || !is(SystemStream.Input)) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(NATIVE.current(SystemStream.Error));
        } catch (IOException | RuntimeException e) {
            LOG.debug("the modes of the terminal can't be told", e);
            return Optional.empty();
        }
    }

    /** What is printed is encoded in. */
    static Charset charset() {
        String name = System.getProperty("stderr.encoding", System.getProperty("native.encoding"));
        return name == null ? Charset.defaultCharset() : Charset.forName(name);
    }
}
