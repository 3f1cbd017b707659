package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class KeyboardTest {

    private final BlockingQueue<Optional<byte[]>> typed = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> polls = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final AtomicInteger restored = new AtomicInteger();

    private final Keyboard keyboard = new Keyboard(new Keyboard.Input() {
        @Override
        public Optional<byte[]> poll() {
            polls.add(1);
            Optional<byte[]> next = typed.poll();
            return next == null ? Optional.empty() : next;
        }

        @Override
        public void restore() {
            restored.incrementAndGet();
        }
    });

    private void type(String keys) {
        typed.add(Optional.of(keys.getBytes(StandardCharsets.UTF_8)));
    }

    private void listen() {
        keyboard.listen(() -> heard.add("ready"), key -> {
            heard.add(key.toString());
            switch (key) {
                case 'x' -> throw new IllegalStateException("a command that fails");
                case 'e' -> throw new OutOfMemoryError("for a test");
                case 'i' -> Thread.currentThread().interrupt();
                default -> {}
            }
        });
    }

    @Test
    void itSaysOnceThatKeysCanBePressedAndHearsOfThem() throws Exception {
        typed.add(Optional.empty());
        type("");
        type("h");
        type("l");
        listen();
        assertEquals("ready", heard.take());
        assertEquals("h", heard.take());
        assertEquals("l", heard.take());
        type("q");
        assertEquals("q", heard.take());
        keyboard.close();
    }

    @Test
    void aCommandThatFailsIsNotTheLast() throws Exception {
        listen();
        type("x");
        type("h");
        assertEquals("ready", heard.take());
        assertEquals("x", heard.take());
        assertEquals("h", heard.take());
        keyboard.close();
    }

    @Test
    void anErrorAndAnInterruptOfTheApplicationEndNothing() throws Exception {
        listen();
        type("e");
        type("i");
        assertEquals("ready", heard.take());
        assertEquals("e", heard.take());
        assertEquals("i", heard.take());
        type("h");
        assertEquals("h", heard.take());
        keyboard.close();
    }

    @Test
    void closedItRestoresTheTerminalAndHearsNoMore() throws Exception {
        listen();
        polls.take();
        keyboard.close();
        keyboard.close();
        assertEquals(2, restored.get()); // that is idempotent
        type("q");
        assertNull(heard.poll());
    }
}
