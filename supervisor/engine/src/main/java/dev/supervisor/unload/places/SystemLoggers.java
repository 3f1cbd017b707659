package dev.supervisor.unload.places;

import dev.supervisor.inspect.InternalField;
import java.lang.reflect.Method;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who answers {@link System#getLogger}. JBoss Modules is on the class path of the supervisor and offers a finder that
 * keeps all records, and whoever logs them, until a module is started in its own way, which never happens here. In its
 * place comes what the JDK has without it: {@code java.util.logging}, if the runtime has that module.
 */
public final class SystemLoggers {

    private static final Logger LOG = LoggerFactory.getLogger(SystemLoggers.class);
    private static final String FINDERS = "jdk.internal.logger.LoggerFinderLoader";
    private static final String OF_JBOSS_MODULES = "org.jboss.modules.ModuleLoggerFinder";

    private SystemLoggers() {}

    /** Idempotent. A finder of an embedding JVM's own stays. */
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

    /** If somebody has asked for a logger before. */
    private static void replaceCopy(String className, String field, Object standard) {
        InternalField.field(className, field)
                .filter(copy -> isOfJBossModules(copy.get()))
                .ifPresent(copy -> copy.set(null, standard));
    }

    private static boolean isOfJBossModules(@Nullable Object finder) {
        return finder != null && finder.getClass().getName().equals(OF_JBOSS_MODULES);
    }
}
