package dev.supervisor.unload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.inspect.Owner;
import dev.supervisor.unload.places.RegistryTenant;
import dev.supervisor.unload.places.SharedPlaces;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UnloadTest {

    private static final Duration LONG = Duration.ofHours(1);

    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

    private final Unload.Observer observer = new Unload.Observer() {
        @Override
        public void unloaded(int generation, Duration after) {
            assertFalse(after.isNegative());
            said.add(generation + " unloaded");
        }

        @Override
        public void keptAlive(int generation, Duration after, List<String> holders) {
            said.add(generation + " kept alive: " + holders);
        }
    };

    private Unload unload(Duration timeout, boolean verify, Unload.LastResort lastResort) {
        return new Unload(
                new Unload.Settings(timeout, verify), new SharedPlaces(Duration.ofMillis(100)), lastResort, observer);
    }

    private Unload unload(Duration timeout, boolean verify) {
        return unload(timeout, verify, (generation, id) -> Optional.of(List.of()));
    }

    private static Owner owner() {
        return owner(new URLClassLoader("a generation", new URL[0], null));
    }

    private static Owner owner(ClassLoader loader) {
        return new Owner("a generation", loader, new ThreadGroup("a generation"));
    }

    private String awaitWord() throws InterruptedException {
        String word = null;
        while (word == null) {
            System.gc();
            word = said.poll(50, TimeUnit.MILLISECONDS);
        }
        return word;
    }

    @Test
    void aGenerationIsReportedWhenNothingIsLeftOfIt() throws Exception {
        Owner held = owner();
        try (Unload unload = unload(LONG, false)) {
            unload.watch(1, held);
            unload.watch(2, owner());
            assertEquals(List.of(1, 2), generations(unload));
            assertEquals("2 unloaded", awaitWord());
            assertEquals(List.of(1), generations(unload));
        } finally {
            Reference.reachabilityFence(held);
        }
    }

    private static List<Integer> generations(Unload unload) {
        return unload.remaining().stream().map(Unload.Remains::generation).toList();
    }

    @Test
    void verifyingAsksTheJvmToCollect() throws Exception {
        try (Unload unload = unload(LONG, true)) {
            unload.watch(1, owner());
            assertEquals("1 unloaded", said.take());
        }
    }

    @Test
    void aGenerationThatSomethingHoldsIsReportedOnce() throws Exception {
        Owner held = owner();
        try (Unload unload = unload(Duration.ZERO, true)) {
            unload.watch(1, held);
            assertTrue(said.take().startsWith("1 kept alive: [no thread and no place that is known"));
            unload.watch(2, owner());
            assertEquals("2 unloaded", said.take());
            assertTrue(unload.remaining().get(0).keptAlive());
        } finally {
            Reference.reachabilityFence(held);
        }
        assertEquals(List.of(), List.copyOf(said));
    }

    @Test
    void aReportedGenerationThatGoesInTheEndIsReportedAsGone() throws Exception {
        Owner[] held = {owner()};
        try (Unload unload = unload(Duration.ZERO, true)) {
            unload.watch(1, held[0]);
            assertTrue(said.take().startsWith("1 kept alive"));
            held[0] = owner();
            assertEquals("1 unloaded", awaitWord());
        } finally {
            Reference.reachabilityFence(held);
        }
    }

    static final class Deaf implements Callable<Object>, Runnable {

        private static final String END = "UnloadTest.end";

        @Override
        public void run() {
            while (!Boolean.getBoolean(END)) {
                LockSupport.parkNanos(1_000_000);
            }
        }

        @Override
        public Object call() {
            new Thread(this, "report-timer").start();
            return "";
        }
    }

    @Test
    void aThreadThatKeepsAGenerationIsNamed() throws Exception {
        RegistryTenant tenant = RegistryTenant.thatRan(Deaf.class);
        try (Unload unload = unload(Duration.ZERO, true)) {
            unload.watch(1, tenant.owner());
            String word = said.take();
            assertTrue(
                    word.contains("thread \"report-timer\" of " + Deaf.class.getName()
                            + " was never stopped, and does not end when it is interrupted: at "),
                    word);
            System.setProperty(Deaf.END, "true");
            assertEquals("1 unloaded", awaitWord());
        } finally {
            System.clearProperty(Deaf.END);
        }
    }

    @Test
    void withoutACollectionNothingIsSaid() throws Exception {
        Owner held = owner();
        try (Unload unload = unload(Duration.ZERO, false)) {
            unload.watch(1, held);
            assertEquals(null, said.poll(300, TimeUnit.MILLISECONDS));
            assertTrue(awaitWord().startsWith("1 kept alive"));
        } finally {
            Reference.reachabilityFence(held);
        }
    }

    /** Of all collectors: a collection may be another's work. */
    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }

    /** What has a finalizer or a cleaner is kept by it for one or two collections, and by nothing else. */
    @Test
    void aGenerationIsNotSaidToBeKeptAliveBeforeTheThirdCollection() throws Exception {
        Owner held = owner();
        AtomicLong atTheReport = new AtomicLong();
        Unload.LastResort lastResort = (generation, id) -> {
            atTheReport.set(collections());
            return Optional.of(List.of("found"));
        };
        try (Unload unload = unload(Duration.ZERO, true, lastResort)) {
            long before = collections();
            unload.watch(1, held);
            assertEquals("1 kept alive: [found]", said.take());
            long survived = atTheReport.get() - before;
            assertTrue(survived >= 3, survived + " collections");
        } finally {
            Reference.reachabilityFence(held);
        }
    }

    @Test
    void theLastResortIsAskedWithTheIdOfTheWatched() throws Exception {
        AtomicLong asked = new AtomicLong();
        Owner held = owner();
        Unload.LastResort lastResort = (generation, id) -> {
            asked.set(id);
            return Optional.of(List.of("static field X.y"));
        };
        try (Unload unload = unload(Duration.ZERO, true, lastResort)) {
            unload.watch(1, held);
            assertEquals("1 kept alive: [static field X.y]", said.take());
            assertTrue(asked.get() > 0);
        } finally {
            Reference.reachabilityFence(held);
        }
    }

    @Test
    void anErrorAndAnInterruptOfTheApplicationEndNothing() throws Exception {
        Owner held = owner();
        AtomicInteger times = new AtomicInteger();
        Unload.Observer failing = new Unload.Observer() {
            @Override
            public void unloaded(int generation, Duration after) {
                Thread.currentThread().interrupt();
                observer.unloaded(generation, after);
                throw new OutOfMemoryError("for a test");
            }

            @Override
            public void keptAlive(int generation, Duration after, List<String> holders) {
                observer.keptAlive(generation, after, holders);
            }
        };
        Unload.LastResort interrupted = (generation, id) -> {
            if (times.getAndIncrement() == 0) {
                throw new InterruptedException("for a test");
            }
            return Optional.of(List.of("found"));
        };
        try (Unload unload = new Unload(
                new Unload.Settings(Duration.ZERO, true),
                new SharedPlaces(Duration.ofMillis(100)),
                interrupted,
                failing)) {
            unload.watch(1, owner());
            assertEquals("1 unloaded", awaitWord());
            unload.watch(2, held);
            assertEquals("2 kept alive: [found]", said.take());
            unload.watch(3, owner());
            assertEquals("3 unloaded", awaitWord());
        } finally {
            Reference.reachabilityFence(held);
        }
    }

    @Test
    void whereNoThreadCanBeStartedForTheLookItIsTriedAgain() throws Exception {
        Owner held = owner();
        AtomicInteger times = new AtomicInteger();
        Consumer<Thread> starter = thread -> {
            if (times.getAndIncrement() == 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            thread.start();
        };
        try (Unload unload = new Unload(
                new Unload.Settings(Duration.ZERO, true),
                new SharedPlaces(Duration.ofMillis(100)),
                (generation, id) -> Optional.of(List.of("found")),
                observer,
                starter)) {
            unload.watch(1, held);
            assertEquals("1 kept alive: [found]", said.take());
            assertEquals(2, times.get());
        } finally {
            Reference.reachabilityFence(held);
        }
    }

    @Test
    void aGenerationThatHasJustBeenCollectedIsNotReported() throws Exception {
        Owner held = owner();
        CountDownLatch asked = new CountDownLatch(1);
        Unload.LastResort lastResort = (generation, id) -> {
            asked.countDown();
            return Optional.empty();
        };
        try (Unload unload = unload(Duration.ZERO, true, lastResort)) {
            unload.watch(1, held);
            asked.await();
            unload.watch(2, owner());
            assertEquals("2 unloaded", said.take());
        } finally {
            Reference.reachabilityFence(held);
        }
    }
}
