package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.InputFlag;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.spi.Pty;
import org.junit.jupiter.api.Test;

final class TerminalInputTest {

    private final List<String> calls = new ArrayList<>();
    private Attributes modes = modes(true);
    private boolean inForeground = true;

    private final TerminalInput input = new TerminalInput(
            (Pty) Proxy.newProxyInstance(
                    Pty.class.getClassLoader(), new Class<?>[] {Pty.class}, (pty, method, args) -> {
                        calls.add(method.getName());
                        if (method.getName().equals("setAttr")) {
                            modes = (Attributes) args[0];
                        }
                        return method.getName().equals("getAttr") ? modes : null;
                    }),
            new ByteArrayInputStream(new byte[] {'r', 'q'}),
            () -> inForeground);

    private static Attributes modes(boolean usual) {
        Attributes modes = new Attributes();
        modes.setLocalFlag(LocalFlag.ICANON, usual);
        modes.setLocalFlag(LocalFlag.ECHO, usual);
        modes.setLocalFlag(LocalFlag.ISIG, true);
        modes.setInputFlag(InputFlag.IXON, usual);
        return modes;
    }

    private boolean areUsual() {
        return modes.getLocalFlag(LocalFlag.ICANON)
                && modes.getLocalFlag(LocalFlag.ECHO)
                && modes.getInputFlag(InputFlag.IXON);
    }

    @Test
    void keysComeAtOnceAndWithoutAnEchoWhileCtrlCStaysASignal() throws Exception {
        assertArrayEquals(new byte[] {'r', 'q'}, input.poll().orElseThrow());
        assertArrayEquals(new byte[0], input.poll().orElseThrow());
        assertFalse(modes.getLocalFlag(LocalFlag.ICANON));
        assertFalse(modes.getLocalFlag(LocalFlag.ECHO));
        assertFalse(modes.getInputFlag(InputFlag.IXON), "Ctrl-S would have all that prints wait, swaps too");
        assertTrue(modes.getLocalFlag(LocalFlag.ISIG));
    }

    @Test
    void inTheBackgroundTheTerminalIsNotTouched() throws Exception {
        inForeground = false;
        assertEquals(Optional.empty(), input.poll());
        input.restore();
        assertEquals(List.of(), calls);
    }

    @Test
    void theModesAreRestoredAndNotSetAgain() throws Exception {
        input.poll();
        input.restore();
        assertTrue(areUsual());
        assertEquals(Optional.empty(), input.poll());
        assertTrue(areUsual());
    }

    @Test
    void aTerminalThatIsSomebodyElsesByNowIsNotRestored() throws Exception {
        input.poll();
        inForeground = false;
        calls.clear();
        input.restore();
        assertEquals(List.of(), calls);
    }

    @Test
    void whatAShellHasSetWhileTheProcessWasStoppedIsSetAgain() throws Exception {
        input.poll();
        modes = modes(true);
        input.poll();
        assertFalse(areUsual());
        input.restore();
        assertTrue(areUsual());
    }
}
