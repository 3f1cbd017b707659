package dev.supervisor.generation;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the files that an application asks for as resources and writes itself whenever it starts, so that each
 * generation would cause the next one. After two starts in a row, such a file is reported and no longer counts.
 * Thread-safe.
 */
final class SelfWrittenFiles {

    private static final Logger LOG = LoggerFactory.getLogger(SelfWrittenFiles.class);

    private static final int TIMES = 2;

    private final Map<Path, Integer> times = new ConcurrentHashMap<>();

    boolean includes(Path file) {
        return times.getOrDefault(file, 0) >= TIMES;
    }

    /**
     * Notes the files that have changed while a generation started.
     *
     * @param asked the resources that it had asked for by then
     * @param written the resources among them that have changed since they were asked for
     */
    void started(Set<Path> asked, Set<Path> written) {
        for (Path file : asked) {
            if (!written.contains(file)) {
                times.remove(file);
            } else if (times.merge(file, 1, Integer::sum) == TIMES) {
                LOG.warn(
                        "the application writes {} whenever it starts, and reads it as a resource: changes of that"
                                + " file make no new generation any more",
                        file);
            }
        }
    }
}
