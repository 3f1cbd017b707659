package dev.supervisor.unload.places;

import dev.supervisor.inspect.InternalField;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** The table of a JDK MBean server's objects, for objects that the server refuses to return or to remove. */
final class JmxRepository {

    private static final String INTERCEPTOR = "com.sun.jmx.interceptor.DefaultMBeanServerInterceptor";
    private static final String REPOSITORY = "com.sun.jmx.mbeanserver.Repository";

    private final ReadWriteLock lock;
    private final Map<?, ?> domains;

    private JmxRepository(ReadWriteLock lock, Map<?, ?> domains) {
        this.lock = lock;
        this.domains = domains;
    }

    /** Returns the server's table, or nothing for a server of another kind. */
    static Optional<JmxRepository> of(MBeanServer server) {
        return InternalField.value("com.sun.jmx.mbeanserver.JmxMBeanServer", "mbsInterceptor", server)
                .flatMap(interceptor -> InternalField.value(INTERCEPTOR, "repository", interceptor))
                .flatMap(JmxRepository::in);
    }

    private static Optional<JmxRepository> in(Object repository) {
        return InternalField.value(REPOSITORY, "lock", repository)
                .flatMap(lock -> InternalField.value(REPOSITORY, "domainTb", repository)
                        .map(domains -> new JmxRepository((ReadWriteLock) lock, (Map<?, ?>) domains)));
    }

    /** Returns the object registered with this name, without the wrapper that makes it a dynamic MBean. */
    Optional<Object> get(ObjectName name) {
        Optional<Object> object =
                InternalField.value("com.sun.jmx.mbeanserver.NamedObject", "object", locked(name, false));
        return object.flatMap(
                        wrapper -> InternalField.value("com.sun.jmx.mbeanserver.MBeanSupport", "resource", wrapper))
                .or(() -> object);
    }

    /** Removes the object without calling any of its methods. */
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
}
