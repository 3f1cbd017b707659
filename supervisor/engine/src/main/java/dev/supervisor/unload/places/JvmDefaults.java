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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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

    /** @param isExclusive whether a generation must not find the value of another application while it starts */
    private record Setting(
            String name, boolean isExclusive, Supplier<@Nullable Object> get, Consumer<@Nullable Object> set) {

        Setting exclusive() {
            return new Setting(name, true, get, set);
        }
    }

    private static final List<Setting> SETTINGS = List.of(
            // often wrapped: the wrapper would keep the other application
            of("System.out", () -> System.out, value -> System.setOut((PrintStream) value))
                    .exclusive(),
            of("System.err", () -> System.err, value -> System.setErr((PrintStream) value))
                    .exclusive(),
            of("System.in", () -> System.in, value -> System.setIn((InputStream) value))
                    .exclusive(),
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
            internalField("java.io.ObjectInputFilter$Config", "serialFilter").exclusive(),
            internalField("java.net.URL", "factory").exclusive(),
            internalField("java.net.URLConnection", "factory").exclusive(),
            internalField("java.net.Socket", "factory").exclusive(),
            internalField("java.net.ServerSocket", "factory").exclusive(),
            internalField("java.net.DatagramSocket", "factory").exclusive(),
            internalField("java.rmi.server.RMISocketFactory", "factory").exclusive(),
            internalField("javax.naming.spi.NamingManager", "initctx_factory_builder")
                    .exclusive(),
            internalField("javax.naming.spi.NamingManager", "object_factory_builder")
                    .exclusive(),
            internalField("com.sun.naming.internal.NamingManagerHelper", "object_factory_builder")
                    .exclusive());

    /** Held by one start of a generation at a time, and not while application code starts. */
    private static final Object LOCK = new Object();

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
        return new Setting(name, false, get, set);
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
     *
     * @param ofOthers the names of those that are of other applications
     */
    record Former(Map<String, Object> values, Set<String> ofOthers) {

        /**
         * Restores the values of other applications that the new generation has not replaced by its own: it has started.
         *
         * @param isOfAnyGeneration whether an object belongs to a generation, including ended ones
         * @param isOfOther whether an object belongs to a generation of another application that has not ended
         */
        void restoreOthers(Predicate<Object> isOfAnyGeneration, Predicate<Object> isOfOther) {
            synchronized (LOCK) {
                SETTINGS.stream()
                        .filter(setting -> ofOthers.contains(setting.name()))
                        .filter(setting ->
                                !isOf(isOfAnyGeneration, setting.get().get()))
                        .forEach(setting -> Optional.ofNullable(values.get(setting.name()))
                                .filter(isOfOther)
                                .ifPresent(setting.set()));
            }
        }

        /**
         * Restores the values of the live generation, since the new one has failed to start.
         *
         * @param isOfLiving whether an object belongs to a generation that has not ended; an ended one has no use for
         *     it
         */
        void restore(Predicate<Object> isOfLiving) {
            synchronized (LOCK) {
                SETTINGS.forEach(setting -> Optional.ofNullable(values.get(setting.name()))
                        .filter(isOfLiving)
                        .ifPresent(setting.set()));
            }
        }
    }

    /**
     * Called before a generation starts.
     *
     * @param isOfAnyGeneration whether an object belongs to a generation, including ended ones
     * @param isOfOther whether an object belongs to a generation of another application that has not ended: its value stays
     *     if that is possible
     */
    static Former begin(Predicate<Object> isOfAnyGeneration, Predicate<Object> isOfOther) {
        Map<String, Object> replaced = new HashMap<>();
        Set<String> ofOthers = new HashSet<>();
        synchronized (LOCK) {
            for (Setting setting : SETTINGS) {
                Object value = setting.get().get();
                if (!isOf(isOfAnyGeneration, value)) {
                    ORIGINALS.put(setting, Optional.ofNullable(value));
                    continue;
                }
                boolean ofOther = isOf(isOfOther, value);
                if (ofOther && !setting.isExclusive()) {
                    continue;
                }
                if (ofOther) {
                    ofOthers.add(setting.name());
                }
                replaced.put(setting.name(), Objects.requireNonNull(value));
                reset(setting);
            }
        }
        return new Former(Map.copyOf(replaced), Set.copyOf(ofOthers));
    }

    private static boolean isOf(Predicate<Object> generation, @Nullable Object value) {
        return value != null && generation.test(value);
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
