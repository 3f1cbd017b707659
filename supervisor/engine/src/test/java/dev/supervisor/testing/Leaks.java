package dev.supervisor.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** Listens to what Netty's leak detector says; it must be paranoid. */
public final class Leaks implements AutoCloseable {

    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Queue<String> said = new ConcurrentLinkedQueue<>();
    private final Logger logger;
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            said.add(event.getFormattedMessage());
        }
    };

    private Leaks(LoggerContext context) {
        logger = context.getLogger(ResourceLeakDetector.class);
        logger.setAdditive(false); // its own leak is no news
        appender.setContext(context);
        appender.start();
        logger.addAppender(appender);
    }

    public static Leaks watch() {
        if (ResourceLeakDetector.getLevel() != ResourceLeakDetector.Level.PARANOID) {
            throw new IllegalStateException(
                    "leaks are not looked for (run with -Dio.netty.leakDetection.level=paranoid)");
        }
        return new Leaks((LoggerContext) LoggerFactory.getILoggerFactory());
    }

    /** Leaks a buffer itself, and waits until that is found: what has been leaked before has been found by then. */
    public List<String> found() {
        String own = "a leak on purpose " + UUID.randomUUID();
        leak(own);
        long deadline = System.nanoTime() + TIMEOUT_NANOS;
        while (said.stream().noneMatch(leak -> leak.contains(own))) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("the leak detector finds nothing, at level " + logger.getEffectiveLevel()
                        + " (it needs " + Level.ERROR + ")");
            }
            System.gc();
            ByteBufAllocator.DEFAULT.buffer(1).release(); // reports what has been collected
        }
        return said.stream().filter(leak -> !leak.contains(own)).toList();
    }

    private static void leak(String hint) {
        ByteBuf leaked = ByteBufAllocator.DEFAULT.buffer(1);
        leaked.touch(hint);
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        logger.setAdditive(true);
    }
}
