package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.beans.Introspector;
import java.beans.SimpleBeanInfo;
import java.beans.Statement;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

final class BeanInfosTest {

    private final BeanInfos beanInfos = new BeanInfos();
    private final ThreadGroup group = new ThreadGroup("of the JVM");

    @Test
    void aBeanIsForgotten() throws Exception {
        RegistryTenant tenant = RegistryTenant.thatRan(LooksInto.class);
        tenant.assertHeld();
        assertEquals(List.of(), beanInfos.clear(tenant.owner()));
        tenant.assertCollected();
    }

    @Test
    void soIsOneThatAThreadOfAnotherGroupHasLookedInto() throws Exception {
        RegistryTenant tenant = new RegistryTenant(BeanInfosTest.class);
        tenant.run(LooksInto.class, group);
        tenant.leave();
        tenant.assertHeld();
        assertEquals(List.of(), beanInfos.clear(tenant.owner()));
        tenant.assertCollected();
    }

    @Test
    void soIsOneWhoseMethodWasCalledByName() throws Exception {
        RegistryTenant tenant = RegistryTenant.thatRan(Calls.class);
        tenant.assertHeld();
        assertEquals(List.of(), beanInfos.clear(tenant.owner()));
        tenant.assertCollected();
    }

    public static class Bean {
        private int size;

        public int getSize() {
            return size;
        }

        public void setSize(int size) {
            this.size = size;
        }
    }

    public static final class BeanBeanInfo extends SimpleBeanInfo {}

    static final class LooksInto implements Callable<Object> {
        @Override
        public Object call() throws Exception {
            return Introspector.getBeanInfo(Bean.class);
        }
    }

    static final class Calls implements Callable<Object> {
        @Override
        public Object call() throws Exception {
            new Statement(new Bean(), "setSize", new Object[] {1}).execute();
            return "";
        }
    }
}
