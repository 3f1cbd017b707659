package dev.supervisor.documents;

import dev.supervisor.testing.Document;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * A line of {@code blocks.txt}: what runs a block of a document, or produces it.
 *
 * @param document such as {@code docs/tls.md}
 * @param beginning that of the block
 * @param tests the simple names of the tests that do; empty if nothing does
 * @param remark why nothing does, or in which way they do it, if not as it stands in the document; may be empty
 */
record Claim(String document, String beginning, List<String> tests, String remark) {

    static List<Claim> all() {
        try (InputStream file = Claim.class.getResourceAsStream("blocks.txt")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Claim::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Claim parse(String line) {
        String[] parts = line.split(" \\| ", -1);
        if (parts.length != 3 && parts.length != 4) {
            throw new AssertionError("blocks.txt: three or four parts are needed in '" + line + "'");
        }
        List<String> tests = parts[2].equals("-") ? List.of() : List.of(parts[2].split(", "));
        return new Claim(parts[0], parts[1], tests, parts.length == 4 ? parts[3] : "");
    }

    boolean isAbout(Document.Block block) {
        return block.document().equals(document) && block.text().startsWith(beginning);
    }

    Document.Block block() {
        return Document.read(document).block(beginning);
    }
}
