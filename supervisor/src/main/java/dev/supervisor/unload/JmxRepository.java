package dev.supervisor.unload;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** Where an MBean server of the JDK keeps its objects, for what the server refuses to give or to remove. */
final class JmxRepository {

    private static final String SERVER = "com.sun.jmx.mbeanserver.JmxMBeanServer";
    private static final String REPOSITORY = "com.sun.jmx.mbeanserver.Repository";

    private final ReadWriteLock lock;
    private final Map<?, ?> domains;

    private JmxRepository(ReadWriteLock lock, Map<?, ?> domains) {
        this.lock = lock;
        this.domains = domains;
    }

    /** Empty if that is another kind of server. */
    static Optional<JmxRepository> of(MBeanServer server) {
        if (!server.getClass().getName().equals(SERVER)) {
            return Optional.empty();
        }
        Object interceptor = value(SERVER, "mbsInterceptor", server);
        Object repository = value("com.sun.jmx.interceptor.DefaultMBeanServerInterceptor", "repository", interceptor);
        return value(REPOSITORY, "lock", repository) instanceof ReadWriteLock lock
                        && value(REPOSITORY, "domainTb", repository) instanceof Map<?, ?> domains
                ? Optional.of(new JmxRepository(lock, domains))
                : Optional.empty();
    }

    /** What was registered with this name, without the wrapper that makes a dynamic MBean of it. */
    Optional<Object> get(ObjectName name) {
        Object named = locked(name, false);
        Object object = value("com.sun.jmx.mbeanserver.NamedObject", "object", named);
        String wrapper = "com.sun.jmx.mbeanserver.MBeanSupport";
        Object resource = value(wrapper, "resource", object);
        return Optional.ofNullable(resource == null ? object : resource);
    }

    /** Removes it, and asks nobody. */
    void remove(ObjectName name) {
        locked(name, true);
    }

    private @Nullable Object locked(ObjectName name, boolean remove) {
        String key = name.getCanonicalKeyPropertyListString();
        lock.writeLock().lock();
        try {
            Map<?, ?> domain = (Map<?, ?>) domains.get(name.getDomain());
            return domain == null ? null : remove ? domain.remove(key) : domain.get(key);
        } finally {
            lock.writeLock().unlock();
        }
    }

    private static @Nullable Object value(String className, String field, @Nullable Object object) {
        return Inside.field(className, field)
                .filter(inside -> inside.isIn(object))
                .map(inside -> inside.get(object))
                .orElse(null);
    }
}
