package dev.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(30)
final class CommandsTest {

    private static String run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    @Test
    void aShellTakesOneText() throws Exception {
        assertEquals("one two", run(Commands.ofShell("echo one two")));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatRunsApartLeadsItsSession() throws Exception {
        assertEquals(
                "yes", run(Commands.apart(Commands.ofShell("[ $(cut -d' ' -f6 /proc/$$/stat) = $$ ] && echo yes"))));
        assertEquals("", run(Commands.ofShell("[ $(cut -d' ' -f6 /proc/$$/stat) = $$ ] && echo yes")));
    }

    @Test
    void aProgramThatIsNotThereIsNotHiddenByAnother() {
        assertEquals(List.of("/no/such/program", "a"), Commands.apart(List.of("/no/such/program", "a")));
        assertEquals(List.of("no-such-program"), Commands.apart(List.of("no-such-program")));
    }
}
