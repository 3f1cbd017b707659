package dev.supervisor.unload;

import java.nio.file.Path;
import java.util.List;

/**
 * The path that keeps the class loader of an ended generation alive, read from a heap dump.
 *
 * @param summary in one line, as {@code static field com.acme.Bar.LISTENERS (java.util.ArrayList) -> com.acme.Listener}
 * @param lines the path from a root of the garbage collector to the class loader, one line for each step; then other
 *     roots, in one line each; if the path is unknown, a guess or nothing
 * @param heapDump the file, kept for other tools; readable by its owner only
 */
public record LeakPath(Verdict verdict, String summary, List<String> lines, Path heapDump) {

    public enum Verdict {
        /** The summary names the holder. */
        HELD,
        /** The class loader is no longer there. */
        COLLECTED,
        /** The heap dump does not show a holder. */
        UNKNOWN
    }

    public LeakPath {
        lines = List.copyOf(lines);
    }

    /**
     * Dumps the heap, which stops all threads of the JVM meanwhile, and searches the dump in a process of its own.
     * Blocks for seconds, for a large heap for minutes.
     *
     * @param directory created if it does not exist
     * @param watchedId the id of the generation's {@link LoaderReference}
     * @throws dev.supervisor.SupervisorException if the heap can't be dumped or searched; the message says why
     * @throws InterruptedException if interrupted during the search; the process is ended
     */
    public static LeakPath find(Path directory, int generation, long watchedId) throws InterruptedException {
        Path heapDump = HeapDump.write(directory, generation);
        return SearchProcess.ofThisJvm().search(heapDump, "generation " + generation, watchedId);
    }
}
