package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleUserEventChannelHandler;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.internal.InternalThreadLocalMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class FastThreadLocalsTest {

    public static final class OfTheJvm {

        public static final FastThreadLocal<Object> SHARED = new FastThreadLocal<>();
        static final ExecutorService FAST = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new FastThreadLocalThread(task, "fast");
            thread.setDaemon(true);
            return thread;
        });

        private OfTheJvm() {}

        public static void runFast(Runnable task) {
            try {
                FAST.submit(task).get();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    static final class User {}

    static final class Current extends FastThreadLocal<User> {}

    static final class Handler extends SimpleUserEventChannelHandler<User> {

        @Override
        protected void eventReceived(ChannelHandlerContext context, User user) {}
    }

    static final class Remembers implements Runnable {

        private static final Current CURRENT = new Current();
        private static final FastThreadLocal<Map<String, User>> PLAIN = new FastThreadLocal<>();

        @Override
        public void run() {
            SharedThread.run(Remembers::remember);
            OfTheJvm.runFast(Remembers::remember);
        }

        private static void remember() {
            CURRENT.set(new User());
            PLAIN.set(Map.of("user", new User()));
        }
    }

    /** Netty remembers by which class its events are. */
    static final class MakesHandler implements Runnable {

        @Override
        public void run() {
            OfTheJvm.runFast(() -> new Handler());
        }
    }

    /** The list is emptied by the next who takes it. */
    static final class LeavesList implements Runnable {

        @Override
        public void run() {
            SharedThread.run(() -> InternalThreadLocalMap.get().arrayList().add(new User()));
        }
    }

    @BeforeAll
    static void startSharedThreads() {
        SharedThread.start();
        OfTheJvm.runFast(() -> {});
    }

    @AfterAll
    static void endThread() {
        OfTheJvm.FAST.shutdown();
    }

    @Test
    void whatAGenerationLeftOnAThreadThatGoesOnIsUnsetAndNamed() throws Exception {
        OfTheJvm.runFast(() -> OfTheJvm.SHARED.set("set"));
        QueueTenant tenant = QueueTenant.thatRan(Remembers.class, Current.class, User.class);
        assertTrue(tenant.isHeld());
        List<String> left = tenant.clear(new FastThreadLocals());
        String test = FastThreadLocalsTest.class.getName();
        assertEquals(
                List.of(
                        line("", test, "fast"),
                        line("", test, "shared"),
                        line(" of " + test + "$Current", test, "fast"),
                        line(" of " + test + "$Current", test, "shared")),
                left.stream().sorted().toList());
        tenant.awaitCollected();
        OfTheJvm.runFast(() -> assertEquals("set", OfTheJvm.SHARED.get()));
        OfTheJvm.runFast(FastThreadLocal::removeAll);
        OfTheJvm.runFast(() -> assertEquals(false, OfTheJvm.SHARED.isSet()));
    }

    private static String line(String of, String test, String thread) {
        return "fast thread local" + of + " (value " + test + "$User) on thread \"" + thread + "\" was never removed";
    }

    @Test
    void theCachesThatKnowClassesOfAGenerationAreDropped() throws Exception {
        QueueTenant tenant = QueueTenant.thatRan(MakesHandler.class, Handler.class, User.class);
        assertTrue(tenant.isHeld());
        assertEquals(List.of(), tenant.clear(new FastThreadLocals()));
        tenant.awaitCollected();
    }

    @Test
    void aListThatIsUsedAgainKeepsNothingOfAGeneration() throws Exception {
        QueueTenant tenant = QueueTenant.thatRan(LeavesList.class, User.class);
        assertTrue(tenant.isHeld());
        assertEquals(List.of(), tenant.clear(new FastThreadLocals()));
        tenant.awaitCollected();
    }
}
