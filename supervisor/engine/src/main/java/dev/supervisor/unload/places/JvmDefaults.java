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
 * What a JVM has one of, such as {@link System#out}. An application may replace it, and often wraps what it has found:
 * the next generation would wrap that one's, and so keep it, and all before. So each one begins with what there was
 * before the first.
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
            inside("javax.net.ssl.HttpsURLConnection", "defaultHostnameVerifier"),
            inside("javax.net.ssl.HttpsURLConnection", "defaultSSLSocketFactory"),
            inside("javax.net.ssl.SSLContext", "defaultContext"),
            inside("java.net.URLConnection", "fileNameMap"),
            inside("java.rmi.server.RMISocketFactory", "handler"),
            of("SecurityManager", JvmDefaults::securityManager, JvmDefaults::setSecurityManager),
            inside("io.netty.util.internal.logging.InternalLoggerFactory", "defaultFactory"),
            inside("io.netty.util.ResourceLeakDetectorFactory", "factoryInstance"),
            // these can be set only once, unless they are null
            inside("java.io.ObjectInputFilter$Config", "serialFilter"),
            inside("java.net.URL", "factory"),
            inside("java.net.URLConnection", "factory"),
            inside("java.net.Socket", "factory"),
            inside("java.net.ServerSocket", "factory"),
            inside("java.net.DatagramSocket", "factory"),
            inside("java.rmi.server.RMISocketFactory", "factory"),
            inside("javax.naming.spi.NamingManager", "initctx_factory_builder"),
            inside("javax.naming.spi.NamingManager", "object_factory_builder"),
            inside("com.sun.naming.internal.NamingManagerHelper", "object_factory_builder"));

    /** What each was when it was no application's. */
    private static final Map<Setting, Optional<Object>> ORIGINALS = new ConcurrentHashMap<>();

    /** By reflection, since javac warns of security managers. */
    private static @Nullable Object securityManager() {
        try {
            return System.class.getMethod("getSecurityManager").invoke(null);
        } catch (ReflectiveOperationException e) { // a JDK without them
            return null;
        }
    }

    private static void setSecurityManager(@Nullable Object manager) {
        for (Method method : System.class.getMethods()) {
            if (method.getName().equals("setSecurityManager")) {
                try {
                    method.invoke(null, manager);
                } catch (ReflectiveOperationException e) { // since JDK 18 nobody may, and the one there may refuse
                    LOG.warn("can't set back the SecurityManager: {}", String.valueOf(e.getCause()));
                }
            }
        }
    }

    private static Setting of(String name, Supplier<@Nullable Object> get, Consumer<@Nullable Object> set) {
        return new Setting(name, get, set);
    }

    private static Setting inside(String className, String fieldName) {
        return of(
                className + "." + fieldName,
                () -> field(className, fieldName).map(InternalField::get).orElse(null),
                value -> field(className, fieldName).ifPresent(field -> field.set(null, value)));
    }

    private static Optional<InternalField> field(String className, String fieldName) {
        return InitializedClasses.maybe(className) ? InternalField.field(className, fieldName) : Optional.empty();
    }

    /** What the settings were; those that a generation finds are not the ones that another had set. */
    record Former(Map<String, Object> values) {

        /**
         * The generation has failed to start: the one that serves gets back what it had set.
         *
         * @param isOfLiving whether something is of a generation that has not ended; another has no use for it any more
         */
        void restore(Predicate<Object> isOfLiving) {
            SETTINGS.forEach(setting -> Optional.ofNullable(values.get(setting.name()))
                    .filter(isOfLiving)
                    .ifPresent(setting.set()));
        }
    }

    /**
     * Before a generation starts.
     *
     * @param isOfAnyGeneration whether something is of a generation, also of one that has ended
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
