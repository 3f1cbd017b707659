package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SignalHandlersTest {

    private static final String NAME = "CONT"; // nobody needs it here, and by default nothing happens

    private final CountDownLatch told = new CountDownLatch(1);

    @BeforeEach
    void notOnWindows() {
        assumeFalse(System.getProperty("os.name").startsWith("Windows"));
    }

    @AfterEach
    void handleByDefault() throws Exception {
        Object byDefault =
                Class.forName("sun.misc.SignalHandler").getField("SIG_DFL").get(null);
        Handles.handle(NAME, byDefault);
    }

    @Test
    void theHandlerThatWasThereBeforeIsSetBack() throws Exception {
        Handles.handle(NAME, Handles.handler(told::countDown));
        SignalHandlers handlers = new SignalHandlers();
        RegistryTenant tenant = RegistryTenant.thatRan(Handles.class);
        tenant.assertHeld();
        assertDescribed(handlers.clear(tenant.owner()));
        tenant.assertCollected();
        Handles.raise(NAME);
        assertTrue(told.await(60, TimeUnit.SECONDS));
    }

    @Test
    void ifThereWasNoneTheJvmHandlesIt() throws Exception {
        SignalHandlers handlers = new SignalHandlers();
        RegistryTenant tenant = RegistryTenant.thatRan(Handles.class);
        tenant.assertHeld();
        assertDescribed(handlers.clear(tenant.owner()));
        tenant.assertCollected();
    }

    @Test
    void theHandlersOfOthersStay() throws Exception {
        SignalHandlers handlers = new SignalHandlers();
        Handles.handle(NAME, Handles.handler(told::countDown));
        assertEquals(List.of(), handlers.clear(new RegistryTenant(SignalHandlersTest.class).owner()));
        Handles.raise(NAME);
        assertTrue(told.await(60, TimeUnit.SECONDS));
    }

    private static void assertDescribed(List<String> left) {
        assertEquals(1, left.size());
        assertTrue(left.get(0).matches("handler \\S+ of the signal SIG" + NAME + " was never set back"), left.get(0));
    }

    static final class Handles implements Callable<Object> {
        @Override
        public Object call() throws Exception {
            return handle("CONT", handler(() -> {}));
        }

        static Object handler(Runnable action) throws ClassNotFoundException {
            return Proxy.newProxyInstance(
                    Handles.class.getClassLoader(),
                    new Class<?>[] {Class.forName("sun.misc.SignalHandler")},
                    (proxy, method, arguments) -> {
                        action.run();
                        return null;
                    });
        }

        static Object handle(String name, Object handler) throws ReflectiveOperationException {
            Class<?> type = Class.forName("sun.misc.Signal");
            Object signal = type.getConstructor(String.class).newInstance(name);
            return type.getMethod("handle", type, Class.forName("sun.misc.SignalHandler"))
                    .invoke(null, signal, handler);
        }

        static void raise(String name) throws ReflectiveOperationException {
            Class<?> type = Class.forName("sun.misc.Signal");
            type.getMethod("raise", type)
                    .invoke(null, type.getConstructor(String.class).newInstance(name));
        }
    }
}
