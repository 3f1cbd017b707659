package dev.supervisor.cli;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jline.nativ.JLineNativeLoader;
import org.jline.terminal.impl.jni.JniTerminalProvider;
import org.jline.terminal.spi.Pty;
import org.jline.terminal.spi.SystemStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells which standard streams are a terminal, and how wide it is. The native library for that is loaded only if a
 * stream may be a terminal; if it can't be loaded, no stream counts as one.
 */
final class Terminal {

    private static final Logger LOG = LoggerFactory.getLogger(Terminal.class);
    private static final Path STREAMS = Path.of("/dev/fd");
    private static final Path NOTHING = Path.of("/dev/null");
    private static final int USUAL_WIDTH = 80;

    /** Loaded when it is first used. */
    private static final class Native {

        static final Optional<JniTerminalProvider> PROVIDER = load();

        private static Optional<JniTerminalProvider> load() {
            try {
                JniTerminalProvider provider = new JniTerminalProvider();
                provider.isSystemStream(SystemStream.Error);
                return Optional.of(provider);
            } catch (RuntimeException | LinkageError e) { // another libc, or a temporary directory mounted noexec
                LOG.warn("neither keys nor a status line: {}", String.valueOf(e.getMessage()));
                return Optional.empty();
            } finally {
                deleteCopies();
            }
        }

        /**
         * Deletes the extracted library: once loaded it is not needed, and a process that is killed would leave it
         * behind.
         */
        private static void deleteCopies() {
            String library = JLineNativeLoader.getNativeLibraryPath();
            if (library != null && Path.of(library).startsWith(System.getProperty("java.io.tmpdir"))) {
                try {
                    Files.deleteIfExists(Path.of(library));
                    Files.deleteIfExists(Path.of(library + ".lck"));
                } catch (IOException e) {
                    LOG.debug("can't delete the copy of a native library", e);
                }
            }
        }
    }

    private Terminal() {}

    static boolean is(SystemStream stream) {
        return mayBe(stream)
                && Native.PROVIDER
                        .filter(provider -> provider.isSystemStream(stream))
                        .isPresent();
    }

    /**
     * Returns a check for a closed terminal: true if some standard streams are a terminal now, and none of them still
     * is when the check runs.
     */
    static BooleanSupplier gone() {
        List<SystemStream> now =
                Arrays.stream(SystemStream.values()).filter(Terminal::is).toList();
        return () -> !now.isEmpty() && now.stream().noneMatch(Terminal::is);
    }

    /** Returns whether a stream may be a terminal. Recognizes pipes and files without native code. */
    private static boolean mayBe(SystemStream stream) {
        try {
            Path real = STREAMS.resolve(descriptor(stream)).toRealPath();
            return real.startsWith("/dev") && !real.equals(NOTHING);
        } catch (IOException e) {
            return !Files.exists(STREAMS);
        }
    }

    private static String descriptor(SystemStream stream) {
        return switch (stream) {
            case Input -> "0";
            case Output -> "1";
            case Error -> "2";
        };
    }

    /** Returns whether the stream is a terminal on which a line can be redrawn. */
    static boolean changesLines(SystemStream stream) {
        return TerminalHints.ofThisProcess().takesEscapes() && is(stream);
    }

    /** Returns whether the stream is a terminal to be colored. */
    static boolean isColored(SystemStream stream) {
        return TerminalHints.ofThisProcess().colors() && is(stream);
    }

    /** Returns the width of a stream that is a terminal, in columns. */
    static int width(SystemStream stream) {
        try {
            return Native.PROVIDER
                    .map(provider -> provider.systemStreamWidth(stream))
                    .filter(width -> width > 0)
                    .orElse(USUAL_WIDTH);
        } catch (RuntimeException e) {
            return USUAL_WIDTH;
        }
    }

    /** Returns access to the terminal's modes; empty on Windows, or if standard input is no terminal. */
    static Optional<Pty> modes() {
        if (System.getProperty("os.name").startsWith("Windows") || !is(SystemStream.Input)) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(Native.PROVIDER.orElseThrow().current(SystemStream.Error));
        } catch (IOException | RuntimeException e) {
            LOG.debug("the modes of the terminal can't be told", e);
            return Optional.empty();
        }
    }

    /** Returns the encoding of standard error. */
    static Charset charset() {
        String name = System.getProperty("stderr.encoding", System.getProperty("native.encoding"));
        return name == null ? Charset.defaultCharset() : Charset.forName(name);
    }
}
