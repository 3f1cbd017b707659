package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

final class AwtContextTest {

    static final class WritesImage implements Runnable {

        @Override
        public void run() {
            try {
                ImageIO.write(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), "png", new ByteArrayOutputStream());
                asTheFirst();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Another test may have been. */
        private static void asTheFirst() throws ReflectiveOperationException {
            Class<?> type = Class.forName("sun.awt.AppContext");
            Field main = type.getDeclaredField("mainAppContext");
            Field loader = type.getDeclaredField("contextClassLoader");
            main.setAccessible(true);
            loader.setAccessible(true);
            loader.set(main.get(null), WritesImage.class.getClassLoader());
        }
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_25) // its registry keeps access control contexts, too, while there are any
    void whoWasTheFirstToWriteAnImageIsForgotten() throws Exception {
        QueueTenant tenant = QueueTenant.thatRan(WritesImage.class);
        assertTrue(tenant.isHeld());
        assertEquals(List.of(), tenant.clear(new AwtContext()));
        tenant.clear(new InheritedContexts()); // of the threads that it has started
        tenant.awaitCollected();
    }
}
