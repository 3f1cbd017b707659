package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

final class RecordMethodsTest {

    @Test
    void aRecordThatWasComparedIsForgotten() throws Exception {
        RegistryTenant tenant = RegistryTenant.thatRan(Compares.class);
        tenant.assertHeld();
        assertEquals(List.of(), new RecordMethods().clear(tenant.owner()));
        tenant.assertCollected();
    }

    record Name(Object first, int length) {}

    static final class Compares implements Callable<Object> {
        @Override
        public Object call() {
            Name name = new Name("a", 1);
            return name.equals(new Name("b", 1)) || name.hashCode() == 0;
        }
    }
}
