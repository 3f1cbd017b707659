package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.inspect.InternalField;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import javax.management.MBeanServer;
import javax.management.MBeanServerDelegate;
import javax.management.MBeanServerFactory;
import javax.management.Notification;
import javax.management.NotificationBroadcasterSupport;
import javax.management.NotificationEmitter;
import javax.management.NotificationFilter;
import javax.management.NotificationListener;
import javax.management.ObjectName;
import javax.management.relation.RelationService;
import org.junit.jupiter.api.Test;

final class MBeanListenersTest {

    private static final String ME = MBeanListenersTest.class.getName();

    private final MBeanListeners listeners = new MBeanListeners();
    private final NotificationListener ofTheJvm = (notification, handback) -> {};

    @Test
    void aListenerToMemoryThatWasNeverRemovedIs() throws Exception {
        assertRemoved(ListensToMemory.class, "OwnListener", "java.lang:type=Memory");
    }

    @Test
    void soIsAFilterOfAListenerOfTheJdk() throws Exception {
        assertRemoved(Filters.class, "OwnFilter", "java.lang:type=Memory");
    }

    @Test
    void soIsAHandback() throws Exception {
        assertRemoved(HandsBack.class, "OwnListener", "java.lang:type=Memory");
    }

    @Test
    void soIsAListenerToTheServer() throws Exception {
        assertRemoved(ListensToServer.class, "OwnListener", "JMImplementation:type=MBeanServerDelegate");
    }

    @Test
    void soIsAListenerToAnMBeanOfOthers() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName("test:type=Emitter");
        server.registerMBean(new Emitter(), name);
        try {
            assertRemoved(ListensToMBean.class, "OwnListener", "test:type=Emitter");
        } finally {
            server.unregisterMBean(name);
        }
    }

    @Test
    void soIsAListenerToAGarbageCollector() throws Exception {
        RegistryTenant tenant = RegistryTenant.thatRan(ListensToCollectors.class);
        tenant.assertHeld();
        List<String> left = listeners.clear(tenant.owner());
        assertEquals(ManagementFactory.getGarbageCollectorMXBeans().size(), left.size());
        assertTrue(
                left.get(0).startsWith("listener " + ME + "$OwnListener to notifications of java.lang:"), left.get(0));
        tenant.assertCollected();
    }

    @Test
    void noServerIsNeededForThat() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        List<MBeanServer> known = knownServers();
        known.remove(server);
        try {
            assertRemoved(ListensToMemory.class, "OwnListener", "java.lang:type=Memory");
        } finally {
            known.add(server);
        }
    }

    @SuppressWarnings("unchecked") // it is of that type
    private static List<MBeanServer> knownServers() {
        Object known = InternalField.field(MBeanServerFactory.class, "mBeanServerList")
                .orElseThrow()
                .get();
        return (List<MBeanServer>) Objects.requireNonNull(known);
    }

    @Test
    void theListenersOfOthersStay() throws Exception {
        NotificationEmitter memory = (NotificationEmitter) ManagementFactory.getMemoryMXBean();
        memory.addNotificationListener(ofTheJvm, null, null);
        assertEquals(List.of(), listeners.clear(new RegistryTenant(MBeanListenersTest.class).owner()));
        memory.removeNotificationListener(ofTheJvm); // throws if it is not there
    }

    private void assertRemoved(Class<? extends Callable<?>> action, String className, String from) throws Exception {
        RegistryTenant tenant = RegistryTenant.thatRan(action);
        tenant.assertHeld();
        assertEquals(
                List.of("listener " + ME + "$" + className + " to notifications of " + from + " was never removed"),
                listeners.clear(tenant.owner()));
        tenant.assertCollected();
    }

    static final class OwnListener implements NotificationListener {
        @Override
        public void handleNotification(Notification notification, Object handback) {}
    }

    static final class OwnFilter implements NotificationFilter {
        @Override
        public boolean isNotificationEnabled(Notification notification) {
            return true;
        }
    }

    public interface EmitterMBean {
        int getSize();
    }

    public static final class Emitter extends NotificationBroadcasterSupport implements EmitterMBean {
        @Override
        public int getSize() {
            return 1;
        }
    }

    static final class ListensToMemory implements Callable<Object> {
        @Override
        public Object call() {
            ((NotificationEmitter) ManagementFactory.getMemoryMXBean())
                    .addNotificationListener(new OwnListener(), null, null);
            return "";
        }
    }

    static final class Filters implements Callable<Object> {
        @Override
        public Object call() {
            ((NotificationEmitter) ManagementFactory.getMemoryMXBean())
                    .addNotificationListener(new RelationService(false), new OwnFilter(), null);
            return "";
        }
    }

    static final class HandsBack implements Callable<Object> {
        @Override
        public Object call() {
            ((NotificationEmitter) ManagementFactory.getMemoryMXBean())
                    .addNotificationListener(new RelationService(false), null, new OwnListener());
            return "";
        }
    }

    static final class ListensToServer implements Callable<Object> {
        @Override
        public Object call() throws Exception {
            ManagementFactory.getPlatformMBeanServer()
                    .addNotificationListener(MBeanServerDelegate.DELEGATE_NAME, new OwnListener(), null, null);
            return "";
        }
    }

    static final class ListensToMBean implements Callable<Object> {
        @Override
        public Object call() throws Exception {
            ManagementFactory.getPlatformMBeanServer()
                    .addNotificationListener(new ObjectName("test:type=Emitter"), new OwnListener(), null, null);
            return "";
        }
    }

    static final class ListensToCollectors implements Callable<Object> {
        @Override
        public Object call() {
            ManagementFactory.getGarbageCollectorMXBeans()
                    .forEach(bean ->
                            ((NotificationEmitter) bean).addNotificationListener(new OwnListener(), null, null));
            return "";
        }
    }
}
