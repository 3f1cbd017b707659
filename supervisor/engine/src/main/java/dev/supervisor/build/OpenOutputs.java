package dev.supervisor.build;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Counts the readers of outputs that are still open although their builds have ended: a process that a build has left
 * running holds the output. To close the output could end that process, and not to read it could block it. So each
 * reader keeps its thread and its descriptor, and a warning is given when there are many. Thread-safe.
 */
final class OpenOutputs {

    private static final int MANY = 8;

    private final List<Thread> readers = new ArrayList<>();
    private final Consumer<String> warning;
    private int many = MANY;

    OpenOutputs(Consumer<String> warning) {
        this.warning = warning;
    }

    /** Adds the reader of a build that has ended. The reader may be about to end, too. */
    synchronized void left(Thread reader) {
        readers.removeIf(one -> !one.isAlive());
        readers.add(reader);
        if (readers.size() >= many) {
            warning.accept(readers.size() + " builds have left something running that holds their output open, each of"
                    + " which costs a thread and a descriptor (let it write elsewhere: COMMAND > /dev/null 2>&1 &)");
            many *= 2;
        }
    }
}
