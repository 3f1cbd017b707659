package dev.supervisor.unload;

import static dev.supervisor.unload.Pinned.APP;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.leaks.LeakSearch;
import dev.supervisor.unload.LeakPath.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One heap dump of {@link Pinned}, in which a generation is held in each way. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
final class LeakPathTest {

    private static final String PINNED = Pinned.class.getName();
    private static final String HERE = "   <-- look here";

    /** What the program has printed. */
    private static final Map<String, String> printed = new HashMap<>();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path temp;

    @BeforeAll
    static void dump() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder(
                java, PINNED, temp.toString(), temp.resolve("a/b").toString());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try {
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split("=", 2))
                    .forEach(line -> printed.put(line[0], line[1]));
        } finally {
            process.destroyForcibly();
        }
    }

    private static String printed(String name) {
        return requireNonNull(printed.get(name), () -> name + " in " + printed);
    }

    private static LeakPath find(String pinned) throws IOException {
        return find(Long.parseLong(printed(pinned)));
    }

    /** In this JVM, which is faster. */
    private static LeakPath find(long watchedId) throws IOException {
        Path heapDump = Path.of(printed("dump"));
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(result, true, StandardCharsets.UTF_8)) {
            LeakSearch.search(heapDump, "generation 7", watchedId, out);
        }
        return SearchProcess.result(
                result.toString(StandardCharsets.UTF_8).lines().toList(), heapDump);
    }

    private static List<String> withoutLineNumbers(List<String> lines) {
        return lines.stream().map(line -> line.replaceAll("java:\\d+", "java")).toList();
    }

    @Test
    void anObjectInAStaticFieldOfAnotherClassLoaderIsNamedWithTheField() throws Exception {
        LeakPath path = find("byStaticField");
        assertEquals(Verdict.HELD, path.verdict());
        assertEquals("static field " + PINNED + ".LISTENERS (java.util.ArrayList) -> " + APP, path.summary());
        assertEquals(
                List.of(
                        "static field " + PINNED + ".LISTENERS (java.util.ArrayList)",
                        "  its elementData[0]: " + APP + HERE,
                        "  its class",
                        "  class loader of generation 7"),
                path.lines());
    }

    @Test
    void aLocalVariableOfARunningThreadIsNamedWithItsMethodAndTheThread() throws Exception {
        LeakPath path = find("byLocalVariable");
        assertEquals(
                List.of(
                        "local variable in " + PINNED + ".poll(Pinned.java) of thread \"report-timer\"",
                        "  " + APP + HERE,
                        "  its class",
                        "  class loader of generation 7"),
                withoutLineNumbers(path.lines()));
    }

    @Test
    void theContextClassLoaderOfAThreadIsNamedWithTheThread() throws Exception {
        LeakPath path = find("byContextClassLoader");
        assertEquals("thread \"poller\" (java.lang.Thread) -> its context class loader", path.summary());
        assertEquals(
                List.of(
                        "thread \"poller\" (java.lang.Thread)" + HERE,
                        "  its context class loader: class loader of generation 7"),
                path.lines());
    }

    @Test
    void aThreadLocalIsNamedWithItsStaticFieldAndTheThread() throws Exception {
        LeakPath path = find("byThreadLocal");
        String thread = "thread \"worker-ü1→\" (java.lang.Thread)";
        assertEquals(thread + " -> its thread local " + PINNED + ".CONTEXT: " + APP, path.summary());
        assertEquals(
                List.of(
                        thread,
                        "  its thread local " + PINNED + ".CONTEXT: " + APP + HERE,
                        "  its class",
                        "  class loader of generation 7"),
                path.lines());
    }

    @Test
    void anExceptionInAStaticFieldIsNamedWithTheClassInItsStackTrace() throws Exception {
        LeakPath path = find("byException");
        String field = "static field " + PINNED + ".cause (java.lang.IllegalStateException)";
        assertEquals(field + " -> its stack trace has a frame of: class " + APP, path.summary());
        assertEquals(
                List.of(
                        field,
                        "  its stack trace has a frame of: class " + APP + HERE,
                        "  class loader of generation 7"),
                path.lines());
    }

    @Test
    void aSoftReferenceIsNamedAsWhatGoesWhenMemoryRunsLow() throws Exception {
        LeakPath path = find("bySoftReference");
        assertEquals(Verdict.HELD, path.verdict());
        assertEquals(
                "static field " + PINNED + ".cache (java.lang.ref.SoftReference) -> softly: " + APP
                        + " (by a soft reference only: until memory runs low)",
                path.summary());
    }

    @Test
    void aStrongReferenceIsNamedRatherThanANearerSoftOne() throws Exception {
        LeakPath path = find("byFarFieldAndSoftReference");
        assertTrue(path.summary().startsWith("static field " + PINNED + ".TREE "), path.summary());
    }

    @Test
    void eachRootThatHoldsItIsNamed() throws Exception {
        LeakPath path = find("byStaticFieldAndThreadLocal");
        assertEquals("static field " + PINNED + ".both (" + APP + ")", path.summary());
        assertEquals(
                List.of(
                        "static field " + PINNED + ".both (" + APP + ")" + HERE,
                        "  its class",
                        "  class loader of generation 7",
                        "also: thread \"also\" (java.lang.Thread) -> its thread local " + PINNED + ".CONTEXT: " + APP),
                path.lines());
    }

    @Test
    void whatAHeapDumpDoesNotShowIsGuessed() throws Exception {
        LeakPath path = find("byClassValue");
        assertEquals(Verdict.UNKNOWN, path.verdict());
        assertEquals("something that a heap dump does not show -> " + APP + " (perhaps)", path.summary());
        assertEquals("  java.lang.ClassValue$ClassValueMap", path.lines().get(1));
    }

    @Test
    void whatOnlyTheWatchRefersToHasBeenCollected() throws Exception {
        LeakPath path = find("byNothing");
        assertEquals(Verdict.COLLECTED, path.verdict());
        assertEquals("the class loader of generation 7 was collected before its heap was dumped", path.summary());
        assertEquals(List.of(), path.lines());
    }

    @Test
    void aWatchThatIsGoneIsSaid() throws Exception {
        LeakPath path = find(-1);
        assertEquals(Verdict.COLLECTED, path.verdict());
        assertEquals("nobody watches the class loader of generation 7 any more", path.summary());
    }

    @Test
    void itIsFoundByAProcessInADumpThatOnlyItsOwnerCanRead() throws Exception {
        assertEquals(find("byThreadLocal").summary(), printed("found"));
        Path heapDump = Path.of(printed("foundIn"));
        Path directory = temp.resolve("a/b");
        assertEquals(directory, heapDump.getParent());
        assertEquals("rw-------", permissions(heapDump));
        assertEquals("rwx------", permissions(directory));
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
