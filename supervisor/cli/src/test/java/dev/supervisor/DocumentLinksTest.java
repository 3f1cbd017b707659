package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents of the repository refer to files, headings and packages that exist. */
final class DocumentLinksTest {

    private static final Path REPOSITORY = Path.of("../..");

    private static final Pattern LINK = Pattern.compile("\\[[^]]*]\\((?<target>[^)\\s]+)\\)");
    private static final Pattern ELSEWHERE = Pattern.compile("\\w+:.*");
    private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^```.*?^```");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (?<text>.+)$");
    private static final Pattern OPENED_IN_POM = Pattern.compile("<opened>(?<packages>[^<]+)</opened>");
    private static final Pattern OPENED_BY_OPTION = Pattern.compile("--add-opens (?<name>\\S+)=ALL-UNNAMED");

    @Test
    void eachLinkLeadsToAFileAndAHeadingThatExist() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path document : documents()) {
            for (String target : targets(document)) {
                links++;
                if (!exists(document, target)) {
                    broken.add(REPOSITORY.relativize(document) + " → " + target);
                }
            }
        }
        assertEquals(List.of(), broken);
        assertTrue(links > 0, "no link was found");
    }

    @Test
    void embeddersAreToldToOpenThePackagesThatTheCommandOpens() throws IOException {
        Matcher opened = OPENED_IN_POM.matcher(Files.readString(REPOSITORY.resolve("pom.xml")));
        assertTrue(opened.find());
        assertEquals(
                List.of(opened.group("packages").strip().split("\\s+")),
                OPENED_BY_OPTION
                        .matcher(Files.readString(REPOSITORY.resolve("docs/embedding.md")))
                        .results()
                        .map(option -> option.group(1))
                        .toList());
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> inRoot = Files.list(REPOSITORY);
                Stream<Path> inDocs = Files.list(REPOSITORY.resolve("docs"))) {
            return Stream.concat(inRoot, inDocs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> targets(Path document) throws IOException {
        return LINK.matcher(withoutCode(document))
                .results()
                .map(link -> link.group(1))
                .filter(target -> !ELSEWHERE.matcher(target).matches())
                .toList();
    }

    private static boolean exists(Path document, String target) throws IOException {
        int hash = target.indexOf('#');
        String path = hash < 0 ? target : target.substring(0, hash);
        Path file = path.isEmpty() ? document : document.resolveSibling(path);
        return Files.exists(file) && (hash < 0 || anchors(file).contains(target.substring(hash + 1)));
    }

    private static List<String> anchors(Path document) throws IOException {
        return HEADING.matcher(withoutCode(document))
                .results()
                .map(heading -> anchor(heading.group(1)))
                .toList();
    }

    /** Returns the anchor that GitHub gives to a heading: lower case, no punctuation, a hyphen for each space. */
    private static String anchor(String heading) {
        return heading.strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    /** Returns the document without its code blocks, where brackets and hashes have other meanings. */
    private static String withoutCode(Path document) throws IOException {
        return CODE_BLOCK.matcher(Files.readString(document)).replaceAll("");
    }
}
