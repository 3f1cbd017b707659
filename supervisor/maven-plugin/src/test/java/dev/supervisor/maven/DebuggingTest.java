package dev.supervisor.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;
import org.apache.maven.plugin.MojoExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DebuggingTest {

    @ParameterizedTest
    @CsvSource({
        "5005, 5005, false",
        "true, 5005, false",
        "suspend, 5005, true",
        "'5006,suspend', 5006, true",
        "'suspend, 5006', 5006, true",
        "0, 0, false"
    })
    void portAndSuspensionAreRead(String text, int port, boolean suspend) throws Exception {
        assertEquals(Optional.of(new Debugging(port, suspend)), Debugging.parse(text));
    }

    @Test
    void falseIsNoDebugging() throws Exception {
        assertEquals(Optional.empty(), Debugging.parse("false"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "70000", "-1", "5005;suspend"})
    void anythingElseIsAnErrorThatShowsHow(String text) {
        MojoExecutionException e = assertThrows(MojoExecutionException.class, () -> Debugging.parse(text));
        assertTrue(String.valueOf(e.getMessage()).contains("-Ddebug=suspend"), e::toString);
    }

    @Test
    void anotherPortIsTakenIfTheOneIsNotFree() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            Debugging other = new Debugging(port, true).onFreePort();
            assertNotEquals(port, other.port());
            assertTrue(other.suspend());
        }
    }
}
