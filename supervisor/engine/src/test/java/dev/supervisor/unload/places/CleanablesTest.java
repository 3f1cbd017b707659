package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.inspect.SharedThreads;
import java.lang.ref.Cleaner;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class CleanablesTest {

    public static final class OfTheJvm {

        public static final AtomicInteger CLEANED = new AtomicInteger();
        public static final Cleaner CLEANER = Cleaner.create();

        private OfTheJvm() {}
    }

    /** Statics, so that the action holds the object, which it waits for. */
    static final class Registers implements Runnable {

        private static final Cleaner CLEANER = Cleaner.create();
        private static final Object RESOURCE = new Object();
        private static final Object FAILING = new Object();

        @Override
        public void run() {
            CLEANER.register(RESOURCE, () -> OfTheJvm.CLEANED.incrementAndGet());
            CLEANER.register(FAILING, () -> {
                throw new IllegalStateException("meant to fail");
            });
            CLEANER.register(RESOURCE, () -> OfTheJvm.CLEANED.incrementAndGet());
        }
    }

    static final class RegistersWithSharedOne implements Runnable {

        private static final Object RESOURCE = new Object();

        @Override
        public void run() {
            OfTheJvm.CLEANER.register(RESOURCE, () -> OfTheJvm.CLEANED.incrementAndGet());
        }
    }

    static final class HasThreadOfItsOwn implements Runnable {

        private static final Cleaner CLEANER = Cleaner.create(task -> new Thread(task, "own-cleaner"));
        private static final Object RESOURCE = new Object();

        @Override
        public void run() {
            CLEANER.register(RESOURCE, OfTheJvm.CLEANED::incrementAndGet);
        }
    }

    private static long cleaners() {
        return SharedThreads.all()
                .filter(thread -> thread.getName().startsWith("Cleaner-"))
                .count();
    }

    @Test
    void actionsOfAGenerationAreRunAndTheirCleanerEnds() throws Exception {
        int before = OfTheJvm.CLEANED.get();
        long cleaners = cleaners();
        QueueTenant tenant = QueueTenant.thatRan(Registers.class);
        assertTrue(tenant.isHeld());
        assertEquals(cleaners + 1, cleaners());
        assertEquals(List.of(), tenant.clear(new Cleanables()));
        assertEquals(before + 2, OfTheJvm.CLEANED.get());
        tenant.awaitCollected();
        while (cleaners() > cleaners) {
            System.gc();
        }
    }

    @Test
    void whatOthersHaveRegisteredWithASharedCleanerWaitsOn() throws Exception {
        Object resource = new Object();
        AtomicInteger cleaned = new AtomicInteger();
        Cleaner.Cleanable other = OfTheJvm.CLEANER.register(resource, cleaned::incrementAndGet);
        QueueTenant live = QueueTenant.thatRan(RegistersWithSharedOne.class);
        int before = OfTheJvm.CLEANED.get();
        QueueTenant tenant = QueueTenant.thatRan(RegistersWithSharedOne.class);
        assertTrue(tenant.isHeld());
        tenant.clear(new Cleanables());
        tenant.awaitCollected();
        assertEquals(before + 1, OfTheJvm.CLEANED.get());
        assertEquals(0, cleaned.get());
        other.clean();
        assertEquals(1, cleaned.get());
        live.clear(new Cleanables());
        live.awaitCollected();
    }

    @Test
    void aCleanerOnAThreadOfTheGenerationEnds() throws Exception {
        QueueTenant tenant = QueueTenant.thatRan(HasThreadOfItsOwn.class);
        assertTrue(tenant.isHeld());
        tenant.clear(new Cleanables());
        tenant.awaitCollected();
    }
}
