package dev.supervisor.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.unload.Unload;
import java.lang.ref.Reference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnloadTest {

    private static ClassLoader classLoader() {
        return new URLClassLoader(new URL[0], null);
    }

    private static boolean collectUntil(CountDownLatch reported) throws InterruptedException {
        for (int i = 0; i < 200; i++) {
            System.gc();
            if (reported.await(50, TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void aGenerationIsReportedWhenNothingIsLeftOfIt() throws Exception {
        List<Integer> unloaded = new CopyOnWriteArrayList<>();
        CountDownLatch reported = new CountDownLatch(1);
        ClassLoader held = classLoader();
        try (Unload unload = new Unload((generation, after) -> {
            assertFalse(after.isNegative());
            unloaded.add(generation);
            reported.countDown();
        })) {
            unload.watch(1, held);
            unload.watch(2, classLoader());
            assertEquals(2, unload.remaining());
            assertTrue(collectUntil(reported));
            assertEquals(List.of(2), unloaded);
            assertEquals(1, unload.remaining());
        } finally {
            Reference.reachabilityFence(held);
        }
    }

    @Test
    void anEndedGenerationOfARealModuleIsCollected(@TempDir Path temp) throws Exception {
        CountDownLatch reported = new CountDownLatch(1);
        try (Unload unload = new Unload((generation, after) -> reported.countDown())) {
            runAndWatch(unload, temp);
            assertTrue(collectUntil(reported));
        }
    }

    /** In a method of its own, so that no local variable holds on to the class loader. */
    private static void runAndWatch(Unload unload, Path temp) throws Exception {
        Path jar = Jars.jar()
                .withClasses(Applications.Good.class)
                .withService(Applications.Good.class)
                .writeTo(temp.resolve("app.jar"));
        try (AppModule module = AppModule.link("generation-1", List.of(jar))) {
            Provider.instantiate(module.classLoader(), Optional.empty(), "app.jar");
            unload.watch(1, module.classLoader());
        }
    }
}
