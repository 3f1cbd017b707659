package dev.supervisor.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.maven.plugin.MojoExecutionException;
import org.junit.jupiter.api.Test;

class ShellLineTest {

    @Test
    void quotesKeepWordsTogether() throws Exception {
        assertEquals(
                List.of("--name", "two words", "it's", "-Da=b c"),
                ShellLine.split(" --name \"two words\"\n \"it's\" '-Da=b c' ", "the arguments"));
    }

    @Test
    void nothingIsNoArgument() throws Exception {
        assertEquals(List.of(), ShellLine.split("  ", "the arguments"));
    }

    @Test
    void aQuoteThatIsNotClosedIsAnError() {
        MojoExecutionException e =
                assertThrows(MojoExecutionException.class, () -> ShellLine.split("a 'b", "the arguments"));
        assertTrue(String.valueOf(e.getMessage()).startsWith("can't read the arguments 'a 'b'"), e::toString);
    }
}
