package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.Callable;
import javax.management.MBeanRegistration;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.junit.jupiter.api.Test;

final class MBeansTest {

    private final MBeanServer platform = ManagementFactory.getPlatformMBeanServer();

    @Test
    void anMBeanThatWasNeverUnregisteredIs() throws Exception {
        int before = platform.getMBeanCount();
        RegistryTenant tenant = RegistryTenant.thatRan(Registers.class);
        tenant.assertHeld();
        assertEquals(
                List.of("MBean test:type=Own (" + Own.class.getName() + ") was never unregistered"),
                new MBeans().clear(tenant.owner()));
        tenant.assertCollected();
        assertEquals(before, platform.getMBeanCount());
    }

    @Test
    void soIsOneInAServerOfItsOwn() throws Exception {
        MBeanServer other = MBeanServerFactory.createMBeanServer("other");
        try {
            RegistryTenant tenant = RegistryTenant.thatRan(RegistersElsewhere.class);
            tenant.assertHeld();
            assertEquals(
                    List.of("MBean other:type=Own (" + Own.class.getName() + ") was never unregistered"),
                    new MBeans().clear(tenant.owner()));
            tenant.assertCollected();
        } finally {
            MBeanServerFactory.releaseMBeanServer(other);
        }
    }

    @Test
    void oneThatRefusesToBeUnregisteredIsAllTheSame() throws Exception {
        RegistryTenant tenant = RegistryTenant.thatRan(RegistersForEver.class);
        tenant.assertHeld();
        assertEquals(
                List.of("MBean test:type=Stubborn (" + Stubborn.class.getName() + ") was never unregistered"),
                new MBeans().clear(tenant.owner()));
        tenant.assertCollected();
        assertFalse(platform.isRegistered(new ObjectName("test:type=Stubborn")));
    }

    @Test
    void theMBeansOfOthersStay() throws Exception {
        ObjectName name = new ObjectName("test:type=Shared");
        platform.registerMBean(new Own(), name);
        try {
            assertEquals(List.of(), new MBeans().clear(new RegistryTenant(MBeansTest.class).owner()));
            assertTrue(platform.isRegistered(name));
        } finally {
            platform.unregisterMBean(name);
        }
    }

    public interface Bean {
        int getSize();
    }

    static final class Own extends StandardMBean implements Bean {
        Own() {
            super(Bean.class, false);
        }

        @Override
        public int getSize() {
            return 1;
        }
    }

    static final class Stubborn extends StandardMBean implements Bean, MBeanRegistration {
        Stubborn() {
            super(Bean.class, false);
        }

        @Override
        public int getSize() {
            return 1;
        }

        @Override
        public ObjectName preRegister(MBeanServer server, ObjectName name) {
            return name;
        }

        @Override
        public void postRegister(Boolean registrationDone) {}

        @Override
        public void preDeregister() {
            throw new IllegalStateException("not me");
        }

        @Override
        public void postDeregister() {}
    }

    static final class Registers implements Callable<Object> {
        @Override
        public Object call() throws Exception {
            return ManagementFactory.getPlatformMBeanServer().registerMBean(new Own(), new ObjectName("test:type=Own"));
        }
    }

    static final class RegistersForEver implements Callable<Object> {
        @Override
        public Object call() throws Exception {
            return ManagementFactory.getPlatformMBeanServer()
                    .registerMBean(new Stubborn(), new ObjectName("test:type=Stubborn"));
        }
    }

    static final class RegistersElsewhere implements Callable<Object> {
        @Override
        public Object call() throws Exception {
            for (MBeanServer server : MBeanServerFactory.findMBeanServer(null)) {
                if (server.getDefaultDomain().equals("other")) {
                    return server.registerMBean(new Own(), new ObjectName("other:type=Own"));
                }
            }
            throw new IllegalStateException("no server");
        }
    }
}
