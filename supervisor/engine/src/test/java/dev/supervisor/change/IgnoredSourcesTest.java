package dev.supervisor.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IgnoredSourcesTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private void write(String file, String content) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }

    private IgnoredSources ignored(String... globs) {
        return new IgnoredSources(
                List.of(directory.resolve("src")),
                List.of(directory.resolve("src/app.jar")),
                List.of(globs),
                directory);
    }

    private IgnoredSources below(String... roots) {
        List<Path> paths = Stream.of(roots).map(directory::resolve).toList();
        return new IgnoredSources(paths, List.of(), List.of(), directory);
    }

    private boolean ignores(IgnoredSources ignored, String file) {
        return ignored.includes(directory.resolve(file));
    }

    private boolean changedBy(IgnoredSources ignored, String file) {
        return ignored.changedBy(directory.resolve(file));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "src/App.java~",
                "src/.App.java.swp",
                "src/.App.java.swx",
                "src/4913",
                "src/sed2ccYKw",
                "src/#App.java#",
                "src/.#App.java",
                "src/App.java___jb_tmp___",
                "src/.App.java.Xy12Ab",
                "src/.git/index",
                "src/a/.git/HEAD",
                "src/.DS_Store",
                "src/app.jar"
            })
    void whatIsNeverASource(String file) {
        assertTrue(ignores(ignored(), file));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "src/App.java",
                "src/build/Build.java",
                "src/target/Target.java",
                "src/a/4913.java",
                "src/sedate",
                "src/.env",
                "src/.env.sample",
                "src/a~b.java"
            })
    void whatMayBeASource(String file) {
        assertFalse(ignores(ignored(), file));
    }

    @Test
    void whatABuildToolMakesBesideItsConfiguration() throws Exception {
        write("src/module/pom.xml", "");
        write("src/other/build.gradle.kts", "");
        write("src/web/package.json", "");
        assertTrue(ignores(ignored(), "src/module/target/classes/A.class"));
        assertFalse(ignores(ignored(), "src/module/build/A.java"));
        assertTrue(ignores(ignored(), "src/other/build/libs/a.jar"));
        assertTrue(ignores(ignored(), "src/other/.gradle/x"));
        assertTrue(ignores(ignored(), "src/other/.kotlin/sessions/a.salive"));
        assertTrue(ignores(ignored(), "src/module/dependency-reduced-pom.xml"));
        assertTrue(ignores(ignored(), "src/module/.flattened-pom.xml"));
        assertFalse(ignores(ignored(), "src/module/pom.xml"));
        assertFalse(ignores(ignored(), "src/other/.flattened-pom.xml"));
        assertTrue(ignores(ignored(), "src/web/node_modules/a/b.js"));
        assertTrue(ignored().includesDirectory(directory.resolve("src/web/node_modules")));
    }

    @Test
    void whatLiesAboveTheRootsIsNotLookedAt() throws Exception {
        Path project = directory.resolve("target/project");
        write("pom.xml", "");
        IgnoredSources ignored = new IgnoredSources(List.of(project.resolve("src")), List.of(), List.of(), project);
        assertFalse(ignored.includes(project.resolve("src/App.java")));
    }

    @Test
    void whatAnIgnoreFileNames() throws Exception {
        write(".gitignore", "*.log\n/src/generated/\nnotes\n!important.log\n");
        write("src/deep/.ignore", "*.tmp\n");
        assertTrue(ignores(ignored(), "src/a.log"));
        assertTrue(ignores(ignored(), "src/deep/er/a.log"));
        assertFalse(ignores(ignored(), "src/important.log"));
        assertTrue(ignores(ignored(), "src/generated/Made.java"));
        assertFalse(ignores(ignored(), "src/deep/generated/Made.java"));
        assertTrue(ignores(ignored(), "src/deep/a.tmp"));
        assertFalse(ignores(ignored(), "src/a.tmp"));
        assertTrue(ignores(ignored(), "src/notes/todo.txt"));
    }

    /** As the Spring Initializr writes it. */
    @Test
    void aPackageThatIsCalledAsAnOutputIsASourceWhereTheIgnoreFileSaysSo() throws Exception {
        write(".gitignore", "build/\n!**/src/main/**/build/\n!**/src/test/**/build/\n*.log\n");
        IgnoredSources ignored = below(".");
        assertFalse(ignored.includesDirectory(directory.resolve("src/main/java/com/acme/build")));
        assertFalse(ignores(ignored, "src/main/java/com/acme/build/Foo.java"));
        assertTrue(ignores(ignored, "src/main/java/com/acme/build/foo.log"));
        assertTrue(ignores(ignored, "build/classes/Foo.class"));
        assertTrue(ignores(ignored, "build/src/main/build/Foo.java"), "what lies in an ignored directory stays so");
    }

    @Test
    void aRuleThatCantBeUsedIsLeftOutAndSaidOnce() throws Exception {
        write(".gitignore", "*.log\n[z-a].txt\n*.tmp\n");
        try (Logged log = new Logged(IgnoredSources.class)) {
            IgnoredSources ignored = ignored();
            assertTrue(ignores(ignored, "src/a.log"));
            assertTrue(ignores(ignored, "src/a.tmp"));
            assertFalse(ignores(ignored, "src/z.txt"));
            write(".gitignore", "*.log\n[z-a].txt\n");
            ignored.lookAgain();
            assertFalse(ignores(ignored, "src/a.tmp"));
            assertEquals(
                    List.of(
                            "can't understand '[z-a].txt' in " + directory.resolve(".gitignore")
                                    + ", line 2, so it ignores nothing (write it another way, or ignore those files by an option)"),
                    log.messages());
        }
    }

    @Test
    void anIgnoreFileOfAnotherEncodingIsReadAllTheSame() throws Exception {
        Files.write(directory.resolve(".gitignore"), "# gr\u00fcn\n*.log\n".getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(ignores(ignored(), "src/a.log"));
    }

    @Test
    void anIgnoreFileThatChangesIsReadAgain() throws Exception {
        IgnoredSources ignored = ignored();
        assertFalse(ignores(ignored, "src/a.log"));
        write("src/.gitignore", "*.log\n");
        assertFalse(ignores(ignored, "src/.gitignore"), "a change like any other");
        assertTrue(changedBy(ignored, "src/.gitignore"));
        assertFalse(changedBy(ignored, "src/.gitignore"), "only once");
        assertTrue(ignores(ignored, "src/a.log"));
    }

    @Test
    void anIgnoreFileThatStaysAsItWasIsNotReadAgain() throws Exception {
        write("src/.gitignore", "*.log\n");
        Path file = directory.resolve("src/.gitignore");
        FileTime time = Files.getLastModifiedTime(file);
        IgnoredSources ignored = ignored();
        assertTrue(ignores(ignored, "src/a.log"));
        Files.writeString(file, "*.tmp\n"); // one of the same size, time and inode can't be told from the former
        Files.setLastModifiedTime(file, time);
        ignored.lookAgain();
        assertFalse(changedBy(ignored, "src/.gitignore"));
        assertTrue(ignores(ignored, "src/a.log"), "as it was read");
        Files.setLastModifiedTime(file, FileTime.from(time.toInstant().plusSeconds(1)));
        assertTrue(changedBy(ignored, "src/.gitignore"));
        assertFalse(ignores(ignored, "src/a.log"), "read again");
    }

    /** As tools do at each build. */
    @Test
    void anIgnoreFileThatIsWrittenAgainWithTheSameTextIsNoChangeOfTheRules() throws Exception {
        write("src/.gitignore", "*.log\n");
        Path file = directory.resolve("src/.gitignore");
        IgnoredSources ignored = ignored();
        assertTrue(ignores(ignored, "src/a.log"));
        FileTime later =
                FileTime.from(Files.getLastModifiedTime(file).toInstant().plusSeconds(1));
        Files.setLastModifiedTime(file, later);
        assertFalse(changedBy(ignored, "src/.gitignore"));
        Files.delete(file);
        write("src/.gitignore", "*.log\r\n");
        assertFalse(ignored.lookAgain());
        assertTrue(ignores(ignored, "src/a.log"));

        FileTime written = Files.getLastModifiedTime(file);
        Files.writeString(file, "*.tmp\r\n");
        Files.setLastModifiedTime(file, written);
        assertFalse(changedBy(ignored, "src/.gitignore"), "the stamp is that of the one with the same text");
        write("src/.gitignore", "*.log\n*.tmp\n");
        assertTrue(changedBy(ignored, "src/.gitignore"));
        assertTrue(ignores(ignored, "src/a.tmp"));
    }

    @Test
    void whoeverLooksAgainNeedNotMeetAnIgnoreFileThatIsDeletedOrLiesAbove() throws Exception {
        write(".gitignore", "*.log\n");
        write("src/.gitignore", "*.tmp\n");
        IgnoredSources ignored = ignored();
        assertTrue(ignores(ignored, "src/a.log"));
        assertTrue(ignores(ignored, "src/a.tmp"));
        Files.delete(directory.resolve("src/.gitignore"));
        ignored.lookAgain();
        assertFalse(ignores(ignored, "src/a.tmp"));
        write(".gitignore", "");
        ignored.lookAgain();
        assertFalse(ignores(ignored, "src/a.log"));
        write(".ignore", "*.log\n");
        ignored.lookAgain();
        assertTrue(ignores(ignored, "src/a.log"), "one that comes into being");
    }

    @Test
    void anIgnoreFileOfAnotherRepositoryDoesNotCount() throws Exception {
        write(".gitignore", "*.log\n");
        Files.createDirectories(directory.resolve("src/.git"));
        assertFalse(ignores(ignored(), "src/a.log"));
    }

    @Test
    void globsOfTheCommandLine() {
        IgnoredSources ignored = ignored("*.md", "/src/docs/");
        assertTrue(ignores(ignored, "src/README.md"));
        assertTrue(ignores(ignored, "src/docs/a.html"));
        assertFalse(ignores(ignored, "src/a.html"));
    }

    @Test
    void globsCountFromTheRootWhereThatLiesElsewhere() throws Exception {
        Path app = Files.createDirectories(directory.resolve("app"));
        List<Path> roots = List.of(app.resolve("src"), directory.resolve("common/src"));
        IgnoredSources ignored = new IgnoredSources(roots, List.of(), List.of("*.md", "/docs/", "/src/html/"), app);
        assertTrue(ignores(ignored, "common/src/README.md"));
        assertTrue(ignores(ignored, "common/src/deep/README.md"));
        assertTrue(ignores(ignored, "common/src/docs/a.txt"));
        assertFalse(ignores(ignored, "app/src/docs/a.txt"));
        assertTrue(ignores(ignored, "app/src/html/a.txt"));
        assertFalse(ignores(ignored, "common/src/html/a.txt"));
    }

    @Test
    void globsCountFromTheWorkingDirectoryBehindALinkToo() throws Exception {
        Path app = Files.createDirectories(directory.toRealPath().resolve("app"));
        Files.createDirectory(app.resolve("src"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), app);
        IgnoredSources ignored =
                new IgnoredSources(List.of(link.resolve("src")), List.of(), List.of("/src/docs/"), link);
        assertTrue(ignored.includes(link.resolve("src/docs/a.txt")));
        assertTrue(ignored.includes(app.resolve("src/docs/a.txt")));
    }

    @Test
    void aFileThatIsWatchedByItsNameIsNeverIgnored() throws Exception {
        write(".gitignore", ".env\n");
        assertFalse(ignores(below("src", ".env"), ".env"));
        assertTrue(ignores(below("src", ".env"), "src/.env"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"build/", "build", "/build/**", "*", "/*", "build/*", "generated"})
    void whatIgnoresARootSaysNothingOfWhatIsInIt(String rule) throws Exception {
        write(".gitignore", "*.log\n" + rule + "\n");
        write("settings.gradle", "");
        for (IgnoredSources ignored : List.of(below("build/generated"), below("src", "build/generated", "."))) {
            assertFalse(ignored.includesDirectory(directory.resolve("build/generated")));
            assertFalse(ignored.includesDirectory(directory.resolve("build/generated/app")));
            assertFalse(ignores(ignored, "build/generated/app/A.java"));
            assertTrue(ignores(ignored, "build/generated/app/a.log"));
        }
        assertTrue(ignores(below("src", "build/generated", "."), "build/classes/A.class"));
        assertTrue(ignores(below("src", "build/generated", "."), "build/a.txt"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"playground/", "*", "/*", "playground/*", "app"})
    void aProjectInAnIgnoredDirectoryOfARepositoryIsWatched(String rule) throws Exception {
        write("repository/.gitignore", rule + "\n!*.txt\n");
        write("repository/.git/HEAD", "");
        write("repository/playground/app/.gitignore", "/src/made/\n");
        IgnoredSources ignored = below("repository/playground/app/src");
        assertFalse(ignores(ignored, "repository/playground/app/src/A.java"));
        assertTrue(ignores(ignored, "repository/playground/app/src/made/A.java"));
    }
}
