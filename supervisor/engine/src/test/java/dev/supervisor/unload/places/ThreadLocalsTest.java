package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class ThreadLocalsTest {

    /** With an initial value, as code of the JDK has it. */
    public static final class OfTheJvm {

        public static final ThreadLocal<Object> SHARED = ThreadLocal.withInitial(() -> "initial");
        static final ThreadLocal<Object> UNTOUCHED = ThreadLocal.withInitial(() -> "initial");

        private static final CountDownLatch END = new CountDownLatch(1);
        private static final ThreadGroup GROUP = new ThreadGroup("jvm");

        private OfTheJvm() {}

        public static void startThread() {
            Thread thread = new Thread(GROUP, OfTheJvm::awaitEnd, "heir");
            thread.setContextClassLoader(null);
            thread.setDaemon(true);
            thread.start();
        }

        private static void awaitEnd() {
            try {
                END.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static final class User {}

    static final class Current extends ThreadLocal<User> {}

    static final class Remembers implements Runnable {

        private static final Current CURRENT = new Current();
        private static final ThreadLocal<Map<String, User>> PLAIN = new ThreadLocal<>();
        private static final InheritableThreadLocal<User> INHERITABLE = new InheritableThreadLocal<>();
        private static final ThreadLocal<StringBuilder> SUPPLIED = ThreadLocal.withInitial(StringBuilder::new);

        @Override
        public void run() {
            SharedThread.run(() -> {
                CURRENT.set(new User());
                PLAIN.set(Map.of("user", new User()));
                INHERITABLE.set(new User());
                SUPPLIED.get().append("text");
            });
        }
    }

    static final class Inherits implements Runnable {

        private static final InheritableThreadLocal<User> USER = new InheritableThreadLocal<>();

        @Override
        public void run() {
            USER.set(new User());
            OfTheJvm.startThread();
        }
    }

    static final class SetsSharedOne implements Runnable {

        @Override
        public void run() {
            SharedThread.run(() -> OfTheJvm.SHARED.set(new User()));
        }
    }

    @BeforeAll
    static void startSharedThread() {
        SharedThread.start();
    }

    private static @Nullable Object onSharedThread(ThreadLocal<Object> local) {
        AtomicReference<Object> value = new AtomicReference<>();
        SharedThread.run(() -> value.set(local.get()));
        return value.get();
    }

    @Test
    void whatAGenerationLeftOnAThreadThatGoesOnIsDroppedAndNamed() throws Exception {
        QueueTenant tenant = QueueTenant.thatRan(Remembers.class, Current.class, User.class);
        assertTrue(tenant.isHeld());
        List<String> left = tenant.clear(new ThreadLocals());
        String test = ThreadLocalsTest.class.getName();
        String end = " on thread \"shared\" was never removed";
        assertEquals(
                List.of(
                        "thread local (value " + test + "$User)" + end,
                        "thread local of " + test + "$Current (value " + test + "$User)" + end,
                        "thread local of " + test + "$Remembers (value java.lang.StringBuilder)" + end),
                left.stream().sorted().toList());
        tenant.awaitCollected();
    }

    @Test
    void aThreadLocalOfTheJvmBeginsAgainWithItsInitialValue() throws Exception {
        SharedThread.run(() -> OfTheJvm.UNTOUCHED.set("set"));
        QueueTenant tenant = QueueTenant.thatRan(SetsSharedOne.class, User.class);
        assertTrue(tenant.isHeld());
        assertEquals(1, tenant.clear(new ThreadLocals()).size());
        tenant.awaitCollected();
        assertEquals("initial", onSharedThread(OfTheJvm.SHARED));
        assertEquals("set", onSharedThread(OfTheJvm.UNTOUCHED));
    }

    @Test
    void whatAThreadHasInheritedIsDroppedWithoutAWord() throws Exception {
        QueueTenant tenant = QueueTenant.thatRan(Inherits.class, User.class);
        assertTrue(tenant.isHeld());
        assertEquals(List.of(), tenant.clear(new ThreadLocals()));
        tenant.clear(new InheritedContexts()); // the access control context of JDK 17
        tenant.awaitCollected();
        OfTheJvm.END.countDown();
    }

    @Test
    void aThreadLocalOfAnotherGenerationStays() throws Exception {
        QueueTenant live = QueueTenant.thatRan(SetsSharedOne.class, User.class);
        QueueTenant tenant = QueueTenant.thatRan(Remembers.class, Current.class, User.class);
        tenant.clear(new ThreadLocals());
        tenant.awaitCollected();
        assertTrue(live.isHeld());
        assertEquals(1, live.clear(new ThreadLocals()).size());
        live.awaitCollected();
    }
}
