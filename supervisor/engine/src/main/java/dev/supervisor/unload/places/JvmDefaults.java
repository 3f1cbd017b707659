package dev.supervisor.unload.places;

import dev.supervisor.inspect.GuardedCall;
import dev.supervisor.inspect.InitializedClasses;
import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.Owner;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.Thread.UncaughtExceptionHandler;
import java.lang.reflect.Method;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.ResponseCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settings that exist once in a JVM, such as {@link System#out}. An application may replace the value, and often wraps
 * it: the next generation would wrap the wrapper, and so keep all previous generations. So each generation begins with
 * the values from before the first.
 */
final class JvmDefaults implements SharedPlace {

    private static final Logger LOG = LoggerFactory.getLogger(JvmDefaults.class);

    private record Setting(String name, Supplier<@Nullable Object> get, Consumer<@Nullable Object> set) {}

    private static final List<Setting> SETTINGS = List.of(
            of("System.out", () -> System.out, value -> System.setOut((PrintStream) value)),
            of("System.err", () -> System.err, value -> System.setErr((PrintStream) value)),
            of("System.in", () -> System.in, value -> System.setIn((InputStream) value)),
            of(
                    "Thread.defaultUncaughtExceptionHandler",
                    Thread::getDefaultUncaughtExceptionHandler,
                    value -> Thread.setDefaultUncaughtExceptionHandler((UncaughtExceptionHandler) value)),
            of("Authenticator", Authenticator::getDefault, value -> Authenticator.setDefault((Authenticator) value)),
            of("ProxySelector", ProxySelector::getDefault, value -> ProxySelector.setDefault((ProxySelector) value)),
            of("CookieHandler", CookieHandler::getDefault, value -> CookieHandler.setDefault((CookieHandler) value)),
            of("ResponseCache", ResponseCache::getDefault, value -> ResponseCache.setDefault((ResponseCache) value)),
            internalField("javax.net.ssl.HttpsURLConnection", "defaultHostnameVerifier"),
            internalField("javax.net.ssl.HttpsURLConnection", "defaultSSLSocketFactory"),
            internalField("javax.net.ssl.SSLContext", "defaultContext"),
            internalField("java.net.URLConnection", "fileNameMap"),
            internalField("java.rmi.server.RMISocketFactory", "handler"),
            of("SecurityManager", JvmDefaults::securityManager, JvmDefaults::setSecurityManager),
            internalField("io.netty.util.internal.logging.InternalLoggerFactory", "defaultFactory"),
            internalField("io.netty.util.ResourceLeakDetectorFactory", "factoryInstance"),
            // these can be set only once, unless they are null
            internalField("java.io.ObjectInputFilter$Config", "serialFilter"),
            internalField("java.net.URL", "factory"),
            internalField("java.net.URLConnection", "factory"),
            internalField("java.net.Socket", "factory"),
            internalField("java.net.ServerSocket", "factory"),
            internalField("java.net.DatagramSocket", "factory"),
            internalField("java.rmi.server.RMISocketFactory", "factory"),
            internalField("javax.naming.spi.NamingManager", "initctx_factory_builder"),
            internalField("javax.naming.spi.NamingManager", "object_factory_builder"),
            internalField("com.sun.naming.internal.NamingManagerHelper", "object_factory_builder"));

    /** The last value of each setting that belonged to no application. */
    private static final Map<Setting, Optional<Object>> ORIGINALS = new ConcurrentHashMap<>();

    /** Uses reflection, since javac warns about security managers. */
    private static @Nullable Object securityManager() {
        try {
            return System.class.getMethod("getSecurityManager").invoke(null);
        } catch (ReflectiveOperationException e) { // a JDK without security managers
            return null;
        }
    }

    private static void setSecurityManager(@Nullable Object manager) {
        for (Method method : System.class.getMethods()) {
            if (method.getName().equals("setSecurityManager")) {
                try {
                    method.invoke(null, manager);
                } catch (ReflectiveOperationException e) { // forbidden since JDK 18, and the current manager may refuse
                    LOG.warn("can't set back the SecurityManager: {}", String.valueOf(e.getCause()));
                }
            }
        }
    }

    private static Setting of(String name, Supplier<@Nullable Object> get, Consumer<@Nullable Object> set) {
        return new Setting(name, get, set);
    }

    private static Setting internalField(String className, String fieldName) {
        return of(
                className + "." + fieldName,
                () -> field(className, fieldName).map(InternalField::get).orElse(null),
                value -> field(className, fieldName).ifPresent(field -> field.set(null, value)));
    }

    private static Optional<InternalField> field(String className, String fieldName) {
        return InitializedClasses.maybe(className) ? InternalField.field(className, fieldName) : Optional.empty();
    }

    /**
     * The values that were replaced at the start of a new generation, which must not find values of another generation.
     */
    record Former(Map<String, Object> values) {

        /**
         * Restores the values of the live generation, since the new one has failed to start.
         *
         * @param isOfLiving whether an object belongs to a generation that has not ended; an ended one has no use for
         *     it
         */
        void restore(Predicate<Object> isOfLiving) {
            SETTINGS.forEach(setting -> Optional.ofNullable(values.get(setting.name()))
                    .filter(isOfLiving)
                    .ifPresent(setting.set()));
        }
    }

    /**
     * Called before a generation starts.
     *
     * @param isOfAnyGeneration whether an object belongs to a generation, including ended ones
     */
    static Former begin(Predicate<Object> isOfAnyGeneration) {
        Map<String, Object> replaced = new ConcurrentHashMap<>();
        for (Setting setting : SETTINGS) {
            Object value = setting.get().get();
            if (value != null && isOfAnyGeneration.test(value)) {
                replaced.put(setting.name(), value);
                reset(setting);
            } else {
                ORIGINALS.put(setting, Optional.ofNullable(value));
            }
        }
        return new Former(replaced);
    }

    private static void reset(Setting setting) {
        setting.set().accept(ORIGINALS.getOrDefault(setting, Optional.empty()).orElse(null));
    }

    @Override
    public List<String> clear(Owner owner) {
        List<String> left = new ArrayList<>();
        for (Setting setting : SETTINGS) {
            GuardedCall.run(owner, "set back " + setting.name(), () -> {
                Object value = setting.get().get();
                if (owner.reaches(value)) {
                    left.add(setting.name() + " was set to something of " + owner.ownClassBehind(value)
                            + " and not set back");
                    reset(setting);
                }
            });
        }
        return left;
    }
}
