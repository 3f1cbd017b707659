package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Constructor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.LogManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ShutdownHooksTest {

    private static final String RAN = "ShutdownHooksTest.ran";

    static final class Hooks implements Callable<Object> {
        @Override
        public Object call() {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.setProperty(RAN, "true")));
            return "";
        }
    }

    static final class Hangs implements Callable<Object> {
        @Override
        public Object call() {
            Runtime.getRuntime().addShutdownHook(new Thread(Hangs::hang, "hanging"));
            return "";
        }

        private static void hang() {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void aHookRunsAtTheEndOfItsGenerationAndNotAgain() throws Exception {
        RegistryTenant tenant = RegistryTenant.thatRan(Hooks.class);
        tenant.assertHeld();
        assertEquals(List.of(), new ShutdownHooks(Duration.ofSeconds(60)).clear(tenant.owner()));
        assertEquals("true", System.clearProperty(RAN));
        assertEquals(List.of(), new ShutdownHooks(Duration.ofSeconds(60)).clear(tenant.owner()));
        assertEquals(null, System.getProperty(RAN));
        tenant.assertCollected();
    }

    @Test
    void aHookThatHangsIsNamedAndEndsAsOtherThreadsDo() throws Exception {
        RegistryTenant tenant = RegistryTenant.thatRan(Hangs.class);
        List<String> left = new ShutdownHooks(Duration.ofMillis(1)).clear(tenant.owner());
        assertTrue(
                left.get(0)
                        .startsWith("shutdown hook \"hanging\" of " + Hangs.class.getName() + " did not return within"),
                left.get(0));
        assertEquals(
                1,
                new ForgottenThreads(Duration.ofSeconds(60))
                        .clear(tenant.owner())
                        .size());
        tenant.assertCollected();
    }

    static final class LogsFirst implements Callable<Object> {
        @Override
        public Object call() throws Exception {
            // as java.util.logging.LogManager registers its own when a thread is the first to log
            Constructor<?> cleaner =
                    Class.forName("java.util.logging.LogManager$Cleaner").getDeclaredConstructor(LogManager.class);
            cleaner.setAccessible(true);
            Runtime.getRuntime().addShutdownHook((Thread) cleaner.newInstance(LogManager.getLogManager()));
            return "";
        }
    }

    @Test
    void hooksOfTheJdkStayWhoeverWasTheFirstToNeedThem() throws Exception {
        ThreadGroup group = new ThreadGroup("tenant");
        RegistryTenant tenant = new RegistryTenant(ShutdownHooksTest.class);
        tenant.run(LogsFirst.class, group);
        List<Thread> before = cleaners();
        new ShutdownHooks(Duration.ofSeconds(60)).clear(tenant.owner(group));
        assertEquals(before, cleaners());
        before.stream()
                .filter(hook -> hook.getThreadGroup() == group)
                .forEach(hook -> assertTrue(Runtime.getRuntime().removeShutdownHook(hook)));
    }

    private static List<Thread> cleaners() {
        return ShutdownHooks.registered().stream()
                .filter(hook -> hook.getClass().getName().equals("java.util.logging.LogManager$Cleaner"))
                .toList();
    }

    static final class CannotStart implements Callable<Object> {
        static final class Hook extends Thread {
            @Override
            public synchronized void start() {
                throw new IllegalStateException("a hook of the application's own class");
            }
        }

        @Override
        public Object call() {
            Runtime.getRuntime().addShutdownHook(new Hook());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.setProperty(RAN, "true")));
            Runtime.getRuntime().addShutdownHook(new Hook());
            return "";
        }
    }

    @Test
    void aHookThatCannotBeStartedDoesNotKeepTheOthersFromRunning() throws Exception {
        RegistryTenant tenant = RegistryTenant.thatRan(CannotStart.class);
        assertEquals(List.of(), new ShutdownHooks(Duration.ofSeconds(60)).clear(tenant.owner()));
        assertEquals("true", System.clearProperty(RAN));
        tenant.assertCollected();
    }

    @Test
    void hooksOfOthersStay() throws Exception {
        Thread hook = new Thread(() -> {});
        Runtime.getRuntime().addShutdownHook(hook);
        new ShutdownHooks(Duration.ofSeconds(60)).clear(new RegistryTenant(ShutdownHooksTest.class).owner());
        assertFalse(hook.isAlive());
        assertTrue(Runtime.getRuntime().removeShutdownHook(hook));
    }
}
