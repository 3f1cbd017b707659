package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.inspect.SharedThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedPlacesTest {

    private static final String WAITER = "SharedPlacesTest";

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
            new Thread(this, "SharedPlacesTest").start();
            return "";
        }
    }

    private static boolean runs() {
        return SharedThreads.all().anyMatch(thread -> thread.getName().equals(WAITER));
    }

    @Test
    void whatThreadsOpenUntilTheirEndIsClosedToo() throws Exception {
        RegistryTenant tenant = RegistryTenant.thatRan(Waits.class);
        List<Boolean> atCalls = new ArrayList<>();
        SharedPlaces places = new SharedPlaces(Duration.ofSeconds(30));
        List<String> left = places.clear(tenant.owner(), () -> {
            atCalls.add(runs());
            return List.of("opened");
        });
        assertEquals(List.of(true, false), atCalls);
        assertEquals(2, left.stream().filter("opened"::equals).count());
    }
}
