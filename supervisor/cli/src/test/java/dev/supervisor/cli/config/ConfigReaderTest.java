package dev.supervisor.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.cli.config.ConfigValue.Entries;
import dev.supervisor.cli.config.ConfigValue.Entry;
import dev.supervisor.cli.config.ConfigValue.Items;
import dev.supervisor.cli.config.ConfigValue.Text;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigReaderTest {

    private static String problem(String text) {
        ConfigException e = assertThrows(ConfigException.class, () -> ConfigReader.read(text));
        return e.problems().get(0).in("a.yaml");
    }

    @Test
    void valuesAreReadAsTheyAreWrittenWithTheirPlaces() throws Exception {
        assertEquals(
                new Entries(
                        List.of(
                                new Entry("mode", new Text("0660", new Position(1, 7)), new Position(1, 1)),
                                new Entry("no", new Text("yes", new Position(2, 5)), new Position(2, 1)),
                                new Entry("void", new Text("", new Position(3, 6)), new Position(3, 1)),
                                new Entry(
                                        "list",
                                        new Items(
                                                List.of(
                                                        new Text("a b", new Position(4, 9)),
                                                        new Text("1e3", new Position(4, 16))),
                                                new Position(4, 7)),
                                        new Position(4, 1))),
                        new Position(1, 1)),
                ConfigReader.read("mode: 0660\nno: yes\nvoid:\nlist: [ \"a b\", 1e3 ]\n"));
    }

    @Test
    void anEmptyFileIsNothing() throws Exception {
        assertEquals("nothing", ConfigReader.read("# only a comment\n").kind());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "a: 1~b: 2~a: 3       | a.yaml:3:1: the key 'a' is there already, in line 1",
                "a: {b: 1, b: 2}      | a.yaml:1:11: the key 'b' is there already, in line 1",
                "a: 1~ b: 2           | a.yaml:2:3: this is no YAML: ",
                "a: [1                | a.yaml:1:6: this is no YAML: ",
                "a: *b                | a.yaml:1:4: this is no YAML: ",
                "a: 1~---~b: 2        | a.yaml:2:1: this is no YAML: ",
                "a:~\tb: 1            | a.yaml:2:1: this is no YAML: ",
                "[1]: 2               | a.yaml:1:1: a key must be a word",
                "a: !!java.net.URL x  | a.yaml:1:4: the tag",
                "a: !thing x          | a.yaml:1:4: the tag '!thing' has no meaning here",
                "a: [[[[[[1]]]]]]     | a.yaml:1:9: this is nested too deeply"
            })
    void whatCannotBeUnderstoodIsToldWithItsPlace(String text, String expected) {
        String problem = problem(text.replace('~', '\n'));
        assertTrue(problem.startsWith(expected), problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{", "{a: ", "- ", "? ", "[{a: "})
    void noDepthIsTooMuchForTheReader(String opening) {
        String problem = problem(opening.repeat(20_000));
        assertTrue(problem.matches("a\\.yaml:1:[0-9]+: this is nested too deeply"), problem);
    }

    @Test
    void whatContainsItselfIsNestedTooDeeply() {
        String problem = problem("a: &a [ *a ]");
        assertTrue(problem.startsWith("a.yaml:1:4: "), problem);
    }

    @Test
    void aliasesMakeNoEndlessWork() {
        StringBuilder text = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x]\n");
        for (char name = 'b'; name < 'f'; name++) {
            char former = (char) (name - 1);
            text.append(name).append(": &").append(name).append(" [");
            text.append(("*" + former + ", ").repeat(20))
                    .append("*")
                    .append(former)
                    .append("]\n");
        }
        String problem = problem(text.toString());
        assertTrue(problem.contains("this is nested too deeply") || problem.contains("aliases"), problem);
    }

    @Test
    void aLargeFileIsNotRead() {
        assertEquals(
                "a.yaml:1:1: the file is too large: at most 1048576 characters are read",
                problem("#".repeat((1 << 20) + 1)));
    }
}
