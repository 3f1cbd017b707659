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
 * The event loops of one generation. All their threads are started before the generation serves: if a thread could not
 * be started when a connection arrives, that connection would be lost.
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

    /** Opens the loops. If that fails, the selectors opened so far are closed. */
    static GenerationLoops open(ThreadFactory factory) {
        return new GenerationLoops(factory);
    }

    /**
     * Starts the threads of the loops.
     *
     * @throws OutOfMemoryError if a thread can't be started; {@link #end} must still be called
     */
    void start() {
        group.forEach(loop -> loop.execute(() -> {}));
    }

    EventLoopGroup group() {
        return group;
    }

    /** Ends the loops, and interrupts handlers that block. Returns the loops whose handlers do not return even then. */
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
        } catch (OutOfMemoryError e) { // its thread never started, and can't start now to close the selector
            handlers.destroy(loop);
        }
    }

    /**
     * Returns whether all loops have terminated in time. Waits for the loops themselves and not for their futures,
     * which complete on Netty's GlobalEventExecutor: an application may block that.
     */
    private boolean areTerminated() throws InterruptedException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        for (EventExecutor loop : group) {
            if (!loop.isTerminated() && !loop.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns the loops that still run handlers. A loop whose thread only has to end, which may take a while, is not
     * among them.
     */
    private List<SingleThreadEventExecutor> stuck() {
        return StreamSupport.stream(group.spliterator(), false)
                .filter(loop -> !loop.isShutdown())
                .map(SingleThreadEventExecutor.class::cast)
                .toList();
    }

    /**
     * Keeps the selectors of the loops. A loop closes its own selector on its thread; a loop without a thread can't.
     */
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
