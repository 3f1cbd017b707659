package dev.supervisor.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.testing.Document;
import dev.supervisor.testing.SameOnEveryJdk;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The site has each document in its navigation. */
@SameOnEveryJdk
final class SiteTest {

    @Test
    void eachDocumentHasItsPlace() throws IOException {
        String configuration = Files.readString(Document.REPOSITORY.resolve("supervisor/site/.vitepress/config.mjs"));
        List<String> missing = Document.all().stream()
                .map(document -> document.name().replaceFirst("docs/(.*)\\.md", "'$1')"))
                .filter(page -> !page.equals("README.md") && !configuration.contains(page))
                .toList();
        assertEquals(List.of(), missing);
    }
}
