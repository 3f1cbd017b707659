package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.supervisor.inspect.InternalField;
import java.io.ObjectInputFilter;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SerialFiltersTest {

    private final SerialFilters filters = new SerialFilters();

    @AfterEach
    void unset() {
        InternalField.field(ObjectInputFilter.Config.class, "serialFilter")
                .orElseThrow()
                .set(null, null);
    }

    @Test
    void theFilterIsTakenBackAndTheNextMaySetOne() throws Exception {
        RegistryTenant tenant = RegistryTenant.thatRan(SetsFilter.class);
        tenant.assertHeld();
        assertEquals(
                List.of("deserialization filter " + OwnFilter.class.getName()
                        + " was set, which no application can take back"),
                filters.clear(tenant.owner()));
        tenant.assertCollected();
        RegistryTenant next = new RegistryTenant(SerialFiltersTest.class);
        next.run(SetsFilter.class);
        filters.clear(next.owner());
    }

    @Test
    void theFilterOfOthersStays() throws Exception {
        ObjectInputFilter ofTheJvm = new OwnFilter();
        ObjectInputFilter.Config.setSerialFilter(ofTheJvm);
        assertEquals(List.of(), filters.clear(new RegistryTenant(SerialFiltersTest.class).owner()));
        assertSame(ofTheJvm, ObjectInputFilter.Config.getSerialFilter());
    }

    static final class OwnFilter implements ObjectInputFilter {
        @Override
        public Status checkInput(FilterInfo info) {
            return Status.UNDECIDED;
        }
    }

    static final class SetsFilter implements Callable<Object> {
        @Override
        public Object call() {
            ObjectInputFilter.Config.setSerialFilter(new OwnFilter());
            return "";
        }
    }
}
