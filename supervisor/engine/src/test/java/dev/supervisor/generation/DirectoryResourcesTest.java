package dev.supervisor.generation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.generation.Applications.Good;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jboss.modules.IterableResourceLoader;
import org.jboss.modules.Resource;
import org.jboss.modules.ResourceLoaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What applications find in the copy of a directory of classes, and what of it is on disk. */
final class DirectoryResourcesTest {

    private static final String CLASS = Good.class.getName().replace('.', '/') + ".class";

    /** Nothing that a test has made was written just now. */
    private static final InstantSource LATER = () -> Instant.now().plus(Duration.ofHours(1));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path temp;

    @SuppressWarnings("NullAway.Init")
    private SnapshotStore store;

    private Path classes = Path.of("");
    private final List<AppModule> modules = new ArrayList<>();

    @BeforeEach
    void create() throws Exception {
        classes = Jars.jar()
                .withClasses(Good.class)
                .with("conf/a.txt", "a")
                .with("conf/b.txt", "b")
                .unpackTo(temp.resolve("classes"));
        Files.createDirectories(classes.resolve("empty/too"));
        store = SnapshotStore.create(
                Optional.of(Files.createDirectory(temp.resolve("copies"))), Duration.ofMillis(1), LATER);
    }

    @AfterEach
    void close() {
        modules.forEach(AppModule::close);
        store.close();
    }

    private Snapshot take() throws Exception {
        return store.take(new Build(classes, List.of()), false);
    }

    private ClassLoader link(Snapshot snapshot) throws Exception {
        Program program = Program.ofSpi();
        AppModule module = AppModule.link("generation-7", AppModule.open(snapshot, program), program);
        modules.add(module);
        return module.classLoader();
    }

    private static Set<String> filesOf(Snapshot snapshot) throws IOException {
        Path root = snapshot.copies().get(0).path();
        try (var found = Files.walk(root)) {
            return found.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .collect(Collectors.toSet());
        }
    }

    private static Path file(URL url) throws Exception {
        return Path.of(url.toURI());
    }

    @Test
    void classesAndStreamsNeedNoFile() throws Exception {
        Snapshot snapshot = take();
        ClassLoader loader = link(snapshot);
        assertSame(loader, loader.loadClass(Good.class.getName()).getClassLoader());
        try (var in = loader.getResourceAsStream("conf/a.txt")) {
            assertNotNull(in);
            assertEquals("a", new String(in.readAllBytes(), UTF_8));
        }
        assertNull(loader.getResource("conf/none.txt"));
        assertTrue(filesOf(snapshot).stream().noneMatch(name -> name.endsWith(".class")), "" + filesOf(snapshot));
    }

    @Test
    void theUrlOfAFileIsThatOfOneWhichIsThere() throws Exception {
        Snapshot snapshot = take();
        Path file = file(link(snapshot).getResource("conf/a.txt"));
        assertEquals("a", Files.readString(file));
        assertEquals(Set.of("conf/a.txt"), filesOf(snapshot));
    }

    @Test
    void fromTheUrlOfADirectoryOrAClassAllFilesAreFound() throws Exception {
        for (String name : List.of("", "conf", "conf/", "empty/too", CLASS)) {
            Snapshot snapshot = take();
            Path found = file(link(snapshot).getResource(name));
            assertTrue(Files.exists(found), name);
            assertEquals(Set.of("conf/a.txt", "conf/b.txt", CLASS), filesOf(snapshot), name);
            snapshot.close();
        }
    }

    private static Set<String> names(Iterator<Resource> resources) {
        Set<String> names = new TreeSet<>();
        resources.forEachRemaining(resource -> names.add(resource.getName()));
        return names;
    }

    @Test
    void theRestIsAsInADirectoryOnDisk() throws Exception {
        IterableResourceLoader expected = ResourceLoaders.createPathResourceLoader(classes);
        DirectoryResources resources = take().copies().get(0).resources().orElseThrow();
        assertEquals(new TreeSet<>(expected.getPaths()), new TreeSet<>(resources.getPaths()));
        for (String start : List.of("", "conf", "none")) {
            assertEquals(names(expected.iterateResources(start, true)), names(resources.iterateResources(start, true)));
            assertEquals(
                    names(expected.iterateResources(start, false)), names(resources.iterateResources(start, false)));
        }
        assertNull(resources.getLibrary("none"));
    }

    @Test
    void afterItsEndNothingIsWritten() throws Exception {
        Snapshot snapshot = take();
        ClassLoader loader = link(snapshot);
        snapshot.close();
        loader.getResource("conf/a.txt");
        loader.getResource("");
        assertFalse(Files.exists(snapshot.copies().get(0).path()));
    }

