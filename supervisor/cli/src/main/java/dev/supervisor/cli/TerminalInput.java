package dev.supervisor.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Attributes.InputFlag;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.spi.Pty;
import org.jline.terminal.spi.SystemStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads keys as soon as they are typed, without an echo. Ctrl-C and Ctrl-Z remain signals. Ctrl-S loses its meaning: it
 * would stop all output, and with it swaps. In the background the terminal is left alone: a read would stop the process
 * by SIGTTIN, a change of modes by SIGTTOU. The modes are checked at each poll, since a shell sets its own while the
 * process is stopped. Thread-safe.
 */
final class TerminalInput implements Keyboard.Input {

    private static final Logger LOG = LoggerFactory.getLogger(TerminalInput.class);

    private final Pty terminal;
    private final InputStream in;
    private final BooleanSupplier inForeground;

    // Guarded by this.
    private @Nullable Attributes before;
    private boolean restored;

    TerminalInput(Pty terminal, InputStream in, BooleanSupplier inForeground) {
        this.terminal = terminal;
        this.in = in;
        this.inForeground = inForeground;
    }

    /** Returns the input if standard input and standard error are a terminal whose modes can be set. */
    static Optional<TerminalInput> find() {
        return Terminal.is(SystemStream.Error)
                ? Terminal.modes()
                        .map(terminal -> new TerminalInput(
                                terminal, new FileInputStream(FileDescriptor.in), new Foreground(false)))
                : Optional.empty();
    }

    @Override
    public Optional<byte[]> poll() throws IOException {
        if (!inForeground.getAsBoolean() || !setModes()) {
            return Optional.empty();
        }
        byte[] typed = new byte[in.available()];
        int length =
                typed.length == 0 ? 0 : Math.max(0, in.read(typed)); // without a lock: another process may have read it
        return Optional.of(Arrays.copyOf(typed, length));
    }

    private synchronized boolean setModes() throws IOException {
        if (restored) {
            return false;
        }
        Attributes now = terminal.getAttr();
        if (now.getLocalFlag(LocalFlag.ICANON)
                || now.getLocalFlag(LocalFlag.ECHO)
                || now.getInputFlag(InputFlag.IXON)) {
            if (before == null) {
                before = now;
            }
            terminal.setAttr(byKey(now));
        }
        return true;
    }

    private static Attributes byKey(Attributes modes) {
        Attributes changed = new Attributes(modes);
        changed.setLocalFlag(LocalFlag.ICANON, false);
        changed.setLocalFlag(LocalFlag.ECHO, false);
        changed.setInputFlag(InputFlag.IXON, false);
        changed.setControlChar(ControlChar.VMIN, 1);
        changed.setControlChar(ControlChar.VTIME, 0);
        return changed;
    }

    @Override
    public synchronized void restore() {
        restored = true;
        if (before != null && inForeground.getAsBoolean()) {
            try {
                terminal.setAttr(before);
            } catch (IOException e) {
                LOG.debug("the terminal is gone", e);
            }
        }
        before = null;
    }
}
