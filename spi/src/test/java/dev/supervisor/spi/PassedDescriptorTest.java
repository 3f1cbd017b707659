package dev.supervisor.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PassedDescriptorTest {

    private static final long OWN = 42;

    private static List<PassedDescriptor> of(Map<String, String> environment) {
        return PassedDescriptor.of(environment, OWN);
    }

    @Test
    void withoutTheVariableThereIsNone() {
        assertEquals(List.of(), of(Map.of()));
        assertEquals(List.of(), of(Map.of("LISTEN_FDS", "")));
        assertEquals(List.of(), of(Map.of("LISTEN_FDS", "0")));
    }

    @Test
    void theyHaveNumbersFromThreeAndTheNamesOfSystemd() {
        Map<String, String> environment =
                Map.of("LISTEN_FDS", "4", "LISTEN_PID", "42", "LISTEN_FDNAMES", "http:unknown::admin");
        assertEquals(
                List.of(
                        new PassedDescriptor(3, Optional.of("http")),
                        new PassedDescriptor(4, Optional.empty()),
                        new PassedDescriptor(5, Optional.empty()),
                        new PassedDescriptor(6, Optional.of("admin"))),
                of(environment));
    }

    @Test
    void systemfdPassesOthersWithoutAProcess() {
        List<PassedDescriptor> expected = List.of(new PassedDescriptor(10, Optional.empty()));
        assertEquals(expected, of(Map.of("LISTEN_FDS", "1", "LISTEN_FDS_FIRST_FD", "10")));
        assertEquals(expected, of(Map.of("LISTEN_FDS", "1", "LISTEN_FDS_FIRST_FD", "10", "LISTEN_PID", "")));
    }

    @Test
    void thoseOfAnotherProcessAreNone() {
        Map<String, String> environment = Map.of("LISTEN_FDS", "1", "LISTEN_PID", "43");
        assertEquals(List.of(), of(environment));
        assertTrue(PassedDescriptor.areOfAnother(environment, OWN));
        assertFalse(PassedDescriptor.areOfAnother(environment, 43));
        assertFalse(PassedDescriptor.areOfAnother(Map.of("LISTEN_PID", "43"), OWN));
    }

    @ParameterizedTest
    @ValueSource(strings = {"one", "-1", "1025", "99999999999"})
    void aWrongCountIsNamed(String count) {
        IllegalArgumentException thrown =
                assertThrows(IllegalArgumentException.class, () -> of(Map.of("LISTEN_FDS", count)));
        assertTrue(String.valueOf(thrown.getMessage()).startsWith("LISTEN_FDS is '" + count + "'"), thrown::getMessage);
    }

    @Test
    void eachHasAName() {
        IllegalArgumentException thrown = assertThrows(
                IllegalArgumentException.class, () -> of(Map.of("LISTEN_FDS", "1", "LISTEN_FDNAMES", "a:b")));
        assertTrue(
                String.valueOf(thrown.getMessage()).startsWith("LISTEN_FDNAMES has 2 names ('a:b') for 1 descriptors"),
                thrown::getMessage);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http:admin | admin:http | admin=3, http=4", // by name
                "http:admin | unknown:unknown | admin=4, http=3", // by position
                "http:admin | unknown:http | admin=3, http=4", // both
                "http:admin | unknown | http=3", // the rest is bound
                "http | demo.socket | http=3" // the name of the unit
            })
    void aListenerGetsTheOneOfItsNameElseTheNextWithoutName(String listeners, String names, String assigned) {
        assertEquals(assigned, assign(listeners, names));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http:admin | admn | passes descriptor 3 ('admn'), for which there is no listener: there is http, admin",
                "http | unknown:unknown | passes descriptor 4, for which there is no listener: there is http",
                "http | http:http | passes two descriptors of the name 'http'"
            })
    void noneIsLeftUnanswered(String listeners, String names, String message) {
        IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class, () -> assign(listeners, names));
        assertTrue(String.valueOf(thrown.getMessage()).startsWith("the parent process " + message), thrown::getMessage);
    }

    private static String assign(String listeners, String names) {
        String count = Integer.toString(names.split(":", -1).length);
        StringBuilder text = new StringBuilder();
        DescriptorAssignment.assign(
                        List.of(listeners.split(":")), of(Map.of("LISTEN_FDS", count, "LISTEN_FDNAMES", names)))
                .entrySet()
                .stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> text.append(text.length() == 0 ? "" : ", ")
                        .append(each.getKey())
                        .append('=')
                        .append(each.getValue().number()));
        return text.toString();
    }
}
