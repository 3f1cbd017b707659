package dev.supervisor.change;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.supervisor.Watcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What a watcher has told of, and what was in the file that matters at that moment. */
final class Sightings implements Watcher.Observer {

    static final String NOT_THERE = "";

    /** @param content of the file that matters, at the moment of the event */
    record Seen(Path path, String content) {}

    private final BlockingQueue<Seen> arriving = new LinkedBlockingQueue<>();
    private final List<Seen> all = new ArrayList<>();
    private final Supplier<Path> file;

    /** @param file the one that matters */
    Sightings(Supplier<Path> file) {
        this.file = file;
    }

    @Override
    public void changed(Path path) {
        arriving.add(new Seen(path, contentOf(file.get())));
    }

    private static String contentOf(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            return NOT_THERE;
        }
    }

    /** Waits for an event after which the file has this content. */
    void await(String content) throws InterruptedException {
        Seen next;
        do {
            next = arriving.poll(20, TimeUnit.SECONDS);
            assertNotNull(next, () -> "never seen: '" + content + "', but " + all);
            all.add(next);
        } while (!next.content().equals(content));
    }

    /** Up to the last one that was waited for. */
    List<Seen> all() {
        return all;
    }
}
