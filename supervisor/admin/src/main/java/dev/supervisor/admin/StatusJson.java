package dev.supervisor.admin;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.supervisor.Departure;
import dev.supervisor.Held;
import dev.supervisor.Problem;
import dev.supervisor.Status;
import dev.supervisor.Status.Condition;
import dev.supervisor.Status.Result;
import dev.supervisor.text.VisibleText;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.lang.management.RuntimeMXBean;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Renders the status of the supervisors of this process as JSON. Enumerated values are in lower case, times in ISO 8601,
 * and absent values are null. Text of others is made harmless for a terminal, and Gson escapes it for a page. There is
 * nothing secret in it: no command lines, no environment; of files, those that a problem is about.
 *
 * <p>Thread-safe.
 */
public final class StatusJson {

    private static final Gson GSON = new GsonBuilder().serializeNulls().create();

    /** The worst first. */
    private static final List<Condition> FROM_WORST = List.of(
            Condition.STOPPING,
            Condition.FAILED,
            Condition.DRAINING,
            Condition.PAUSED,
            Condition.STARTING,
            Condition.SWAPPING,
            Condition.SERVING);

    private final String version;
    private final List<NamedSupervisor> supervisors;

    /** @param version of the supervisor */
    public StatusJson(String version, List<NamedSupervisor> supervisors) {
        this.version = version;
        this.supervisors = List.copyOf(supervisors);
    }

    /** Returns the status at this moment, as one line. */
    public String of(Viewer viewer) {
        return text(tree(viewer));
    }

    static String text(JsonObject status) {
        return GSON.toJson(status);
    }

    /** Returns the status at this moment. */
    public JsonObject tree(Viewer viewer) {
        JsonObject all = process();
        all.add("memory", memory());
        JsonArray applications = new JsonArray();
        Condition worst = Condition.SERVING;
        for (NamedSupervisor supervisor : supervisors) {
            Status status = supervisor.status().get();
            worst = worse(worst, status.condition());
            applications.add(application(supervisor.name(), status, viewer));
        }
        all.addProperty("state", word(worst));
        all.add("applications", applications);
        return all;
    }

    private static Condition worse(Condition a, Condition b) {
        return FROM_WORST.indexOf(a) <= FROM_WORST.indexOf(b) ? a : b;
    }

    private JsonObject process() {
        RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
        JsonObject all = new JsonObject();
        all.addProperty("version", version);
        all.addProperty("java", Runtime.version().toString());
        all.addProperty("pid", runtime.getPid());
        all.addProperty("startedAt", time(Instant.ofEpochMilli(runtime.getStartTime())));
        all.addProperty("uptimeSeconds", runtime.getUptime() / 1000.0);
        return all;
    }

