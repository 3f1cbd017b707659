package dev.supervisor.unload.places;

import dev.supervisor.inspect.InternalField;
import java.lang.reflect.Method;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The provider of {@link System#getLogger}. JBoss Modules, on the supervisor's class path, offers a finder that keeps
 * all records and their loggers until a module is started in its own way, which never happens here. It is replaced by
 * the JDK's default: {@code java.util.logging}, if the runtime has that module.
 */
public final class SystemLoggers {

    private static final Logger LOG = LoggerFactory.getLogger(SystemLoggers.class);
    private static final String FINDERS = "jdk.internal.logger.LoggerFinderLoader";
    private static final String OF_JBOSS_MODULES = "org.jboss.modules.ModuleLoggerFinder";

    private SystemLoggers() {}

    /** Replaces JBoss Modules' finder. Idempotent. A finder of the embedding JVM's own stays. */
    public static void useDefault() {
        Optional<InternalField> service = InternalField.field(FINDERS, "service");
        if (service.isEmpty()) {
            return;
        }
        try {
            Class<?> finders = Class.forName(FINDERS);
            if (isOfJBossModules(call(finders.getDeclaredMethod("getLoggerFinder")))) {
                Object standard = call(finders.getDeclaredMethod("loadDefaultImplementation"));
                service.get().set(null, standard);
                replaceCopy("java.lang.System$LoggerFinder", "service", standard);
                replaceCopy("jdk.internal.logger.LazyLoggers", "provider", standard);
            }
        } catch (ReflectiveOperationException e) { // a JDK that makes it in another way
            LOG.warn("can't replace the System.LoggerFinder of JBoss Modules: {}", e.toString());
        }
    }

    private static Object call(Method method) throws ReflectiveOperationException {
        method.setAccessible(true);
        return method.invoke(null);
    }

    /** Replaces a cached copy, which is there if a logger was asked for before. */
    private static void replaceCopy(String className, String field, Object standard) {
        InternalField.field(className, field)
                .filter(copy -> isOfJBossModules(copy.get()))
                .ifPresent(copy -> copy.set(null, standard));
    }

    private static boolean isOfJBossModules(@Nullable Object finder) {
        return finder != null && finder.getClass().getName().equals(OF_JBOSS_MODULES);
    }
}
