package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.generation.Warmup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.HashedWheelTimer;
import java.time.Duration;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class ForgottenThreadsTest {

    private static final String END = "ForgottenThreadsTest.end";

    private final ForgottenThreads patient = new ForgottenThreads(Duration.ofSeconds(60));

    /** Or Netty's static exceptions would hold the first that uses them. */
    @BeforeAll
    static void warmUp() {
        Warmup.run();
    }

    static final class Waits implements Callable<Object>, Runnable {
        @Override
        public void run() {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public Object call() {
            new Thread(this, "forgotten").start();
            return "";
        }
    }

    static final class HasTimer implements Callable<Object> {
        @Override
        public Object call() {
            new Timer("forgotten").schedule(new Task(), 0, 1);
            return "";
        }

        static final class Task extends TimerTask {
            @Override
            public void run() {
                Thread.onSpinWait();
            }
        }
    }

    static final class HasExecutor implements Callable<Object> {
        @Override
        public Object call() throws Exception {
            ExecutorService executor = Executors.newFixedThreadPool(2, task -> new Thread(task, "forgotten"));
            executor.submit(() -> {}).get();
            executor.submit(() -> {}).get();
            return "";
        }
    }

    static final class HasIdleExecutor implements Callable<Object> {
        @Override
        public Object call() throws Exception {
            Executors.newSingleThreadScheduledExecutor().submit(() -> {}).get();
            return "";
        }
    }

    static final class HasLoops implements Callable<Object> {
        @Override
        public Object call() {
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory())
                    .submit(() -> {})
                    .syncUninterruptibly();
            return "";
        }
    }

    static final class HasWheel implements Callable<Object> {
        @Override
        public Object call() {
            new HashedWheelTimer().newTimeout(timeout -> Thread.onSpinWait(), 1, TimeUnit.HOURS);
            return "";
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Waits, 'thread \"forgotten\" of ME$Waits was never stopped'",
        "HasTimer, 'thread \"forgotten\" (java.util.Timer) of ME$HasTimer$Task was never cancelled'",
        "HasExecutor,"
                + " 'thread \"forgotten\" and 1 more (java.util.concurrent.ThreadPoolExecutor) of ME$HasExecutor was never shut down'",
        "HasIdleExecutor,"
                + " 'thread \"pool-N-thread-1\" (java.util.concurrent.ScheduledThreadPoolExecutor) was never shut down'",
        "HasLoops,"
                + " 'thread \"multiThreadIoEventLoopGroup-N-1\" (io.netty.channel.MultiThreadIoEventLoopGroup) was never shut down'",
        "HasWheel, 'thread \"pool-N-thread-1\" (io.netty.util.HashedWheelTimer) of ME$HasWheel was never stopped'"
    })
    void whatWasForgottenIsEndedAndNamed(String name, String said) throws Exception {
        String me = ForgottenThreadsTest.class.getName();
        RegistryTenant tenant = RegistryTenant.thatRan(
                Class.forName(me + "$" + name).asSubclass(Callable.class).asSubclass(callable()));
        tenant.assertHeld();
        List<String> left = patient.clear(tenant.owner());
        assertEquals(1, left.size(), left::toString);
        assertEquals(said.replace("ME", me), left.get(0).replaceAll("(ool|Group)-\\d+-", "$1-N-"));
        tenant.assertCollected();
    }

    @SuppressWarnings("unchecked") // there is no class of a parameterized type
    private static Class<? extends Callable<?>> callable() {
        return (Class<? extends Callable<?>>) (Class<?>) Callable.class;
    }

    static final class Ignores implements Callable<Object>, Runnable {
        @Override
        public void run() {
            while (!Boolean.getBoolean("ForgottenThreadsTest.end")) { // the test's own field is not to be seen
                LockSupport.parkNanos(1_000_000);
            }
        }

        @Override
        public Object call() {
            new Thread(this, "deaf").start();
            return "";
        }
    }

    @Test
    void aThreadThatIgnoresAnInterruptIsNamedWithWhereItIs() throws Exception {
        RegistryTenant tenant = RegistryTenant.thatRan(Ignores.class);
        tenant.assertHeld();
        List<String> left = new ForgottenThreads(Duration.ofMillis(1)).clear(tenant.owner());
        assertEquals(1, left.size());
        assertTrue(
                left.get(0)
                        .startsWith("thread \"deaf\" of " + Ignores.class.getName()
                                + " was never stopped, and does not end when it is interrupted: at "),
                left.get(0));
        System.setProperty(END, "true");
        tenant.assertCollected();
        System.clearProperty(END);
    }

    static final class Throws implements Callable<Object> {
        static final class Pool extends ThreadPoolExecutor {
            Pool() {
                super(1, 1, 1, TimeUnit.HOURS, new LinkedBlockingQueue<>());
            }

            @Override
            public List<Runnable> shutdownNow() {
                super.shutdownNow();
                throw new IllegalStateException("the application does not want to");
            }
        }

        static final class Deaf extends Thread {
            @Override
            public void run() {
                new Waits().run();
            }

            @Override
            public void interrupt() {
                super.interrupt();
                throw new IllegalStateException("neither here");
            }

            @Override
            public ClassLoader getContextClassLoader() {
                throw new IllegalStateException("nor here");
            }
        }

        @Override
        public Object call() throws Exception {
            new Deaf().start();
            new Pool().submit(() -> {}).get();
            new Thread(new Waits(), "last").start();
            return "";
        }
    }

    @Test
    void whatThrowsWhenItIsStoppedDoesNotKeepTheOthersGoing() throws Exception {
        RegistryTenant tenant = RegistryTenant.thatRan(Throws.class);
        assertEquals(3, patient.clear(tenant.owner()).size());
        tenant.assertCollected();
    }

    @Test
    void threadsOfOthersGoOn() throws Exception {
        RegistryTenant tenant = new RegistryTenant(ForgottenThreadsTest.class);
        ExecutorService others = Executors.newSingleThreadExecutor();
        try {
            assertEquals("runs", others.submit(() -> "runs").get());
            assertEquals(List.of(), patient.clear(tenant.owner()));
            assertFalse(others.isShutdown());
        } finally {
            others.shutdownNow();
        }
    }
}
