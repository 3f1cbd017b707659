package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.inspect.ThreadContainers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

final class VirtualThreadsTest {

    /** By reflection, since this is compiled for Java 17. */
    public static final class OfTheJvm {

        private static volatile CountDownLatch end = new CountDownLatch(1);

        private OfTheJvm() {}

        public static Thread start(String name, Runnable task) {
            try {
                Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
                Class<?> type = Class.forName("java.lang.Thread$Builder");
                type.getMethod("name", String.class).invoke(builder, name);
                return (Thread) type.getMethod("start", Runnable.class).invoke(builder, task);
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(e.getMessage(), e);
            }
        }

        public static Executor perTask() {
            try {
                return (Executor) Executors.class
                        .getMethod("newVirtualThreadPerTaskExecutor")
                        .invoke(null);
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(e.getMessage(), e);
            }
        }

        public static void awaitEnd() {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        public static boolean hasEnded() {
            try {
                end.await();
                return true;
            } catch (InterruptedException e) {
                return false;
            }
        }
    }

    @BeforeEach
    void nothingHasEnded() {
        OfTheJvm.end = new CountDownLatch(1);
    }

    static final class Starts implements Runnable {

        @Override
        public void run() {
            CountDownLatch begun = new CountDownLatch(2);
            OfTheJvm.start("alone", () -> work(begun));
            OfTheJvm.perTask().execute(() -> work(begun));
            await(begun);
        }

        private static void work(CountDownLatch begun) {
            begun.countDown();
            OfTheJvm.awaitEnd();
        }

        private static void await(CountDownLatch begun) {
            try {
                begun.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static final class Ignores implements Runnable {

        @Override
        public void run() {
            OfTheJvm.start("deaf", Ignores::goOn);
        }

        private static void goOn() {
            boolean ended = false;
            while (!ended) {
                ended = OfTheJvm.hasEnded();
            }
        }
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void virtualThreadsOfAGenerationAreInterruptedAndNamed() throws Exception {
        CountDownLatch otherEnd = new CountDownLatch(1);
        Thread other = OfTheJvm.start("other", () -> {
            try {
                otherEnd.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        QueueTenant tenant = QueueTenant.thatRan(Starts.class);
        assertTrue(tenant.isHeld());
        String end = " of " + Starts.class.getName() + " was still running: it was interrupted and has ended";
        assertEquals(
                List.of("virtual thread \"\"" + end, "virtual thread \"alone\"" + end),
                tenant.clear(new VirtualThreads(Duration.ofSeconds(60))).stream()
                        .sorted()
                        .toList());
        tenant.awaitCollected();
        assertTrue(other.isAlive());
        otherEnd.countDown();
        other.join();
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void aVirtualThreadThatDoesNotEndIsNamedWithWhereItIs() throws Exception {
        QueueTenant tenant = QueueTenant.thatRan(Ignores.class);
        assertTrue(tenant.isHeld());
        List<String> left = tenant.clear(new VirtualThreads(Duration.ofMillis(1)));
        assertEquals(1, left.size());
        String name = Ignores.class.getName();
        assertTrue(
                left.get(0)
                        .startsWith("virtual thread \"deaf\" of " + name
                                + " was still running, and does not end when it is interrupted: at " + name
                                + ".goOn(VirtualThreadsTest.java:"),
                left.get(0));
        OfTheJvm.end.countDown();
        tenant.awaitCollected();
    }

    @Test
    @DisabledForJreRange(min = JRE.JAVA_21)
    void aJvmWithoutVirtualThreadsHasNone() throws Exception {
        assertEquals(0, ThreadContainers.virtualThreads().count());
    }
}
