package dev.supervisor.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import dev.supervisor.Event;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Formats events as JSON: the fields of their records, with {@code time} and {@code event} before them. A duration is a
 * number of milliseconds, a time is in ISO 8601, an enum value is in lower case, and an absent value is left out.
 */
final class EventJson {

    private static final Gson GSON = new GsonBuilder()
            .disableHtmlEscaping()
            .registerTypeAdapter(Duration.class, (JsonSerializer<Duration>)
                    (duration, type, context) -> new JsonPrimitive(millis(duration)))
            .registerTypeAdapter(Instant.class, text(Instant.class))
            .registerTypeAdapter(URI.class, text(URI.class))
            .registerTypeHierarchyAdapter(Path.class, text(Path.class))
            .registerTypeHierarchyAdapter(SocketAddress.class, (JsonSerializer<SocketAddress>)
                    (address, type, context) -> new JsonPrimitive(text(address)))
            .registerTypeAdapter(Optional.class, (JsonSerializer<Optional<?>>)
                    (value, type, context) -> context.serialize(value.orElse(null)))
            .registerTypeHierarchyAdapter(
                    Enum.class, (JsonSerializer<Enum<?>>) (value, type, context) -> new JsonPrimitive(word(value)))
            .registerTypeHierarchyAdapter(Map.class, (JsonSerializer<Map<?, ?>>) (map, type, context) -> {
                JsonObject object = new JsonObject();
                map.forEach((key, value) -> object.add(word((Enum<?>) key), context.serialize(value)));
                return object;
            })
            .create();

    private EventJson() {}

    private static <T> JsonSerializer<T> text(Class<T> ofType) {
        return (value, type, context) -> new JsonPrimitive(ofType.cast(value).toString());
    }

    private static double millis(Duration duration) {
        return TimeUnit.NANOSECONDS.toMicros(duration.toNanos()) / 1000.0;
    }

    private static String text(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? NetUtil.toSocketAddressString(inet) : address.toString();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Returns the event as a JSON object in one line, without a line feed.
     *
     * @param application its name, for the field {@code app}; empty if there is no other
     */
    static String of(Optional<String> application, Event event, Instant time) {
        JsonObject object = new JsonObject();
        object.addProperty("time", time.toString());
        object.addProperty("event", Line.nameOf(event));
        application.ifPresent(name -> object.addProperty("app", name));
        GSON.toJsonTree(event).getAsJsonObject().asMap().forEach(object::add);
        return GSON.toJson(object);
    }
}
