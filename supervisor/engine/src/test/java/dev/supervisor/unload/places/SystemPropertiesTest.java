package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

final class SystemPropertiesTest {

    private static final String OWN = SystemPropertiesTest.class.getName() + "$Own";

    @Test
    void anObjectThatWasNeverRemovedIs() throws Exception {
        Object ofTheJvm = new Own();
        System.getProperties().put("test.shared", ofTheJvm);
        try {
            RegistryTenant tenant = RegistryTenant.thatRan(Puts.class);
            tenant.assertHeld();
            assertEquals(
                    List.of(
                            "system property " + OWN + " is an object that was never removed",
                            "system property test.own is an object that was never removed"),
                    new SystemProperties()
                            .clear(tenant.owner()).stream().sorted().toList());
            tenant.assertCollected();
            assertSame(ofTheJvm, System.getProperties().get("test.shared"));
            assertEquals("text", System.getProperty("test.text"));
        } finally {
            System.getProperties().remove("test.shared");
            System.clearProperty("test.text");
        }
    }

    static final class Own {}

    static final class Puts implements Callable<Object> {
        @Override
        public Object call() {
            System.getProperties().put("test.own", new Own());
            System.getProperties().put(new Own(), "value");
            System.setProperty("test.text", "text");
            return "";
        }
    }
}
