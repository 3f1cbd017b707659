package dev.supervisor.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class BuildTest {

    @TempDir
    Path temp;

    private Path jar(String name, String classPath) throws IOException {
        return Jars.jar().withClassPath(classPath).writeTo(temp.resolve(name));
    }

    private Path jar(String name) throws IOException {
        return Jars.jar().with("a.txt", name).writeTo(temp.resolve(name));
    }

    private static List<Path> roots(Path app, Path... libraries) throws IOException {
        return new Build(app, List.of(libraries))
                .roots().stream().map(ClassPathRoot::path).toList();
    }

    @Test
    void theApplicationComesFirstThenTheLibrariesInTheirOrder() throws Exception {
        Path app = jar("app.jar");
        Path z = jar("z.jar");
        Path a = jar("a.jar");
        assertEquals(List.of(app, z, a), roots(app, z, a));
        assertEquals("app.jar", new Build(app, List.of()).name());
    }

    @Test
    void aDirectoryOfJarsIsAllOfThemInTheOrderOfTheirNames() throws Exception {
        Path app = jar("app.jar");
        Path b = jar("lib/b.jar");
        Path a = jar("lib/a.jar");
        Files.writeString(temp.resolve("lib/readme.txt"), "not a jar");
        assertEquals(List.of(app, a, b), roots(app, temp.resolve("lib")));
    }

    @Test
    void aDirectoryWithoutJarsIsOneOfClasses() throws Exception {
        Path classes = Jars.jar().with("a/B.class", "x").unpackTo(temp.resolve("classes"));
        Path more = Jars.jar().with("c/D.class", "x").unpackTo(temp.resolve("more"));
        assertEquals(List.of(classes, more), roots(classes, more));
    }

    @Test
    void theClassPathOfAManifestIsRelativeToItsJar() throws Exception {
        Path app = jar("libs/app.jar", "dep/a.jar ../b.jar classes/ ./dep/../c.jar");
        List<Path> expected = List.of(
                app,
                jar("libs/dep/a.jar"),
                jar("b.jar"),
                Files.createDirectory(temp.resolve("libs/classes")),
                jar("libs/c.jar"));
        assertEquals(expected, roots(app));
    }

    @Test
    void aManifestMayNameAbsoluteFileAddressesWithSpaces() throws Exception {
        Path spaced = jar("my libs/a.jar");
        assertEquals(
                List.of(temp.resolve("app.jar"), spaced),
                roots(jar("app.jar", spaced.toUri().toString())));
        assertEquals(List.of(temp.resolve("app.jar"), spaced), roots(jar("app.jar", "my%20libs/a.jar")));
    }

    @Test
    void whatManifestsNameIsFollowedOnceEach() throws Exception {
        Path app = jar("app.jar", "a.jar lib.jar");
        Path lib = jar("lib.jar", "b.jar");
        Path a = jar("a.jar", "b.jar app.jar");
        Path b = jar("b.jar", "c.jar a.jar");
        Path c = jar("c.jar");
        assertEquals(List.of(app, lib, a, b, c), roots(app, lib));
    }

    @Test
    void whatAManifestNamesInVainIsLeftOut() throws Exception {
        Path app = jar("app.jar", "gone.jar http://example.org/a.jar %zz.jar a%00b.jar a.jar");
        assertEquals(List.of(app, jar("a.jar")), roots(app));
    }

    @Test
    void aJarThatCantBeReadNamesNothing() throws Exception {
        Path app = Files.writeString(temp.resolve("app.jar"), "half a zip");
        assertEquals(List.of(app), roots(app));
    }

    @Test
    void whatIsNamedByTheUserMustBeThere() throws Exception {
        Path app = temp.resolve("app.jar");
        assertEquals(
                app.toString(),
                assertThrows(NoSuchFileException.class, () -> roots(app)).getFile());
        jar("app.jar");
        Path lib = temp.resolve("lib.jar");
        assertEquals(
                lib.toString(),
                assertThrows(NoSuchFileException.class, () -> roots(app, lib)).getFile());
    }

    @Test
    void aDirectoryOfLibrariesMayComeLater() throws Exception {
        Path app = jar("app.jar");
        assertEquals(List.of(app), roots(app, temp.resolve("lib")));
        assertEquals(List.of(app, jar("lib/a.jar")), roots(app, temp.resolve("lib")));
    }

    @Test
    void aLinkToNowhereIsNoLibrary() throws Exception {
        Path app = jar("app.jar", "gone.jar");
        Path lib = jar("lib/a.jar");
        Files.createSymbolicLink(temp.resolve("lib/b.jar"), temp.resolve("nowhere"));
        Files.createSymbolicLink(temp.resolve("gone.jar"), temp.resolve("nowhere"));
        assertEquals(List.of(app, lib), roots(app, temp.resolve("lib")));
    }

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aPipeIsNeverOpened() throws Exception {
        Path pipe = Pipes.make(temp.resolve("pipe.jar"));
        Path app = jar("app.jar", "pipe.jar");
        assertEquals(List.of(app), roots(app));
        assertEquals(List.of(), Build.classPathOf(pipe));
    }

    @Test
    void onlyADirectoryThatNobodyButAManifestNamesIsServedInPlace() throws Exception {
        Path app = jar("app.jar", ". conf/");
        Path conf = Files.createDirectory(temp.resolve("conf"));
        assertEquals(
                List.of(ClassPathRoot.whole(app), new ClassPathRoot(temp, true), new ClassPathRoot(conf, true)),
                new Build(app, List.of()).roots());
        assertEquals(
                List.of(ClassPathRoot.whole(app), ClassPathRoot.whole(conf), new ClassPathRoot(temp, true)),
                new Build(app, List.of(conf)).roots());
    }

    @Test
    void pathsAreMadeAbsoluteAndPlain() {
        Build build = new Build(Path.of("x/../app.jar"), List.of(Path.of("./lib")));
        assertEquals(Path.of("app.jar").toAbsolutePath(), build.app());
        assertTrue(build.libraries().get(0).isAbsolute());
        assertEquals(Path.of("lib").toAbsolutePath(), build.libraries().get(0));
    }
}
