package dev.supervisor.generation;

import dev.supervisor.unload.places.SystemLoggers;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.URLConnection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Initializes the threads and static fields that the JVM and Netty make once and keep for ever, before application code
 * can be the first to use them and be kept with them: a thread would inherit the application's class loader, and an
 * exception in a static field holds the classes of all frames that were on the stack when it was made, whatever its
 * visible stack trace says.
 */
public final class Warmup {

    private static final Logger LOG = LoggerFactory.getLogger(Warmup.class);

    /**
     * Classes of Netty with static exceptions, or with static buffers, for which the leak detector makes exceptions.
     * Classes that load native libraries are left out. (OpenSsl finds no library here, and keeps an exception that says
     * so, as KQueue does on Linux.)
     */
    private static final List<String> WITH_STATIC_EXCEPTIONS = List.of(
            "io.netty.util.concurrent.ImmediateEventExecutor",
            "io.netty.channel.kqueue.KQueue",
            "io.netty.handler.codec.DecoderResult",
            "io.netty.handler.codec.ReplayingDecoder",
            "io.netty.handler.codec.http.HttpObjectDecoder",
            "io.netty.handler.codec.http.HttpObjectEncoder",
            "io.netty.handler.codec.http.websocketx.WebSocket00FrameEncoder",
            "io.netty.handler.codec.http2.CleartextHttp2ServerUpgradeHandler",
            "io.netty.handler.codec.http2.DefaultHttp2FrameWriter",
            "io.netty.handler.codec.http2.HpackDecoder",
            "io.netty.handler.codec.http2.HpackHuffmanDecoder",
            "io.netty.handler.codec.http2.Http2CodecUtil",
            "io.netty.handler.codec.http2.Http2MaxRstFrameListener",
            "io.netty.handler.codec.smtp.SmtpRequestEncoder",
            "io.netty.handler.codec.spdy.SpdyFrameCodec",
            "io.netty.handler.codec.spdy.SpdyHeaderBlockZlibDecoder",
            "io.netty.handler.codec.spdy.SpdySessionHandler",
            "io.netty.handler.ssl.OpenSsl",
            "io.netty.handler.timeout.ReadTimeoutException",
            "io.netty.handler.timeout.WriteTimeoutException",
            "io.netty.resolver.dns.DnsResolveContext");

    /** How many supervisors are open in this JVM. Guarded by this class. */
    private static int supervisors;

    /** Keeps the thread of Netty's GlobalEventExecutor while a supervisor is open. Guarded by this class. */
    private static @Nullable Future<?> kept;

    private Warmup() {}

    /** Initializes the threads and classes. To be followed by {@link #release} when the supervisor is closed. */
    public static void run() {
        Thread thread = Thread.currentThread();
        ClassLoader former = thread.getContextClassLoader();
        thread.setContextClassLoader(Warmup.class.getClassLoader());
        try {
            keepGlobalEventExecutor();
            new CompletableFuture<Boolean>().completeOnTimeout(true, 1, TimeUnit.NANOSECONDS); // the delayer's thread
            initializeNetty();
            SystemLoggers.useDefault();
            initialize("java.util.logging.LogManager"); // or it would be the first application's, for good
            // an application's jar: URL would keep its private jar open beyond its end
            URLConnection.setDefaultUseCaches("jar", false);
        } finally {
            thread.setContextClassLoader(former);
        }
    }

    /**
     * Keeps the thread of Netty's {@link GlobalEventExecutor} alive. Without a task it would end, and the next one
     * would inherit the class loader of the application that needs it.
     */
    private static synchronized void keepGlobalEventExecutor() {
        if (supervisors++ == 0) {
            kept = GlobalEventExecutor.INSTANCE.scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.DAYS);
        }
    }

    /** Lets that thread end after the last supervisor of this JVM: it is no daemon, and would keep the JVM alive. */
    public static synchronized void release() {
        if (--supervisors == 0 && kept != null) {
            kept.cancel(false);
            kept = null;
        }
    }

    /**
     * Initializes Netty's classes, which {@link #run} does, too; a thread may do it before, while nothing else uses Netty.
     *
     * <p>It is done without the leak detector, whose advanced levels keep the stack of the last code that used a buffer, also for
     * buffers in static fields.
     */
    public static void initializeNetty() {
        ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        try {
            WITH_STATIC_EXCEPTIONS.forEach(Warmup::initialize);
        } finally {
            ResourceLeakDetector.setLevel(level);
        }
    }

    private static void initialize(String className) {
        try {
            Class.forName(className, true, Warmup.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) { // another Netty than the one this was written for
            LOG.debug("can't initialize {}", className, e);
        }
    }
}
