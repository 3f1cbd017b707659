package dev.supervisor.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Document;
import dev.supervisor.testing.SameOnEveryJdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each block of code of the documents is run or produced by a test, or {@code blocks.txt} says why not. */
@SameOnEveryJdk
final class BlockClaimsTest {

    private static final List<String> MODULES =
            List.of("engine", "cli", "maven-plugin", "admin", "load-test", "compile");

    @Test
    void eachBlockHasOneLineInBlocksTxt() {
        List<Claim> claims = Claim.all();
        List<String> wrong = new ArrayList<>();
        for (Document document : Document.all()) {
            for (Document.Block block : document.blocks()) {
                long count =
                        claims.stream().filter(claim -> claim.isAbout(block)).count();
                if (count != 1) {
                    wrong.add(block + " → " + count + " lines");
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void eachLineIsAboutABlock() {
        List<Document.Block> blocks = Document.all().stream()
                .flatMap(document -> document.blocks().stream())
                .toList();
        assertEquals(
                List.of(),
                Claim.all().stream()
                        .filter(claim -> blocks.stream().noneMatch(claim::isAbout))
                        .toList());
    }

    @Test
    void aBlockThatNothingRunsHasAReason() {
        assertEquals(
                List.of(),
                Claim.all().stream()
                        .filter(claim ->
                                claim.tests().isEmpty() && claim.remark().isEmpty())
                        .toList());
    }

    @Test
    void theTestsExistAndReadTheDocument() throws IOException {
        Map<String, Path> sources = sources();
        for (Claim claim : Claim.all()) {
            for (String test : claim.tests()) {
                Path source = sources.get(test);
                assertTrue(source != null, () -> "there is no test " + test);
                assertTrue(
                        !claim.remark().isEmpty() || reads(Files.readString(source), claim.document()),
                        () -> test + " does not read " + claim.document());
            }
        }
    }

    private static boolean reads(String source, String document) {
        return source.contains(document) || source.contains("Claim.all()");
    }

    private static Map<String, Path> sources() throws IOException {
        List<Path> all = new ArrayList<>();
        for (String module : MODULES) {
            try (Stream<Path> files =
                    Files.walk(Document.REPOSITORY.resolve("supervisor/" + module + "/src/test/java"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(all::add);
            }
        }
        return all.stream()
                .collect(Collectors.toMap(
                        file -> file.getFileName().toString().replace(".java", ""),
                        Function.identity(),
                        (first, second) -> first)); // package-info, and the like
    }
}
