package dev.supervisor.build;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class OpenOutputsTest {

    private final List<String> warnings = new ArrayList<>();
    private final OpenOutputs outputs = new OpenOutputs(warnings::add);
    private final CountDownLatch end = new CountDownLatch(1);

    private void leave(int readers) {
        for (int i = 0; i < readers; i++) {
            Thread reader = new Thread(() -> {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            reader.setDaemon(true);
            reader.start();
            outputs.left(reader);
        }
    }

    @Test
    void thatOutputsStayOpenIsSaidWhenTheyAreMany() {
        leave(7);
        assertEquals(List.of(), warnings);
        leave(1);
        assertEquals(1, warnings.size());
        leave(7);
        assertEquals(1, warnings.size());
        leave(1);
        assertEquals(
                "16 builds have left something running that holds their output open, each of which costs a thread and a"
                        + " descriptor (let it write elsewhere: COMMAND > /dev/null 2>&1 &)",
                warnings.get(1));
        end.countDown();
    }

    @Test
    void thoseThatHaveEndedDoNotCount() throws Exception {
        for (int i = 0; i < 100; i++) {
            Thread reader = new Thread(() -> {});
            reader.start();
            reader.join();
            outputs.left(reader);
        }
        assertEquals(List.of(), warnings);
    }
}
