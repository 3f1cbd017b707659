package dev.supervisor.unload;

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
import java.util.stream.Stream;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;

/**
 * What a JVM has one of, such as {@link System#out}. An application may replace it, and often wraps what it has found:
 * the next generation would wrap that one's, and so keep it, and all before. So each one begins with what there was
 * before the first.
 */
public final class JvmDefaults implements SharedPlace {

    private record Setting(String name, Supplier<@Nullable Object> get, Consumer<@Nullable Object> set) {}

    private static final List<Setting> SETTINGS = Stream.of(
                    of("System.out", () -> System.out, value -> System.setOut((java.io.PrintStream) value)),
                    of("System.err", () -> System.err, value -> System.setErr((java.io.PrintStream) value)),
                    of("System.in", () -> System.in, value -> System.setIn((java.io.InputStream) value)),
                    of(
                            "Thread.defaultUncaughtExceptionHandler",
                            Thread::getDefaultUncaughtExceptionHandler,
                            value ->
                                    Thread.setDefaultUncaughtExceptionHandler((Thread.UncaughtExceptionHandler) value)),
                    of(
                            "Authenticator",
                            Authenticator::getDefault,
                            value -> Authenticator.setDefault((Authenticator) value)),
                    of(
                            "ProxySelector",
                            ProxySelector::getDefault,
                            value -> ProxySelector.setDefault((ProxySelector) value)),
                    of(
                            "CookieHandler",
                            CookieHandler::getDefault,
                            value -> CookieHandler.setDefault((CookieHandler) value)),
                    of(
                            "ResponseCache",
                            ResponseCache::getDefault,
                            value -> ResponseCache.setDefault((ResponseCache) value)),
                    inside(
                            "HttpsURLConnection.defaultHostnameVerifier",
                            HttpsURLConnection.class,
                            "defaultHostnameVerifier"),
                    inside(
                            "HttpsURLConnection.defaultSSLSocketFactory",
                            HttpsURLConnection.class,
                            "defaultSSLSocketFactory"),
                    inside("SSLContext.default", javax.net.ssl.SSLContext.class, "defaultContext"))
            .flatMap(Optional::stream)
            .toList();

    /** What each was when it was no application's. */
    private static final Map<Setting, Optional<Object>> ORIGINALS = new ConcurrentHashMap<>();

    private static Optional<Setting> of(String name, Supplier<@Nullable Object> get, Consumer<@Nullable Object> set) {
        return Optional.of(new Setting(name, get, set));
    }

    private static Optional<Setting> inside(String name, Class<?> type, String field) {
        return Inside.field(type, field).map(found -> new Setting(name, found::get, value -> found.set(null, value)));
    }

    /** What the settings were; those that a generation finds are not the ones that another had set. */
    public record Former(Map<String, Optional<Object>> values) {

        /** The generation has failed to start: the one that serves gets back what it had set. */
        public void restore() {
            SETTINGS.forEach(setting -> Optional.ofNullable(values.get(setting.name()))
                    .ifPresent(value -> setting.set().accept(value.orElse(null))));
        }
    }

    /** Before a generation starts. */
    public static Former begin(Predicate<Object> isOfAnyGeneration) {
        Map<String, Optional<Object>> replaced = new ConcurrentHashMap<>();
        for (Setting setting : SETTINGS) {
            Optional<Object> value = Optional.ofNullable(setting.get().get());
            if (value.filter(isOfAnyGeneration).isPresent()) {
                replaced.put(setting.name(), value);
                reset(setting);
            } else {
                ORIGINALS.put(setting, value);
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
            Object value = setting.get().get();
            if (owner.reaches(value)) {
                left.add(setting.name() + " was set to something of " + owner.ownClassBehind(value)
                        + " and not set back");
                reset(setting);
            }
        }
        return left;
    }
}
