package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.Diagnostic.Columns;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DiagnosticTest {

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "CHARACTERS,3,>>x = 1,3",
                "CHARACTERS,0,>>x = 1,0",
                "TABS_OF_8,0,>>x = 1,0",
                "TABS_OF_8,1,>>x = 1,1",
                "TABS_OF_8,9,>>x = 1,2",
                "TABS_OF_8,17,>>x = 1,3",
                "TABS_OF_8,18,>>x = 1,4",
                "TABS_OF_8,9,  >x = 1,4",
                "TABS_OF_8,3,x = 1,3",
                "TABS_OF_8,99,x = 1,6",
                "FROM_INDENTATION,1,>  x = 1,4",
                "FROM_INDENTATION,5,x = 1,5",
                "FROM_INDENTATION,0,>x = 1,0"
            })
    void columnsAreCountedInCharacters(Columns columns, int column, String text, int characters) {
        Diagnostic diagnostic = new Diagnostic(Path.of("/A.java"), 1, column, columns, "no");
        assertEquals(characters, diagnostic.columnIn(text.replace('>', '\t')));
    }
}
