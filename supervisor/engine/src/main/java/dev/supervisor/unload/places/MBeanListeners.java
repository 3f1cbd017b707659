package dev.supervisor.unload.places;

import dev.supervisor.inspect.GuardedCall;
import dev.supervisor.inspect.InitializedClasses;
import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.Owner;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryManagerMXBean;
import java.lang.management.PlatformManagedObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.NotificationEmitter;
import javax.management.NotificationFilter;
import javax.management.NotificationListener;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * Notification listeners of MBeans that outlive the application, such as the MBeans of the garbage collectors.
 * Listeners are found in private fields only; the MBean removes them, and may switch its notifications off then.
 */
final class MBeanListeners implements SharedPlace {

    private static final String BROADCASTER = "javax.management.NotificationBroadcasterSupport";
    private static final String EMITTER = "sun.management.NotificationEmitterSupport";
    private static final String WRAPPER = "com.sun.jmx.interceptor.DefaultMBeanServerInterceptor$ListenerWrapper";

    @Override
    public List<String> clear(Owner owner) {
        IdentityHashMap<NotificationEmitter, ObjectName> emitters = new IdentityHashMap<>();
        if (InitializedClasses.maybe("sun.management.ManagementFactoryHelper")) {
            addPlatform(emitters);
        }
        if (InitializedClasses.maybe("javax.management.MBeanServerFactory")) {
            MBeanServerFactory.findMBeanServer(null).forEach(server -> addRegistered(server, emitters));
        }
        List<String> left = new ArrayList<>();
        if (emitters.isEmpty()) { // always so in a runtime without that module
            return left;
        }
        emitters.forEach((emitter, name) -> clear(owner, emitter, name, left));
        return left;
    }

    /** Adds the platform's MBeans, which can have listeners even if no server has them registered. */
    private static void addPlatform(IdentityHashMap<NotificationEmitter, ObjectName> emitters) {
        List<MemoryManagerMXBean> managers = ManagementFactory.getMemoryManagerMXBeans();
        Stream.<PlatformManagedObject>concat(Stream.of(ManagementFactory.getMemoryMXBean()), managers.stream())
                .forEach(bean -> {
                    if (bean instanceof NotificationEmitter emitter) {
                        emitters.put(emitter, bean.getObjectName());
                    }
                });
    }

    private static void addRegistered(MBeanServer server, IdentityHashMap<NotificationEmitter, ObjectName> emitters) {
        JmxRepository.of(server).ifPresent(repository -> {
            for (ObjectName name : server.queryNames(null, null)) {
                if (repository.get(name).orElse(null) instanceof NotificationEmitter emitter) {
                    emitters.putIfAbsent(emitter, name);
                }
            }
        });
    }

    private static void clear(Owner owner, NotificationEmitter emitter, ObjectName name, List<String> left) {
        for (Object info : listenersOf(emitter)) {
            Object listener = value(info, "listener");
            Object filter = value(info, "filter");
            Object handback = value(info, "handback");
            Optional<Object> own = Stream.of(unwrapped(listener), filter, handback)
                    .flatMap(Stream::ofNullable)
                    .filter(owner::owns)
                    .findFirst();
            if (own.isPresent() && listener instanceof NotificationListener given) {
                GuardedCall.run(
                        owner,
                        "remove a listener to notifications of " + name,
                        () -> emitter.removeNotificationListener(given, (NotificationFilter) filter, handback));
                left.add("listener " + owner.ownClassBehind(own.get()) + " to notifications of " + name
                        + " was never removed");
            }
        }
    }

    private static List<Object> listenersOf(Object emitter) {
        return listOf(InternalField.value("javax.management.MBeanServerDelegate", "broadcaster", emitter)
                .or(() -> InternalField.value("javax.management.StandardEmitterMBean", "emitter", emitter))
                .orElse(emitter));
    }

    private static List<Object> listOf(Object holder) {
        return InternalField.value(BROADCASTER, "listenerList", holder)
                .or(() -> InternalField.value(EMITTER, "listenerList", holder))
                .<List<Object>>map(list -> new ArrayList<>((Collection<?>) list))
                .orElse(List.of());
    }

    private static @Nullable Object value(Object info, String name) {
        return InternalField.value(BROADCASTER + "$ListenerInfo", name, info)
                .or(() -> InternalField.value(EMITTER + "$ListenerInfo", name, info))
                .orElse(null);
    }

    private static @Nullable Object unwrapped(@Nullable Object listener) {
        return InternalField.value(WRAPPER, "listener", listener).orElse(listener);
    }
}