    private static JsonObject memory() {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        JsonObject memory = new JsonObject();
        memory.addProperty("heapUsedBytes", heap.getUsed());
        memory.addProperty("heapMaxBytes", heap.getMax());
        memory.addProperty(
                "metaspaceUsedBytes",
                ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getName().equals("Metaspace"))
                        .map(MemoryPoolMXBean::getUsage)
                        .mapToLong(MemoryUsage::getUsed)
                        .sum());
        return memory;
    }

    private static JsonObject application(String name, Status status, Viewer viewer) {
        JsonObject application = new JsonObject();
        application.addProperty("name", VisibleText.of(name));
        application.addProperty("state", word(status.condition()));
        application.addProperty("paused", status.steering().paused());
        application.add("generation", optional(status.live().map(live -> new JsonPrimitive(live.number()))));
        application.add("generations", array(status.generations(), StatusJson::generation));
        application.add("sockets", array(status.sockets(), StatusJson::socket));
        application.add("swaps", array(status.swaps().recent(), swap -> swap(swap, viewer)));
        application.add("swapTotals", totals(status.swaps().totals()));
        application.add("problem", optional(status.problem().map(problem -> problem(problem, viewer))));
        application.add("builds", array(status.steering().builds(), StatusJson::build));
        return application;
    }

    private static JsonObject generation(Status.Generation generation) {
        JsonObject json = new JsonObject();
        json.addProperty("number", generation.number());
        json.addProperty("state", word(generation.state()));
        json.addProperty("build", VisibleText.of(generation.build()));
        json.add("sha256", optional(generation.sha256().map(JsonPrimitive::new)));
        json.addProperty("classes", generation.classes());
        json.addProperty("connections", generation.connections());
        json.addProperty("since", time(generation.since()));
        return json;
    }

    private static JsonObject socket(Status.Socket socket) {
        JsonObject json = new JsonObject();
        json.addProperty("name", socket.name());
        json.addProperty("protocol", word(socket.protocol()));
        json.addProperty("address", address(socket.address()));
        json.addProperty("accepted", socket.tally().accepted());
        json.addProperty("open", socket.tally().open());
        json.addProperty("ended", socket.tally().ended());
        json.addProperty("held", socket.waits().now());
        json.addProperty("heldTotal", socket.waits().total());
        json.addProperty("holdExpired", socket.waits().expired());
        json.addProperty("refusedHeaders", socket.refusedHeaders());
        JsonObject left = new JsonObject();
        Map<Departure, Long> inOrder = new TreeMap<>(Comparator.naturalOrder());
        inOrder.putAll(socket.left());
        inOrder.forEach((how, count) -> left.addProperty(word(how), count));
        json.add("left", left);
        json.add("tls", optional(socket.tls().map(StatusJson::tls)));
        return json;
    }

    /** Without the files: their names are nobody's business. */
    private static JsonObject tls(Status.Tls tls) {
        JsonObject json = new JsonObject();
        json.addProperty("engine", tls.engine());
        json.add("certificates", array(tls.certificates(), StatusJson::certificate));
        return json;
    }

    private static JsonObject certificate(Status.Certificate certificate) {
        JsonObject json = new JsonObject();
        json.add("names", array(certificate.names(), name -> new JsonPrimitive(VisibleText.of(name))));
        json.addProperty("notBefore", time(certificate.notBefore()));
        json.addProperty("notAfter", time(certificate.notAfter()));
        return json;
    }

    private static String address(SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet)) {
            return VisibleText.of(address.toString());
        }
        String host = inet.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + inet.getPort();
    }

    private static JsonObject swap(Status.Swap swap, Viewer viewer) {
        JsonObject json = new JsonObject();
        json.addProperty("number", swap.number());
        json.addProperty("result", word(swap.result()));
        json.add(
                "generation",
                swap.generation().isPresent()
                        ? new JsonPrimitive(swap.generation().getAsInt())
                        : JsonNull.INSTANCE);
        json.addProperty("trigger", word(swap.trigger()));
        json.addProperty("at", time(swap.at()));
        json.addProperty("millis", millis(swap.took()));
        json.add("phases", array(swap.phases(), StatusJson::phase));
        json.add("held", held(swap.held()));
        json.add("problem", optional(swap.problem().map(problem -> summary(problem, viewer))));
        return json;
    }

    private static JsonObject phase(Status.Timed timed) {
        JsonObject json = new JsonObject();
        json.addProperty("name", word(timed.phase()));
        json.addProperty("startMillis", millis(timed.start()));
        json.addProperty("millis", millis(timed.took()));
        return json;
    }

    private static JsonObject held(Held held) {
        JsonObject json = new JsonObject();
        json.addProperty("connections", held.count());
        json.addProperty("longestMillis", millis(held.longest()));
        return json;
    }

    private static JsonObject totals(Map<Result, Long> totals) {
        JsonObject json = new JsonObject();
        for (Result result : Result.values()) {
            if (result != Result.RUNNING) {
                json.addProperty(word(result), totals.getOrDefault(result, 0L));
            }
        }
        return json;
    }

    private static JsonObject problem(Problem problem, Viewer viewer) {
        return viewer == Viewer.LOCAL ? ProblemText.of(problem) : ProblemText.withoutDetails();
    }

    /** Without details, since there are many swaps. */
    private static JsonObject summary(Problem problem, Viewer viewer) {
        JsonObject json = problem(problem, viewer);
        json.add("details", JsonNull.INSTANCE);
        return json;
    }

    private static JsonObject build(Status.KeptBuild build) {
        JsonObject json = new JsonObject();
        json.addProperty("number", build.number());
        json.addProperty("build", VisibleText.of(build.build()));
        json.add("sha256", optional(build.sha256().map(JsonPrimitive::new)));
        json.addProperty("at", time(build.at()));
        json.addProperty("live", build.live());
        return json;
    }

    private static <T> JsonArray array(List<T> values, Function<T, JsonElement> json) {
        JsonArray array = new JsonArray();
        values.forEach(value -> array.add(json.apply(value)));
        return array;
    }

    private static JsonElement optional(Optional<? extends JsonElement> value) {
        return value.isPresent() ? value.get() : JsonNull.INSTANCE;
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static double millis(Duration duration) {
        return TimeUnit.NANOSECONDS.toMicros(duration.toNanos()) / 1000.0;
    }
}
