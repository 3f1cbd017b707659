package dev.supervisor.testing;

import dev.supervisor.Event;
import dev.supervisor.Supervisor;
import dev.supervisor.SupervisorOptions;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A program that runs an application under two supervisors for a moment, one after the other, and then returns from main. */
public final class Embedder {

    private Embedder() {}

    public static void main(String[] arguments) throws InterruptedException {
        for (int i = 0; i < 2; i++) {
            CountDownLatch serving = new CountDownLatch(1);
            SupervisorOptions options =
                    SupervisorOptions.builder(Path.of(arguments[0])).port(0).build();
            try (Supervisor supervisor = Supervisor.start(options, event -> {
                if (event instanceof Event.Serving) {
                    serving.countDown();
                }
            })) {
                serving.await();
                System.out.println("serving: " + supervisor.addresses().size());
            }
        }
        System.out.println("closed");
    }
}
