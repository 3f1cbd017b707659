package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpClient;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

final class InheritedContextsTest {

    /** As the JDK starts some of its threads: in a group of its own, by whoever is the first to need it. */
    public static final class OfTheJvm {

        private static final CountDownLatch END = new CountDownLatch(1);
        private static final ThreadGroup GROUP = new ThreadGroup("jvm");
        private static final Thread OTHER = service();
        private static Thread started = OTHER;

        private OfTheJvm() {}

        public static void startThread() {
            started = service();
        }

        public static void addHook() {
            Runtime.getRuntime().addShutdownHook(new Thread(END::countDown));
        }

        private static Thread service() {
            Thread thread = new Thread(GROUP, OfTheJvm::awaitEnd, "service");
            thread.setDaemon(true);
            thread.start();
            return thread;
        }

        private static void awaitEnd() {
            try {
                END.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static final class NeedsService implements Runnable {

        @Override
        public void run() {
            OfTheJvm.startThread();
        }
    }

    /** The JDK's, for its preferences, is like this. */
    static final class AddsHook implements Runnable {

        @Override
        public void run() {
            OfTheJvm.addHook();
        }
    }

    @Test
    void aShutdownHookForgetsWhoAddedIt() throws Exception {
        QueueTenant tenant = QueueTenant.thatRan(AddsHook.class);
        assertTrue(tenant.isHeld());
        assertEquals(List.of(), tenant.clear(new InheritedContexts()));
        tenant.awaitCollected();
    }

    /** Its thread ends when it has been collected, which this class prevents: nobody closes it, or can before JDK 21. */
    static final class HasHttpClient implements Runnable {

        private static final HttpClient CLIENT = HttpClient.newHttpClient();

        @Override
        public void run() {
            CLIENT.version();
        }
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_17) // later it inherits nothing
    void theThreadOfAnHttpClientForgetsWhoStartedIt() throws Exception {
        QueueTenant tenant = QueueTenant.thatRan(HasHttpClient.class);
        assertTrue(tenant.isHeld());
        assertEquals(List.of(), tenant.clear(new InheritedContexts()));
        tenant.awaitCollected();
    }

    @Test
    void aThreadThatGoesOnForgetsWhoStartedIt() throws Exception {
        ClassLoader other = ClassLoader.getPlatformClassLoader();
        OfTheJvm.OTHER.setContextClassLoader(other);
        QueueTenant tenant = QueueTenant.thatRan(NeedsService.class);
        assertTrue(tenant.isHeld());
        assertEquals(List.of(), tenant.clear(new InheritedContexts()));
        tenant.awaitCollected();
        assertTrue(OfTheJvm.started.isAlive());
        assertSame(ClassLoader.getSystemClassLoader(), OfTheJvm.started.getContextClassLoader());
        assertSame(other, OfTheJvm.OTHER.getContextClassLoader());
        OfTheJvm.END.countDown();
        OfTheJvm.started.join();
    }
}
