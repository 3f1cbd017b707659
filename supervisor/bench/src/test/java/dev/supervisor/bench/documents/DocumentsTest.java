package dev.supervisor.bench.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The figures of the documentation are those of the committed results. */
final class DocumentsTest {

    @Test
    void theDocumentationTellsWhatHasBeenMeasured() throws IOException {
        assertEquals(
                List.of(),
                Documents.outdated(),
                "differs from supervisor/bench/results (write it: supervisor/bench/run figures)");
    }

    @Test
    void allThatIsMeasuredStandsInTheDocumentation() throws IOException {
        List<String> titles = Arrays.stream(FigureBlock.values())
                .map(FigureBlock::title)
                .sorted()
                .toList();
        assertEquals(titles, Documents.names().stream().sorted().distinct().toList());
    }

    @Test
    void whatIsOutsideOfBlocksStaysAsItIs() {
        String document = "It takes 5 ms.\n<!-- figures: save -->\n| old |\n<!-- end of figures -->\nNo more.\n";
        String rendered = Documents.render(document);
        assertEquals(
                "It takes 5 ms.\n<!-- figures: save -->\n" + SaveTable.text() + "<!-- end of figures -->\nNo more.\n",
                rendered);
        assertEquals(rendered, Documents.render(rendered));
    }

    @Test
    void aBlockOfAnUnknownNameIsRefused() {
        String document = "<!-- figures: unheard-of -->\n<!-- end of figures -->\n";
        assertThrows(IllegalArgumentException.class, () -> Documents.render(document));
    }
}
