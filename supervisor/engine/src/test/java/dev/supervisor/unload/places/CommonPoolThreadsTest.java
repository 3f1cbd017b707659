package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CommonPoolThreadsTest {

    public static final class OfTheJvm {

        static final ForkJoinPool POOL = new ForkJoinPool(1, new CommonPoolThreads(), null, false);

        private OfTheJvm() {}

        public static void run(Runnable task) {
            POOL.submit(task).join();
        }
    }

    static final class User {}

    static final class IsTheFirst implements Runnable {

        private static final InheritableThreadLocal<User> USER = new InheritableThreadLocal<>();
        private static final ThreadLocal<User> FORGOTTEN = new ThreadLocal<>();

        @Override
        public void run() {
            USER.set(new User());
            OfTheJvm.run(() -> FORGOTTEN.set(new User()));
        }
    }

    /** The supervisor's command, as far as the pool is concerned. */
    static final class Command {

        private Command() {}

        public static void main(String[] args) {
            CommonPoolThreads.install();
            int sum = IntStream.range(0, 100_000).parallel().map(i -> i % 2).sum();
            String later = CompletableFuture.supplyAsync(() -> "later").join();
            CompletableFuture<Thread> worker = new CompletableFuture<>();
            ForkJoinPool.commonPool().execute(() -> worker.complete(Thread.currentThread()));
            System.out.println(sum + " " + later + " " + worker.join().getName() + " "
                    + ForkJoinPool.commonPool().getFactory().getClass().getSimpleName());
        }
    }

    @Test
    void aWorkerIsFreeOfTheGenerationThatNeededItFirst() throws Exception {
        QueueTenant tenant = QueueTenant.thatRan(IsTheFirst.class, User.class);
        Thread worker = OfTheJvm.POOL.submit(Thread::currentThread).join();
        assertEquals("system", worker.getThreadGroup().getName());
        assertSame(ClassLoader.getSystemClassLoader(), worker.getContextClassLoader());
        tenant.awaitCollected();
        assertTrue(worker.isAlive());
        assertSame(worker, OfTheJvm.POOL.submit(Thread::currentThread).join());
    }

    @Test
    void aFactoryOfTheUserStays() {
        String property = "java.util.concurrent.ForkJoinPool.common.threadFactory";
        String before = System.setProperty(property, "com.acme.Factory");
        try {
            CommonPoolThreads.install();
            assertEquals("com.acme.Factory", System.getProperty(property));
        } finally {
            restore(property, before);
        }
    }

    private static void restore(String property, @Nullable String value) {
        if (value == null) {
            System.clearProperty(property);
        } else {
            System.setProperty(property, value);
        }
    }

    @Test
    void theCommonPoolWorksWithIt() throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Command.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertTrue(
                said.strip().matches("(?s).*50000 later ForkJoinPool.commonPool-worker-[0-9]+ CommonPoolThreads"),
                said);
    }
}
