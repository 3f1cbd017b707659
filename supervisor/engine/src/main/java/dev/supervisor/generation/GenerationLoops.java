package dev.supervisor.generation;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;

/**
 * The event loops of one generation. All of their threads are started before it serves: one that can't be started when a
 * connection arrives would cost that connection.
 *
 * <p>Methods block, and are called by threads of the supervisor.
 */
final class GenerationLoops {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
    private final Handlers handlers = new Handlers();
    private final EventLoopGroup group;

    private GenerationLoops(ThreadFactory factory) {
        ThreadFactory remembering = task -> {
            Thread thread = factory.newThread(task);
            threads.add(thread);
            return thread;
        };
        try {
            this.group = new MultiThreadIoEventLoopGroup(remembering, handlers);
        } catch (RuntimeException | Error e) {
            handlers.destroyAll();
            throw e;
        }
    }

    /** Opens the loops. If that fails, what was opened is closed. */
    static GenerationLoops open(ThreadFactory factory) {
        return new GenerationLoops(factory);
    }

    /**
     * Starts their threads.
     *
     * @throws OutOfMemoryError if one can't be started; {@link #end} is still to be called
     */
    void start() {
        group.forEach(loop -> loop.execute(() -> {}));
    }

    EventLoopGroup group() {
        return group;
    }

    /** Ends them, interrupts handlers that block, and returns the loops whose handlers do not return all the same. */
    List<SingleThreadEventExecutor> end() {
        boolean interrupted = Thread.interrupted();
        try {
            group.forEach(this::shutDown);
            if (!areTerminated() && !stuck().isEmpty()) {
                threads.forEach(Thread::interrupt);
                return areTerminated() ? List.of() : stuck();
            }
            return List.of();
        } catch (InterruptedException e) {
            interrupted = true;
            return stuck();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void shutDown(EventExecutor loop) {
        try {
            Future<?> unused = loop.shutdownGracefully(0, TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (OutOfMemoryError e) { // its thread was never started, and can't be to close what it has
            handlers.destroy(loop);
        }
    }

    /** Asks the loops themselves: their futures complete on Netty's GlobalEventExecutor, which an application may block. */
    private boolean areTerminated() throws InterruptedException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        for (EventExecutor loop : group) {
            if (!loop.isTerminated() && !loop.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return false;
            }
        }
        return true;
    }

    /** Those that still run handlers, unlike those whose threads are about to end, which may take its time. */
    private List<SingleThreadEventExecutor> stuck() {
        return StreamSupport.stream(group.spliterator(), false)
                .filter(loop -> !loop.isShutdown())
                .map(SingleThreadEventExecutor.class::cast)
                .toList();
    }

    /** The selectors of the loops. A loop closes its own, on its thread; one that has no thread can't. */
    private static final class Handlers implements IoHandlerFactory {

        private final IoHandlerFactory nio = NioIoHandler.newFactory();
        private final IdentityHashMap<ThreadAwareExecutor, IoHandler> byLoop = new IdentityHashMap<>();

        @Override
        public IoHandler newHandler(ThreadAwareExecutor loop) {
            IoHandler handler = nio.newHandler(loop);
            byLoop.put(loop, handler);
            return handler;
        }

        @Override
        public boolean isChangingThreadSupported() {
            return nio.isChangingThreadSupported();
        }

        void destroy(EventExecutor loop) {
            IoHandler handler = byLoop.get(loop);
            if (handler != null) {
                handler.destroy();
            }
        }

        void destroyAll() {
            byLoop.values().forEach(IoHandler::destroy);
        }
    }
}
