package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.inspect.InternalField;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JulDefaultsTest {

    private final Logger root = Logger.getLogger("");
    private final Handler own = new Own();

    /** As an application does that sends its records elsewhere. */
    @BeforeEach
    void reset() {
        LogManager.getLogManager().reset();
        root.addHandler(own);
    }

    @AfterEach
    void restore() throws Exception {
        LogManager.getLogManager().readConfiguration();
    }

    @Test
    void theHandlersOfTheConfigurationAreThereAgainAfterAReset() {
        JulDefaults.begin(Own.class::isInstance);
        assertEquals(List.of("Own", "ConsoleHandler"), handlers());
    }

    @Test
    void aFailedStartTakesThemBack() {
        Runnable back = JulDefaults.begin(Own.class::isInstance);
        assertEquals(2, handlers().size());
        back.run();
        assertEquals(List.of("Own"), handlers());
    }

    /** A generation that ends meanwhile must find its handlers, or they stay for good. */
    @Test
    void aHandlerOfAnotherGenerationIsNeverMissing() {
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Boolean> always = CompletableFuture.supplyAsync(() -> {
            boolean there = true;
            while (!done.get()) {
                there &= Arrays.asList(root.getHandlers()).contains(own);
            }
            return there;
        });
        for (int i = 0; i < 300; i++) {
            InternalField.field(LogManager.class, "props")
                    .orElseThrow()
                    .set(LogManager.getLogManager(), new Properties());
            JulDefaults.begin(handler -> true);
        }
        done.set(true);
        assertTrue(always.join());
    }

    private List<String> handlers() {
        return Arrays.stream(root.getHandlers())
                .map(handler -> handler.getClass().getSimpleName())
                .toList();
    }

    private static final class Own extends Handler {

        @Override
        public void publish(LogRecord published) {}

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
