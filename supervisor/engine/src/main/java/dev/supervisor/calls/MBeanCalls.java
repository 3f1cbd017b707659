package dev.supervisor.calls;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
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
 * Registers and unregisters MBeans. A newer generation takes over the names of the previous one, which may still be
 * draining, and keeps them when the previous one unregisters them at its end.
 */
public final class MBeanCalls {

    private static final Logger LOG = LoggerFactory.getLogger(MBeanCalls.class);

    private record Place(MBeanServerConnection server, ObjectName name) {

        /** Waits until no other thread uses this place. The calling thread must end the turn. */
        Turn turn() {
            Turn turn = Objects.requireNonNull(TURNS.compute(this, (place, known) -> {
                Turn own = known == null ? new Turn(place) : known;
                own.users++;
                return own;
            }));
            turn.lock.lock();
            return turn;
        }
    }

    /** A lock for one name: threads change its registration, and its owner, one after the other. */
    private static final class Turn {

        private final Place place;
        private final ReentrantLock lock = new ReentrantLock();

        /** Changed only within the computations of the map. */
        private int users;

        Turn(Place place) {
            this.place = place;
        }

        void end() {
            lock.unlock();
            TURNS.computeIfPresent(place, (unused, turn) -> --turn.users == 0 ? null : turn);
        }
    }

    /** The turns of places that threads are changing at this moment, or wait to change. */
    private static final Map<Place, Turn> TURNS = new ConcurrentHashMap<>();

    private static final Map<Place, CallingGeneration> OWNERS = new ConcurrentHashMap<>();

    private MBeanCalls() {}

    public static ObjectInstance registerMBean(MBeanServer server, Object bean, ObjectName name, Class<?> caller)
            throws InstanceAlreadyExistsException, MBeanRegistrationException, NotCompliantMBeanException {
        CallingGeneration callingGeneration = CallingGeneration.of(caller).orElse(null);
        if (callingGeneration == null) {
            return server.registerMBean(bean, name);
        }
        Place place = new Place(server, name);
        Turn turn = place.turn();
        try {
            if (isOfAnother(place, callingGeneration)) {
                unregisterQuietly(place);
            }
            ObjectInstance registered = server.registerMBean(bean, name);
            OWNERS.put(new Place(server, registered.getObjectName()), callingGeneration);
            return registered;
        } finally {
            turn.end();
        }
    }

    public static void unregisterMBean(MBeanServer server, ObjectName name, Class<?> caller)
            throws InstanceNotFoundException, MBeanRegistrationException {
        Place place = new Place(server, name);
        Turn turn = place.turn();
        try {
            if (mayUnregister(place, caller)) {
                server.unregisterMBean(name);
            }
        } finally {
            turn.end();
        }
    }

    public static void unregisterMBean(MBeanServerConnection server, ObjectName name, Class<?> caller)
            throws InstanceNotFoundException, MBeanRegistrationException, IOException {
        Place place = new Place(server, name);
        Turn turn = place.turn();
        try {
            if (mayUnregister(place, caller)) {
                server.unregisterMBean(name);
            }
        } finally {
            turn.end();
        }
    }

    private static boolean mayUnregister(Place place, Class<?> caller) {
        CallingGeneration callingGeneration = CallingGeneration.of(caller).orElse(null);
        if (callingGeneration != null && isOfAnother(place, callingGeneration)) {
            return false;
        }
        OWNERS.remove(place);
        return true;
    }

    private static boolean isOfAnother(Place place, CallingGeneration callingGeneration) {
        CallingGeneration owner = OWNERS.get(place);
        return owner != null && owner != callingGeneration;
    }

    private static boolean unregisterQuietly(Place place) {
        OWNERS.remove(place);
        try {
            if (place.server().isRegistered(place.name())) {
                place.server().unregisterMBean(place.name());
                return true;
            }
        } catch (JMException | IOException | RuntimeException e) { // thrown by code of the application, before or after
            LOG.debug("can't unregister {}", place.name(), e);
        }
        return false;
    }

    /** Unregisters the MBeans that the generation has left, and describes them. */
    static List<String> clear(CallingGeneration callingGeneration) {
        List<String> left = new ArrayList<>();
        OWNERS.forEach((place, owner) -> {
            if (owner == callingGeneration && unregisterIfStillOf(callingGeneration, place)) {
                left.add("MBean " + place.name() + " was never unregistered");
            }
        });
        return left;
    }

    /** Unregisters the place's MBean, unless a newer generation has taken it over meanwhile. */
    private static boolean unregisterIfStillOf(CallingGeneration callingGeneration, Place place) {
        Turn turn = place.turn();
        try {
            return OWNERS.get(place) == callingGeneration && unregisterQuietly(place);
        } finally {
            turn.end();
        }
    }
}
