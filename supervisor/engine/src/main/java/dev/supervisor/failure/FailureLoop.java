package dev.supervisor.failure;

import dev.supervisor.Problem;
import dev.supervisor.socket.EventLoops;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Optional;

/**
 * The event loop of all {@link FailureServer}s, one after another. It is made before the first one is needed, since a
 * failure server is needed most when no more descriptors, threads or memory are available. Thread-safe.
 */
public final class FailureLoop implements AutoCloseable {

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("supervisor-failure", true), NioIoHandler.newFactory());

    private FailureLoop() {}

    /** Starts the loop's thread, which loads the classes and resources of the page. */
    public static FailureLoop start() {
        FailureLoop loop = new FailureLoop();
        loop.group.execute(FailureLoop::renderOnce);
        return loop;
    }

    private static void renderOnce() {
        Failure failure = new Failure(Problem.of("none"), Optional.empty());
        FailurePage.listening(failure, Optional.empty(), true);
    }

    EventLoopGroup group() {
        return group;
    }

    @Override
    public void close() {
        EventLoops.end(group);
    }
}
