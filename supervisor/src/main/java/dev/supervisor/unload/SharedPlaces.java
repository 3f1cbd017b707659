package dev.supervisor.unload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All the places that generations share, in the order in which they are cleared at the end of one. */
public final class SharedPlaces {

    private static final Logger LOG = LoggerFactory.getLogger(SharedPlaces.class);

    /** How long what runs elsewhere may take to end, or to answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final List<SharedPlace> ALL = List.of(
            new VirtualThreads(PATIENCE),
            new CommonPoolTasks(),
            new DelayedTasks(PATIENCE),
            new GlobalEventExecutorTasks(PATIENCE),
            new Cleanables(),
            new FastThreadLocals(),
            new ThreadLocals(),
            new AwtContext(),
            new InheritedContexts());

    private SharedPlaces() {}

    /**
     * Clears them of what the generation has left. On a thread of the generation.
     *
     * @return what that was, in words that its author can act on
     */
    public static List<String> clear(Owner owner) {
        List<String> left = new ArrayList<>();
        for (SharedPlace place : ALL) {
            try {
                left.addAll(place.clear(owner));
            } catch (Throwable e) { // some of this is code of the application, and the other places are to be cleared
                LOG.warn(
                        "can't clear what {} has left ({}): {}",
                        owner.name(),
                        place.getClass().getSimpleName(),
                        e.toString());
            }
        }
        return left;
    }
}
