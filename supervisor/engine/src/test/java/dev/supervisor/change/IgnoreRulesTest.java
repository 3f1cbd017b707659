package dev.supervisor.change;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is expected here is what {@code git check-ignore} says. */
final class IgnoreRulesTest {

    private static final Path BASE = Path.of("/project");

    private final List<String> unusable = new ArrayList<>();

    private IgnoreRules rules(String... lines) {
        return IgnoreRules.of(List.of(lines), (rule, line) -> unusable.add(line + ": " + rule));
    }

    private static boolean ignore(IgnoreRules rules, String path) {
        boolean directory = path.endsWith("/");
        return rules.ignore(BASE, BASE, BASE.resolve(path), directory).orElse(false);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*.log | a.log | true",
                "*.log | src/a.log | true",
                "*.log | src/a.log2 | false",
                "/out | src/out/ | false",
                "out/ | src/out/ | true",
                "out/ | out | false",
                "out | src/out | true",
                "gen/* | gen/deep/ | true",
                "gen/* | gen/ | false",
                "gen/* | gen/A.java | true",
                "build/** | build/libs/ | true",
                "build/** | buildSrc/ | false",
                "build/** | buildSrc/Build.java | false",
                "**/gen/** | src/gen/A.java | true",
                "**/gen/** | src/generator/A.java | false",
                "a/**/b | a/x/y/b | true",
                "[a-f]* | x.java | false",
                "[a-f]* | c.java | true",
                "*.py[cod] | a.pyc | true",
                "/*.java | A.java | true",
                "/*.java | src/A.java | false",
                "*/**/build | build/A.java | false",
                "fo? | src/foo | true",
                "'trailing\\ ' | 'trailing ' | true",
                "*.{log,tmp} | a.log | false",
                "*.{log,tmp} | a.{log,tmp} | true",
                "{{cookiecutter}}/ | {{cookiecutter}}/ | true",
                "*++* | c++.txt | true",
                "*++* | c.txt | false",
                "'a|b' | a | false",
                "\\#a | #a | true",
                "# | # | false"
            })
    void aRule(String rule, String path, boolean ignored) {
        assertEquals(ignored, ignore(rules(rule), path));
        assertEquals(List.of(), unusable);
    }

    @Test
    void theLastOneThatMatchesDecides() {
        IgnoreRules rules = rules("build/", "*.log", "!**/src/main/**/build/", "!important.log");
        assertEquals(true, ignore(rules, "build/"));
        assertEquals(false, ignore(rules, "src/main/java/com/acme/build/"));
        assertEquals(false, ignore(rules, "src/main/java/com/acme/build/Foo.java"));
        assertEquals(true, ignore(rules, "src/a.log"));
        assertEquals(false, ignore(rules, "src/important.log"));
        assertEquals(true, ignore(rules("!important.log", "*.log"), "important.log"));
    }

    @Test
    void whereNoRuleMatchesNothingIsSaid() {
        assertEquals(Optional.empty(), rules("*.log").ignore(BASE, BASE, BASE.resolve("A.java"), false));
        assertEquals(Optional.of(false), rules("!*.java").ignore(BASE, BASE, BASE.resolve("A.java"), false));
    }

    @Test
    void aRuleThatCantBeUsedIsLeftOutAndToldOf() {
        IgnoreRules rules = rules("*.log", "", "# [", "[z-a].txt", "*.tmp");
        assertEquals(List.of("4: [z-a].txt"), unusable);
        assertEquals(true, ignore(rules, "a.log"));
        assertEquals(true, ignore(rules, "a.tmp"));
    }
}
