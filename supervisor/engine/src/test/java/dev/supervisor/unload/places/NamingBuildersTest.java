package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.supervisor.inspect.InternalField;
import java.util.Hashtable;
import java.util.List;
import java.util.concurrent.Callable;
import javax.naming.spi.InitialContextFactory;
import javax.naming.spi.InitialContextFactoryBuilder;
import javax.naming.spi.NamingManager;
import javax.naming.spi.ObjectFactory;
import javax.naming.spi.ObjectFactoryBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class NamingBuildersTest {

    private static final String ME = NamingBuildersTest.class.getName();

    private final NamingBuilders builders = new NamingBuilders();

    @AfterEach
    void unset() {
        InternalField.field(NamingManager.class, "initctx_factory_builder")
                .orElseThrow()
                .set(null, null);
    }

    @Test
    void theBuildersAreTakenBackAndTheNextMaySetThem() throws Exception {
        RegistryTenant tenant = RegistryTenant.thatRan(SetsBuilders.class);
        tenant.assertHeld();
        assertEquals(
                List.of(
                        "JNDI builder of factories " + ME + "$OwnContexts was set, which no application can take back",
                        "JNDI builder of factories " + ME + "$OwnObjects was set, which no application can take back"),
                builders.clear(tenant.owner()));
        tenant.assertCollected();
        RegistryTenant next = new RegistryTenant(NamingBuildersTest.class);
        next.run(SetsBuilders.class);
        builders.clear(next.owner());
    }

    @Test
    void theBuilderOfOthersStays() throws Exception {
        NamingManager.setInitialContextFactoryBuilder(new OwnContexts());
        assertEquals(List.of(), builders.clear(new RegistryTenant(NamingBuildersTest.class).owner()));
        assertThrows(
                IllegalStateException.class, () -> NamingManager.setInitialContextFactoryBuilder(new OwnContexts()));
    }

    static final class OwnContexts implements InitialContextFactoryBuilder {
        @Override
        public @Nullable InitialContextFactory createInitialContextFactory(@Nullable Hashtable<?, ?> environment) {
            return null;
        }
    }

    static final class OwnObjects implements ObjectFactoryBuilder {
        @Override
        public @Nullable ObjectFactory createObjectFactory(Object object, @Nullable Hashtable<?, ?> environment) {
            return null;
        }
    }

    static final class SetsBuilders implements Callable<Object> {
        @Override
        public Object call() throws Exception {
            NamingManager.setInitialContextFactoryBuilder(new OwnContexts());
            NamingManager.setObjectFactoryBuilder(new OwnObjects());
            return "";
        }
    }
}