    /** As systemd-tmpfiles does with empty directories. */
    @Test
    void whatIsWrittenLaterNeedsNoMoreThanTheWorkDirectory() throws Exception {
        Snapshot snapshot = take();
        Path copy = snapshot.copies().get(0).path();
        Deletion.deleteAll(copy.resolveSibling(""));
        assertEquals("a", Files.readString(file(link(snapshot).getResource("conf/a.txt"))));

        Path work = copy.resolve("../..").normalize();
        Deletion.deleteAll(work);
        assertThrows(UncheckedIOException.class, () -> link(snapshot).getResource("conf/b.txt"));
        assertFalse(Files.exists(work), "anybody may make it, and give it the mode that he likes");
    }

    @Test
    void aBuildIsTakenAsItWasAtOneMoment() throws Exception {
        Path lib = Jars.jar().with("lib.txt", "one").unpackTo(temp.resolve("lib"));
        AtomicInteger copies = new AtomicInteger();
        InstantSource clock = () -> {
            if (copies.incrementAndGet() == 2) { // the application has been read, and the library has not
                write(lib.resolve("lib.txt"), "two");
                write(classes.resolve("conf/a.txt"), "two");
            }
            return LATER.instant();
        };
        try (SnapshotStore busy = SnapshotStore.create(Optional.of(temp.resolve("busy")), Duration.ofMillis(1), clock);
                Snapshot snapshot = busy.take(new Build(classes, List.of(lib)), false)) {
            assertEquals("two", Files.readString(snapshot.roots().get(1).resolve("lib.txt")));
            assertEquals("two", Files.readString(snapshot.roots().get(0).resolve("conf/a.txt")));
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CopiedFile copied(Snapshot snapshot, String name) {
        return snapshot.copies().get(0).files().orElseThrow().file(name).orElseThrow();
    }

    @Test
    void onlyWhatHasChangedIsReadAgain() throws Exception {
        Snapshot first = take();
        Files.writeString(classes.resolve("conf/a.txt"), "another");
        Snapshot second = take();
        assertSame(copied(first, "conf/b.txt"), copied(second, "conf/b.txt"));
        assertEquals("another", new String(copied(second, "conf/a.txt").bytes(), UTF_8));
        assertEquals("a", new String(copied(first, "conf/a.txt").bytes(), UTF_8));
    }

    @Test
    void whatWasChangedJustNowIsReadAgainSinceItMayHaveChangedWithoutATrace() throws Exception {
        try (SnapshotStore now = SnapshotStore.create(Optional.of(temp.resolve("now")), Duration.ofMillis(1))) {
            Build build = new Build(classes, List.of());
            Snapshot first = now.take(build, false);
            Files.writeString(classes.resolve("conf/a.txt"), "another");
            Snapshot second = now.take(build, false);
            assertNotEquals(copied(first, "conf/b.txt"), copied(second, "conf/b.txt"));
            assertTrue(copied(first, "conf/b.txt").sharesBytesWith(copied(second, "conf/b.txt")), "no memory is lost");
        }
    }

    @Test
    void classesThatStayAreLinkedFromTheFormerFilesAndOthersAreNot() throws Exception {
        Snapshot first = take();
        Path former = first.roots().get(0);
        Files.writeString(classes.resolve("conf/a.txt"), "another");
        Path next = take().roots().get(0);
        assertTrue(Files.isSameFile(former.resolve(CLASS), next.resolve(CLASS)));
        assertFalse(Files.isSameFile(former.resolve("conf/b.txt"), next.resolve("conf/b.txt")));
        first.close();
        assertTrue(Files.exists(next.resolve(CLASS)));
    }

    @Test
    void largeFilesAreOnDiskOnly() throws Exception {
        Files.writeString(classes.resolve("large.bin"), "x".repeat(2 << 20));
        Snapshot first = take();
        assertEquals(Set.of("large.bin"), filesOf(first));
        assertFalse(copied(first, "large.bin").isInMemory());
        Files.writeString(classes.resolve("conf/a.txt"), "another");
        Snapshot second = take();
        Path copy = second.copies().get(0).path().resolve("large.bin");
        assertTrue(Files.isSameFile(first.copies().get(0).path().resolve("large.bin"), copy));

        Files.writeString(copy, "y".repeat(2 << 20)); // by the application
        Files.writeString(classes.resolve("conf/a.txt"), "a third");
        assertTrue(take().sameContent(take()));
        assertEquals((byte) 'x', copied(take(), "large.bin").bytes()[0]);
    }
}
