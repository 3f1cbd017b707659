package dev.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(30)
final class CommandWordsTest {

    private static String run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    @Test
    void aShellTakesOneText() throws Exception {
        assertEquals("one two", run(CommandWords.ofShell("echo one two")));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatRunsApartLeadsItsSession() throws Exception {
        assertEquals(
                "yes",
                run(CommandWords.apart(CommandWords.ofShell("[ $(cut -d' ' -f6 /proc/$$/stat) = $$ ] && echo yes"))));
        assertEquals("", run(CommandWords.ofShell("[ $(cut -d' ' -f6 /proc/$$/stat) = $$ ] && echo yes")));
    }

    @Test
    void aProgramThatIsNotThereIsNotHiddenByAnother() {
        assertEquals(List.of("/no/such/program", "a"), CommandWords.apart(List.of("/no/such/program", "a")));
        assertEquals(List.of("no-such-program"), CommandWords.apart(List.of("no-such-program")));
    }
}
