package dev.supervisor.calls;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanRegistrationException;
import javax.management.MBeanServer;
import javax.management.MBeanServerConnection;
import javax.management.NotCompliantMBeanException;
import javax.management.ObjectInstance;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registering MBeans: a newer generation takes over the names of the one before, which may still be draining, and does
 * not lose them again when that one unregisters them at its end.
 */
public final class MBeanCalls {

    private static final Logger LOG = LoggerFactory.getLogger(MBeanCalls.class);

    private record Place(MBeanServerConnection server, ObjectName name) {}

    private static final Map<Place, Resident> OWNERS = new ConcurrentHashMap<>();

    private MBeanCalls() {}

    public static ObjectInstance registerMBean(MBeanServer server, Object bean, ObjectName name, Class<?> caller)
            throws InstanceAlreadyExistsException, MBeanRegistrationException, NotCompliantMBeanException {
        Resident resident = Resident.of(caller).orElse(null);
        if (resident == null) {
            return server.registerMBean(bean, name);
        }
        if (name != null && isOfAnother(server, name, resident)) {
            unregisterQuietly(new Place(server, name));
        }
        ObjectInstance registered = server.registerMBean(bean, name);
        OWNERS.put(new Place(server, registered.getObjectName()), resident);
        return registered;
    }

    public static void unregisterMBean(MBeanServer server, ObjectName name, Class<?> caller)
            throws InstanceNotFoundException, MBeanRegistrationException {
        if (mayUnregister(server, name, caller)) {
            server.unregisterMBean(name);
        }
    }

    public static void unregisterMBean(MBeanServerConnection server, ObjectName name, Class<?> caller)
            throws InstanceNotFoundException, MBeanRegistrationException, IOException {
        if (mayUnregister(server, name, caller)) {
            server.unregisterMBean(name);
        }
    }

    private static boolean mayUnregister(MBeanServerConnection server, ObjectName name, Class<?> caller) {
        Resident resident = Resident.of(caller).orElse(null);
        if (resident == null || name == null || !isOfAnother(server, name, resident)) {
            OWNERS.remove(new Place(server, name));
            return true;
        }
        return false;
    }

    private static boolean isOfAnother(MBeanServerConnection server, ObjectName name, Resident resident) {
        Resident owner = OWNERS.get(new Place(server, name));
        return owner != null && owner != resident;
    }

    private static boolean unregisterQuietly(Place place) {
        OWNERS.remove(place);
        try {
            if (place.server().isRegistered(place.name())) {
                place.server().unregisterMBean(place.name());
                return true;
            }
        } catch (JMException | IOException | RuntimeException e) { // by code of the application, before or after
            LOG.debug("can't unregister {}", place.name(), e);
        }
        return false;
    }

    /** Unregisters what the generation has left, and says what that was. */
    static List<String> clear(Resident resident) {
        List<String> left = new ArrayList<>();
        OWNERS.forEach((place, owner) -> {
            if (owner == resident && unregisterQuietly(place)) {
                left.add("MBean " + place.name() + " was never unregistered");
            }
        });
        return left;
    }
}
