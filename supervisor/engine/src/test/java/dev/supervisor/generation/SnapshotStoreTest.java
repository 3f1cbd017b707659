package dev.supervisor.generation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.supervisor.SupervisorException;
import dev.supervisor.generation.SnapshotStore.NotReadyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SnapshotStoreTest {

    /** Nothing that a test has made was written just now. */
    private static final InstantSource LATER = () -> Instant.now().plus(Duration.ofHours(1));

    @TempDir
    Path temp;

    private Path copies = Path.of("");
    private Path app = Path.of("");
    private Path lib = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private SnapshotStore store;

    @BeforeEach
    void create() throws IOException {
        copies = Files.createDirectory(temp.resolve("copies"));
        app = temp.resolve("app.jar");
        lib = temp.resolve("lib.jar");
        store = SnapshotStore.create(Optional.of(copies), Duration.ofMillis(1), LATER);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Build build() {
        return new Build(app, List.of());
    }

    private Build buildWithLib() {
        return new Build(app, List.of(lib));
    }

    private static Path jar(Path path, String content) throws IOException {
        return Jars.jar().with("a.txt", content).writeTo(path);
    }

    private static Path movedOver(Path path, String content) throws IOException {
        Path next = jar(path.resolveSibling("next.jar"), content);
        return Files.move(next, path, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path half(Path path, Path whole) throws IOException {
        byte[] bytes = Files.readAllBytes(whole);
        return Files.write(path, Arrays.copyOf(bytes, bytes.length / 2));
    }

    private Set<String> privateFiles() throws IOException {
        try (var found = Files.walk(copies)) {
            return found.filter(Files::isRegularFile)
                    .map(file -> String.valueOf(file.getFileName()))
                    .collect(Collectors.toSet());
        }
    }

    private NotReadyException assertNotReady(Build build) throws IOException {
        NotReadyException e = assertThrows(NotReadyException.class, () -> store.take(build, false));
        assertEquals(Set.of("lock"), privateFiles(), "nothing is kept");
        return e;
    }

    /** Whether the build is waited for until it stands still: an interrupted thread can't. */
    private boolean waitsFor(Build build) throws NotReadyException {
        Thread.currentThread().interrupt();
        try {
            store.take(build, false).close();
            return false;
        } catch (InterruptedException e) {
            return true;
        } finally {
            Thread.interrupted();
        }
    }

    /** Looked at before a root is copied, and after that: does something at the second time. */
    private static InstantSource clockThat(Callable<?> atTheSecondLook) {
        AtomicInteger looks = new AtomicInteger();
        return () -> {
            try {
                if (looks.incrementAndGet() == 2) {
                    atTheSecondLook.call();
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            return LATER.instant();
        };
    }

    private List<String> textsOfASnapshotWhile(Callable<?> itIsTaken) throws Exception {
        try (SnapshotStore busy =
                        SnapshotStore.create(Optional.of(copies), Duration.ofMillis(1), clockThat(itIsTaken));
                Snapshot snapshot = busy.take(buildWithLib(), false)) {
            List<String> texts = new ArrayList<>();
            for (Path root : snapshot.roots()) {
                try (JarFile jar = new JarFile(root.toFile())) {
                    texts.add(
                            new String(jar.getInputStream(jar.getEntry("a.txt")).readAllBytes(), UTF_8));
                }
            }
            return texts;
        }
    }

    @Test
    void aFileThatChangesWhileTheBuildIsCopiedIsCopiedAgain() throws Exception {
        jar(app, "one");
        jar(lib, "lib");
        assertEquals(List.of("another one", "lib"), textsOfASnapshotWhile(() -> jar(app, "another one")));
        assertEquals(List.of("a third", "lib"), textsOfASnapshotWhile(() -> movedOver(app, "a third")));
    }

    @Test
    void whatIsWrittenLaterDoesNotReachASnapshot() throws Exception {
        jar(app, "one");
        byte[] before = Files.readAllBytes(app);
        Snapshot snapshot = store.take(build(), false);
        jar(app, "second");
        assertEquals(
                List.of(app),
                snapshot.copies().stream().map(PrivateCopy::source).toList());
        assertTrue(Arrays.equals(before, Files.readAllBytes(snapshot.roots().get(0))));
        Files.delete(app);
        assertTrue(Arrays.equals(before, Files.readAllBytes(snapshot.roots().get(0))));
    }

    @Test
    void aDirectoryOfClassesIsCopiedAsAWhole() throws Exception {
        app = Jars.jar().with("a/b/C.class", "x").with("d.txt", "y").unpackTo(temp.resolve("classes"));
        Path copy = store.take(build(), false).roots().get(0);
        Files.delete(app.resolve("d.txt"));
        assertEquals("x", Files.readString(copy.resolve("a/b/C.class")));
        assertEquals("y", Files.readString(copy.resolve("d.txt")));
    }

    @Test
    void whatLiesBehindALinkIsCopied() throws Exception {
        Path real = Jars.jar().with("a/C.class", "x").unpackTo(temp.resolve("v1"));
        Path more = Jars.jar().with("D.class", "y").unpackTo(temp.resolve("more"));
        Files.createSymbolicLink(real.resolve("linked"), more);
        app = Files.createSymbolicLink(temp.resolve("current"), real);
        Snapshot snapshot = store.take(build(), false);
        Path copy = snapshot.roots().get(0);
        assertEquals("x", Files.readString(copy.resolve("a/C.class")));
        assertEquals("y", Files.readString(copy.resolve("linked/D.class")));
        snapshot.close();
        assertEquals(Set.of("lock"), privateFiles());
        assertEquals("y", Files.readString(more.resolve("D.class")), "the user's own file is left alone");
    }

    @Test
    void aBuildThatIsNotThereIsMissing() throws Exception {
        NotReadyException e = assertNotReady(build());
        assertTrue(e.missing());
        assertEquals(app + " does not exist", e.getMessage());
    }

    @Test
    void soIsALibrary() throws Exception {
        jar(app, "one");
        NotReadyException e = assertNotReady(buildWithLib());
        assertTrue(e.missing());
        assertEquals(lib + " does not exist", e.getMessage());
    }

    @Test
    void halfAJarIsNotReady() throws Exception {
        half(app, jar(temp.resolve("whole.jar"), "one"));
        NotReadyException e = assertNotReady(build());
        assertFalse(e.missing());
        assertEquals("the application " + app + " is no jar: it is no zip file, or only a part of one", e.getMessage());
    }

    @Test
    void neitherIsWhatIsNoJarAtAll() throws Exception {
        jar(app, "one");
        Files.writeString(lib, "something else");
        NotReadyException e = assertNotReady(buildWithLib());
        assertEquals("the library " + lib + " is no jar: it is no zip file, or only a part of one", e.getMessage());
        Files.writeString(lib, "");
        assertFalse(assertNotReady(buildWithLib()).missing());
    }

    @Test
    void aBuildThatWasNotReadyIsTakenOnceItIs() throws Exception {
        half(app, jar(temp.resolve("whole.jar"), "one"));
        assertNotReady(build());
        jar(app, "one");
        assertEquals(1, store.take(build(), false).roots().size());
    }

    @Test
    void aFileThatIsMovedIntoPlaceIsTakenAtOnceAndOneWrittenInPlaceMustStandStill() throws Exception {
        jar(app, "one");
        assertTrue(waitsFor(build()), "never seen before");
        store.take(build(), false);
        assertFalse(waitsFor(build()), "the same as before");
        movedOver(app, "two");
        assertFalse(waitsFor(build()), "moved into place");
        jar(app, "written in place");
        assertTrue(waitsFor(build()), "written in place");
    }

    @Test
    void aDirectoryMustStandStill() throws Exception {
        app = Jars.jar().with("A.class", "x").unpackTo(temp.resolve("classes"));
        store.take(build(), false);
        Files.move(
                Files.writeString(temp.resolve("next"), "half"),
                app.resolve("A.class"),
                StandardCopyOption.REPLACE_EXISTING);
        assertTrue(waitsFor(build()));
    }

    @Test
    void anInterruptedSnapshotLeavesNothing() throws Exception {
        jar(app, "one");
        assertTrue(waitsFor(build()));
        assertEquals(Set.of("lock"), privateFiles());
    }

    @Test
    void anUnchangedLibraryIsSharedUntilNobodyUsesIt() throws Exception {
        jar(app, "one");
        jar(lib, "lib");
        Snapshot first = store.take(buildWithLib(), false);
        movedOver(app, "two");
        Snapshot second = store.take(buildWithLib(), false);
        assertNotEquals(first.roots().get(0), second.roots().get(0));
        assertEquals(first.roots().get(1), second.roots().get(1));

        first.close();
        assertFalse(Files.exists(first.roots().get(0)));
        assertTrue(Files.exists(second.roots().get(1)), "still used");
        second.close();
        assertEquals(Set.of("lock"), privateFiles());
    }

    @Test
    void whatNobodyUsesAnyMoreIsCopiedAnew() throws Exception {
        jar(app, "one");
        store.take(build(), false).close();
        Snapshot again = store.take(build(), false);
        assertTrue(Files.exists(again.roots().get(0)));
    }

    @Test
    void theSameBytesAreTheSameContentHoweverTheyCame() throws Exception {
        jar(app, "one");
        Snapshot first = store.take(build(), false);
        movedOver(app, "one");
        Snapshot second = store.take(build(), false);
        assertNotEquals(first.roots(), second.roots());
        assertTrue(second.sameContent(first));
        movedOver(app, "two");
        assertFalse(store.take(build(), false).sameContent(first));
    }

    private long copiesOfTheApplication() throws IOException {
        try (var found = Files.walk(copies)) {
            return found.filter(file -> file.endsWith("app.jar")).count();
        }
    }

    @Test
    void aBuildThatIsTheSameAsTheLiveOneLeavesNoCopy() throws Exception {
        jar(app, "one");
        Snapshot live = store.take(build(), false);
        movedOver(app, "one");
        assertEquals(Optional.empty(), store.takeUnlessSame(build(), live));
        assertEquals(1, copiesOfTheApplication());
    }

    @Test
    void anotherSetOfLibrariesIsAnotherContent() throws Exception {
        jar(app, "one");
        jar(lib, "lib");
        Snapshot without = store.take(build(), false);
        Snapshot with = store.take(buildWithLib(), false);
        assertFalse(with.sameContent(without));
        Path moved = jar(temp.resolve("other.jar"), "lib");
        assertFalse(store.take(new Build(app, List.of(moved)), false).sameContent(with));
    }

    @Test
    void theContentOfADirectoryIsThatOfItsFiles() throws Exception {
        app = Jars.jar().with("a/B.class", "x").with("c/D.class", "y").unpackTo(temp.resolve("classes"));
        Snapshot first = store.take(build(), false);
        Path file = app.resolve("a/B.class");

        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        assertTrue(store.take(build(), false).sameContent(first), "touched");
        Files.writeString(file, "z");
        assertFalse(store.take(build(), false).sameContent(first), "other bytes");
        Files.writeString(file, "x");
        assertTrue(store.take(build(), false).sameContent(first), "as before");
        Files.move(file, app.resolve("a/E.class"));
        assertFalse(store.take(build(), false).sameContent(first), "another name");
    }

    @Test
    void aJarThatBecomesADirectoryIsAnotherContent() throws Exception {
        jar(app, "one");
        Snapshot first = store.take(build(), false);
        Files.delete(app);
        Jars.jar().with("a.txt", "one").unpackTo(app);
        Snapshot second = store.take(build(), false);
        assertFalse(second.sameContent(first));
        assertFalse(first.sameContent(second));
    }

    @Test
    void closingDeletesTheDirectoryWithAllThatIsLeft() throws Exception {
        jar(app, "one");
        store.take(build(), false);
        store.close();
        try (var left = Files.list(copies)) {
            assertEquals(List.of(), left.toList());
        }
        store.close();
    }

    @Test
    void whatAKilledSupervisorLeftIsDeletedByTheNext() throws Exception {
        String prefix = "supervisor-" + System.getProperty("user.name") + "-";
        Path abandoned = Files.createDirectories(copies.resolve(prefix + "1/7"));
        Path lock = Files.createFile(copies.resolve(prefix + "1/lock"));
        Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        Path young = Files.createDirectory(copies.resolve(prefix + "2"));
        Files.createFile(young.resolve("lock"));
        Path foreign = Files.createDirectory(copies.resolve(prefix + "3"));
        try (SnapshotStore next = SnapshotStore.create(Optional.of(copies), Duration.ZERO)) {
            assertFalse(Files.exists(abandoned));
            assertFalse(Files.exists(lock));
            assertTrue(Files.exists(young), "may be about to be locked");
            assertTrue(Files.exists(foreign), "not known to be ours");
            jar(app, "one");
            next.take(build(), false).close();
        }
    }

    @Test
    void theDirectoriesOfTheLivingAreLeftAlone() throws Exception {
        jar(app, "one");
        Snapshot snapshot = store.take(build(), false);
        Files.setLastModifiedTime(
                snapshot.roots().get(0).resolve("../../lock").normalize(),
                FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        SnapshotStore.create(Optional.of(copies), Duration.ZERO).close();
        assertTrue(Files.exists(snapshot.roots().get(0)));
    }

    @Test
    void withoutRoomForCopiesTheUserIsToldHowToMakeSome() throws Exception {
        Path none = Files.createFile(temp.resolve("none"));
        SupervisorException e =
                assertThrows(SupervisorException.class, () -> SnapshotStore.create(Optional.of(none), Duration.ZERO));
        assertTrue(
                String.valueOf(e.getMessage())
                        .startsWith("can't make a directory for private copies in '" + none + "': "),
                e::getMessage);
    }

    @Test
    void copiesThatVanishAreMadeAnew() throws Exception {
        jar(app, "one");
        jar(lib, "lib");
        Snapshot first = store.take(buildWithLib(), false);
        Files.delete(first.roots().get(1));
        movedOver(app, "two");
        Snapshot second = store.take(buildWithLib(), false);
        assertTrue(Files.exists(second.roots().get(1)), "a copy");

        Path directory = second.roots().get(0).resolve("../..").normalize();
        Deletion.deleteAll(directory);
        movedOver(app, "three");
        Snapshot third = store.take(buildWithLib(), false);
        assertTrue(Files.exists(third.roots().get(0)), "the directory");
        assertTrue(Files.exists(third.roots().get(1)));
        first.close();
        second.close();
    }

    @Test
    void allIsCopiedAnewOnDemand() throws Exception {
        jar(app, "one");
        jar(lib, "lib");
        Snapshot first = store.take(buildWithLib(), false);
        Snapshot second = store.take(buildWithLib(), true);
        assertNotEquals(first.roots().get(1), second.roots().get(1));
    }

    @Test
    void whatWasChangedJustNowIsNotSharedSinceItMayChangeAgainWithoutATrace() throws Exception {
        jar(app, "one");
        try (SnapshotStore now = SnapshotStore.create(Optional.of(copies), Duration.ofMillis(1))) {
            Snapshot first = now.take(build(), false);
            Snapshot second = now.take(build(), false);
            assertNotEquals(first.roots(), second.roots());
            assertTrue(second.sameContent(first));
        }
    }

    @Test
    void aJarThatIsWrittenOverAnotherIsNotTakenHalfWay() throws Exception {
        byte[] next = Files.readAllBytes(jar(temp.resolve("next.jar"), "another text"));
        jar(app, "some first text");
        byte[] mixed = Files.readAllBytes(app);
        System.arraycopy(next, 0, mixed, 0, 70);
        Files.write(app, mixed);
        NotReadyException e = assertNotReady(build());
        assertEquals(
                "the application " + app + " is no jar: its entry a.txt does not fit its central directory (is it being"
                        + " written?)",
                e.getMessage());
        Files.write(app, next);
        assertTrue(Files.exists(store.take(build(), false).roots().get(0)));
    }

    @Test
    void whatCantBeReadInADirectoryIsLeftOut() throws Exception {
        app = Jars.jar().with("a/B.class", "x").unpackTo(temp.resolve("classes"));
        Files.createSymbolicLink(app.resolve(".#B.java"), Path.of("me@host.1234:1700000000"));
        Files.createSymbolicLink(app.resolve("a/self"), app);
        Path copy = store.take(build(), false).roots().get(0);
        assertTrue(Files.exists(copy.resolve("a/B.class")));
        assertFalse(Files.exists(copy.resolve("a/self")));
    }

    @Test
    void aCopyHasANameThatMeansNothingInAUrl() throws Exception {
        assumeTrue(System.getProperty("sun.jnu.encoding").startsWith("UTF"), "the locale has no name for it");
        app = temp.resolve("a%20b !#ä.jar");
        jar(app, "one");
        assertEquals(
                "a_20b____.jar",
                String.valueOf(store.take(build(), false).roots().get(0).getFileName()));
    }

    private Snapshot withClassPathOfItsDirectory(String text) throws Exception {
        Jars.jar().withClassPath(".").with("b.txt", text).writeTo(app);
        return store.take(build(), false);
    }

    private static RequestedResources asked(Snapshot snapshot) {
        return snapshot.copies().get(1).asked().orElseThrow();
    }

    @Test
    void whatLiesBesideAJarIsNotCopiedAndDoesNotCount() throws Exception {
        Files.writeString(temp.resolve("app.log"), "a line");
        Snapshot first = withClassPathOfItsDirectory("one");
        assertEquals(Set.of("lock", "app.jar"), privateFiles());
        Files.writeString(temp.resolve("app.log"), "another line");
        assertFalse(store.counts(temp.resolve("app.log")));
        assertTrue(store.counts(app));
        assertTrue(store.counts(temp.resolve("B.class")));
        assertEquals(Optional.empty(), store.changedSince());
        assertTrue(store.take(build(), false).sameContent(first));
    }

    @Test
    void whatTheApplicationAskedForBesideItsJarCounts() throws Exception {
        Path config = Files.writeString(temp.resolve("config.properties"), "a=1");
        Snapshot first = withClassPathOfItsDirectory("one");
        assertFalse(store.counts(config));
        asked(first).add("config.properties");
        asked(first).add("logback.xml");
        assertTrue(store.counts(config));
        assertTrue(store.counts(temp.resolve("logback.xml")), "it may come into being");
        assertEquals(Optional.empty(), store.changedSince());

        Files.writeString(config, "a=1");
        assertTrue(store.take(build(), false).sameContent(first), "the same content");
        Files.writeString(config, "a=2");
        assertEquals(Optional.of(config), store.changedSince());
        assertFalse(store.take(build(), false).sameContent(first));
    }

    @Test
    void whatEachGenerationWritesWhenItStartsCountsNoMoreAfterTheSecond() throws Exception {
        Path config = Files.writeString(temp.resolve("config.properties"), "0");
        for (int generation = 1; generation <= 2; generation++) {
            Snapshot snapshot = withClassPathOfItsDirectory("one");
            asked(snapshot).add("config.properties");
            Files.writeString(config, Integer.toString(generation));
            assertEquals(Optional.of(config), store.changedSince());
            snapshot.started();
        }
        assertEquals(Optional.empty(), store.changedSince());
        assertFalse(store.counts(config));
    }

    @Test
    void whatTheLiveApplicationAskedForCountsOnAfterABuildWithTheSameContent() throws Exception {
        Path config = Files.writeString(temp.resolve("config.properties"), "a=1");
        Files.writeString(temp.resolve("B.class"), "not shared, since it was written just now");
        Jars.jar().withClassPath(".").with("b.txt", "one").writeTo(app);
        try (SnapshotStore now = SnapshotStore.create(Optional.of(copies), Duration.ofMillis(1))) {
            Snapshot live = now.take(build(), false);
            asked(live).add("config.properties");
            assertEquals(Optional.empty(), now.takeUnlessSame(build(), live));
            assertTrue(now.counts(config));

            Files.writeString(config, "a=2");
            assertEquals(Optional.of(config), now.changedSince());
            assertTrue(now.takeUnlessSame(build(), live).isPresent());
        }
    }

    @Test
    void aJarThatIsWrittenOverOneOfTheSameContentMustStandStill() throws Exception {
        jar(app, "one");
        Snapshot live = store.take(build(), false);
        movedOver(app, "one");
        assertEquals(Optional.empty(), store.takeUnlessSame(build(), live));
        jar(app, "written in place");
        assertTrue(waitsFor(build()));
    }

    @Test
    void aBuildWhoseCopyIsDeletedMeanwhileIsAnother() throws Exception {
        app = Jars.jar().with("a/B.class", "x").unpackTo(temp.resolve("classes"));
        Snapshot live = store.take(build(), false);
        live.close();
        Optional<Snapshot> next = store.takeUnlessSame(build(), live);
        assertEquals("x", Files.readString(next.orElseThrow().roots().get(0).resolve("a/B.class")));
    }
}
