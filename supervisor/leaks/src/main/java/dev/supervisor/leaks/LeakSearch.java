package dev.supervisor.leaks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * The program that searches a heap dump. It runs in a JVM of its own, since it needs much memory. Prints the verdict,
 * the summary, and the lines of the path.
 */
public final class LeakSearch {

    /** The engine's reference to the class loader of an ended generation. */
    private static final String WATCHED = "dev.supervisor.unload.LoaderReference";

    /** The first line of the output; the engine knows these names. */
    private enum Verdict {
        HELD,
        COLLECTED,
        UNKNOWN
    }

    private static final int MAX_OTHERS = 5;

    private final DumpedHeap heap;
    private final Path file;
    private final String generation;
    private final PrintStream out;

    private LeakSearch(DumpedHeap heap, Path file, String generation, PrintStream out) {
        this.heap = heap;
        this.file = file;
        this.generation = generation;
        this.out = out;
    }

    /**
     * Runs the search. The arguments are the file of the dump, the name of the generation, and the id of its {@code
     * LoaderReference}.
     */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        search(Path.of(arguments[0]), arguments[1], Long.parseLong(arguments[2]), out);
    }

    public static void search(Path file, String generation, long watchedId, PrintStream out) throws IOException {
        try (DumpedHeap heap = DumpedHeap.open(file)) {
            new LeakSearch(heap, file, generation, out).search(watchedId);
        }
    }

    private void search(long watchedId) throws IOException {
        OptionalInt loader = heap.watched(WATCHED, watchedId);
        if (loader.isEmpty()) {
            say(Verdict.COLLECTED, "nobody watches the class loader of " + generation + " any more");
        } else if (loader.getAsInt() == DumpedHeap.NONE) {
            say(Verdict.COLLECTED, "the class loader of " + generation + " was collected before its heap was dumped");
        } else {
            search(new GenerationObjects(heap, loader.getAsInt()));
        }
    }

    private void search(GenerationObjects owned) throws IOException {
        List<HeapPath> paths = new ShortestPaths(heap, owned).find();
        if (paths.isEmpty()) {
            say(Verdict.UNKNOWN, "something that a heap dump does not show");
            return;
        }
        DumpedStacks stacks = DumpedStacks.read(file);
        List<PathDescription> found = paths.stream()
                .map(path -> new PathDescription(heap, stacks, owned, generation, path))
                .toList();
        boolean isSure = paths.get(0).strength() != HeapPath.Strength.HIDDEN;
        say(isSure ? Verdict.HELD : Verdict.UNKNOWN, found.get(0).summary());
        found.get(0).lines().forEach(out::println);
        found.stream().skip(1).limit(MAX_OTHERS).forEach(other -> out.println("also: " + other.summary()));
        if (found.size() > 1 + MAX_OTHERS) {
            out.println("and " + (found.size() - 1 - MAX_OTHERS) + " more");
        }
    }

    private void say(Verdict verdict, String summary) {
        out.println(verdict);
        out.println(summary);
    }
}
