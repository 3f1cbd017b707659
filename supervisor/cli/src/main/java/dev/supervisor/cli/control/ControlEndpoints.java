package dev.supervisor.cli.control;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.supervisor.Problem;
import dev.supervisor.Status;
import dev.supervisor.SupervisorException;
import dev.supervisor.SwapOutcome;
import dev.supervisor.admin.NamedSupervisor;
import dev.supervisor.admin.StatusJson;
import dev.supervisor.admin.Viewer;
import dev.supervisor.client.WaitTime;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.lang.management.ManagementFactory;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What can be asked for at the control socket. */
final class ControlEndpoints {

    /** The body of a request for an upgrade. */
    private record UpgradeRequest(
            @Nullable String launcher,
            @Nullable String javaHome,
            @Nullable List<@Nullable String> arguments) {}

    private static final Gson GSON = new Gson();
    private static final String PORTS = "Supervisor-Ports";
    private static final String APP = "app";
    private static final String WAIT = "wait";

    private final SteeredProcess process;
    private final EventFeed feed;

    private ControlEndpoints(SteeredProcess process, EventFeed feed) {
        this.process = process;
        this.feed = feed;
    }

    static ControlRoutes routes(SteeredProcess process, EventFeed feed) {
        ControlEndpoints endpoints = new ControlEndpoints(process, feed);
        return new ControlRoutes()
                .get("/status", Set.of(APP), exchange -> exchange.inBackground(() -> endpoints.status(exchange)))
                .get("/threads", Set.of(APP), exchange -> exchange.inBackground(() -> endpoints.threads(exchange)))
                .get("/events", Set.of(APP, "follow"), endpoints::events)
                .post("/swap", Set.of(APP, WAIT), endpoints::swap)
                .post("/rollback", Set.of(APP, WAIT, "n"), endpoints::rollback)
                .post("/pause", Set.of(APP), endpoints::pause)
                .post("/resume", Set.of(APP), endpoints::resume)
                .post("/drain", Set.of(APP), endpoints::drain)
                .post("/stop", Set.of(), endpoints::stop)
                .post("/upgrade", Set.of(), endpoints::upgrade);
    }

    // Questions

    private void status(ControlExchange exchange) {
        List<NamedSupervisor> asked = exchange.request().chosen(process.shown(), NamedSupervisor::name);
        List<Status> statuses = asked.stream().map(each -> each.status().get()).toList();
        ControlAnswer answer = exchange.request().inText() ? inText(asked, statuses) : inJson(asked, statuses);
        exchange.answer(answer.with(PORTS, StatusText.ports(statuses)));
    }

    private ControlAnswer inText(List<NamedSupervisor> asked, List<Status> statuses) {
        String text = new StatusText(process::text, Clock.system(ZoneId.systemDefault()))
                .of(
                        ProcessHandle.current().pid(),
                        process.version(),
                        Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime()),
                        places(),
                        asked.stream().map(NamedSupervisor::name).toList(),
                        statuses);
        return ControlAnswer.of(HttpResponseStatus.OK, new JsonObject(), text, exitCode(statuses));
    }

    private List<String> places() {
        List<String> places = new ArrayList<>(List.of("control socket " + process.control()));
        process.admin().ifPresent(url -> places.add("status page " + url));
        return places;
    }

    private ControlAnswer inJson(List<NamedSupervisor> asked, List<Status> statuses) {
        JsonObject json = new StatusJson(process.version(), asked).tree(Viewer.LOCAL);
        json.addProperty("control", process.control().toString());
        process.admin().ifPresent(url -> json.addProperty("admin", url));
        return ControlAnswer.of(HttpResponseStatus.OK, json, "", exitCode(statuses));
    }

    /** Returns 1 if a newest build does not serve, and 4 if the first build is on its way or none will any more. */
    private static int exitCode(List<Status> statuses) {
        if (statuses.stream().anyMatch(status -> status.problem().isPresent())) {
            return ControlAnswer.FAILED;
        }
        boolean isUnknown = statuses.stream()
                .map(Status::condition)
                .anyMatch(
                        condition -> condition == Status.Condition.STARTING || condition == Status.Condition.STOPPING);
        return isUnknown ? ControlAnswer.UNKNOWN : ControlAnswer.DONE;
    }

    private void threads(ControlExchange exchange) {
        JsonArray applications = new JsonArray();
        List<String> lines = new ArrayList<>();
        List<SteeredApplication> asked = applications(exchange.request());
        for (SteeredApplication each : asked) {
            List<Status.Threads> threads = each.supervisor().threadDump();
            if (asked.size() > 1) {
                lines.add(each.name() + ":");
            }
            lines.addAll(threads.isEmpty() ? List.of("no generation runs") : process.threads(threads));
            JsonObject application = new JsonObject();
            application.addProperty("name", each.name());
            JsonArray generations = new JsonArray();
            threads.forEach(generation -> generations.add(json(generation)));
            application.add("generations", generations);
            applications.add(application);
        }
        JsonObject json = new JsonObject();
        json.add("applications", applications);
        exchange.answer(ControlAnswer.of(HttpResponseStatus.OK, json, String.join("\n", lines), ControlAnswer.DONE));
    }

    private static JsonObject json(Status.Threads threads) {
        JsonObject json = new JsonObject();
        json.addProperty("number", threads.generation().number());
        JsonArray lines = new JsonArray();
        threads.lines().forEach(lines::add);
        json.add("lines", lines);
        return json;
    }

    private void events(ControlExchange exchange) {
        ControlRequest request = exchange.request();
        Optional<String> wanted = request.parameter(APP);
        List<SteeredApplication> asked = applications(request);
        boolean follows = request.parameter("follow")
                .filter(value -> !value.equals("false"))
                .isPresent();
        ControlExchange.Lines lines = exchange.lines();
        Predicate<EventFeed.Entry> isWanted =
                entry -> wanted.isEmpty() || asked.get(0).name().equals(entry.application());
        Function<EventFeed.Entry, String> text = entry -> request.inText()
                ? process.text(entry.application(), entry.event(), entry.time())
                : process.json(entry.application(), entry.event(), entry.time());
        if (follows) {
            lines.onClose(feed.follow(entry -> {
                if (isWanted.test(entry)) {
                    lines.send(text.apply(entry));
                }
            }));
            return;
        }
        List<String> last = feed.last().stream().filter(isWanted).map(text).toList();
        if (!last.isEmpty()) {
            lines.send(String.join("\n", last)); // at once, so that none is dropped: they are bounded
        }
        lines.end();
    }

    // What changes something

    private void swap(ControlExchange exchange) {
        List<SteeredApplication> asked = applications(exchange.request());
        Optional<Duration> wait = wait(exchange.request());
        List<CompletableFuture<SwapOutcome>> outcomes =
                asked.stream().map(each -> each.supervisor().swapWithOutcome()).toList();
        if (wait.isEmpty()) {
            exchange.answer(ControlAnswer.result(
                    HttpResponseStatus.ACCEPTED, "asked", each(asked, application -> "swap asked for")));
        } else if (asked.size() == 1) {
            answer(exchange, outcomes.get(0), wait.get());
        } else {
            var unused = CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new))
                    .thenRun(() -> exchange.answer(ControlAnswer.together(
                            asked.stream().map(SteeredApplication::name).toList(),
                            outcomes.stream()
                                    .map(CompletableFuture::join)
                                    .map(this::answer)
                                    .toList())));
            exchange.after(wait.get(), () -> exchange.answer(stillUnknown(wait.get())));
        }
    }

    private void rollback(ControlExchange exchange) {
        SteeredApplication application = ControlRequest.only(applications(exchange.request()));
        Duration wait = wait(exchange.request()).orElse(WaitTime.USUAL);
        int back =
                exchange.request().parameter("n").map(ControlEndpoints::number).orElse(1);
        answer(exchange, application.supervisor().rollback(back), wait);
    }

    private static int number(String text) {
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw ControlRequest.refused(HttpResponseStatus.BAD_REQUEST, "n must be 1 or more, and is '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    private static Optional<Duration> wait(ControlRequest request) {
        return request.parameter(WAIT)
                .map(text -> text.isEmpty()
                        ? WaitTime.USUAL
                        : WaitTime.parse(text)
                                .orElseThrow(() -> ControlRequest.refused(
                                        HttpResponseStatus.BAD_REQUEST,
                                        "wait is '" + text + "', which is no duration: use 500ms, 30s, 5m or 1h")));
    }

    /** Answers when the outcome is known, but not later than that. */
    private void answer(ControlExchange exchange, CompletableFuture<SwapOutcome> outcome, Duration within) {
        var unused = outcome.thenAccept(known -> exchange.answer(answer(known))); // by a thread of the supervisor
        exchange.after(within, () -> exchange.answer(stillUnknown(within)));
    }

    private static ControlAnswer stillUnknown(Duration within) {
        String error = "the outcome is not known after " + within.toMillis() + " ms: the swap goes on";
        JsonObject json = ControlAnswer.errorJson(error);
        json.addProperty("result", "running");
        return ControlAnswer.of(
                HttpResponseStatus.GATEWAY_TIMEOUT, json, "supervisor: " + error, ControlAnswer.UNKNOWN);
    }

    private ControlAnswer answer(SwapOutcome outcome) {
        return switch (outcome.result()) {
            case SERVED -> {
                JsonObject json = new JsonObject();
                json.addProperty("result", "served");
                json.addProperty("generation", outcome.generation().orElseThrow());
                yield ControlAnswer.of(
                        HttpResponseStatus.OK,
                        json,
                        "generation " + outcome.generation().orElseThrow() + " serves",
                        ControlAnswer.DONE);
            }
            case FAILED -> failed(outcome.problem().orElseThrow());
            case STOPPED -> {
                JsonObject json = ControlAnswer.errorJson("the supervisor stops");
                json.addProperty("result", "stopped");
                yield ControlAnswer.of(
                        HttpResponseStatus.SERVICE_UNAVAILABLE,
                        json,
                        "supervisor: the supervisor stops",
                        ControlAnswer.FAILED);
            }
        };
    }

    private ControlAnswer failed(Problem problem) {
        JsonObject json = ControlAnswer.errorJson(problem.summary());
        json.addProperty("result", "failed");
        json.addProperty("details", process.text(problem));
        return ControlAnswer.of(
                HttpResponseStatus.UNPROCESSABLE_ENTITY,
                json,
                "supervisor: " + process.text(problem),
                ControlAnswer.FAILED);
    }

    private void pause(ControlExchange exchange) {
        List<SteeredApplication> asked = applications(exchange.request());
        asked.forEach(each -> each.supervisor().pause());
        whenDone(exchange, asked, "paused", each -> "paused");
    }

    private void drain(ControlExchange exchange) {
        List<SteeredApplication> asked = applications(exchange.request());
        asked.forEach(each -> each.supervisor().withdraw());
        whenDone(
                exchange,
                asked,
                "draining",
                each -> SteeringText.draining(each.supervisor().status()));
    }

    private void resume(ControlExchange exchange) {
        List<SteeredApplication> asked = applications(exchange.request());
        Map<String, CompletableFuture<Boolean>> swaps = new HashMap<>();
        asked.forEach(each -> swaps.put(each.name(), each.supervisor().resumeWithOutcome()));
        whenDone(
                exchange,
                asked,
                "resumed",
                each -> SteeringText.resumed(
                        each.supervisor().status(),
                        Objects.requireNonNull(swaps.get(each.name())).getNow(false)));
    }

    /** Answers when what was asked for has been done. */
    private void whenDone(
            ControlExchange exchange,
            List<SteeredApplication> asked,
            String result,
            Function<SteeredApplication, String> text) {
        var unused = CompletableFuture.allOf(
                        asked.stream().map(each -> each.supervisor().respond()).toArray(CompletableFuture[]::new))
                .whenComplete((done, stopped) -> exchange.inBackground(
                        () -> exchange.answer(ControlAnswer.result(HttpResponseStatus.OK, result, each(asked, text)))));
    }

    private static String each(List<SteeredApplication> asked, Function<SteeredApplication, String> text) {
        return asked.stream()
                .map(application -> application.name() + ": " + text.apply(application))
                .collect(Collectors.joining("\n"));
    }

    /** Returns the applications that are asked about, or are to be steered: the one of the parameter, or all that run. */
    private List<SteeredApplication> applications(ControlRequest request) {
        List<SteeredApplication> started = process.applications();
        if (request.parameter(APP).isEmpty()) {
            return started;
        }
        NamedSupervisor wanted =
                request.chosen(process.shown(), NamedSupervisor::name).get(0);
        return started.stream()
                .filter(each -> each.name().equals(wanted.name()))
                .findFirst()
                .map(List::of)
                .orElseThrow(() -> notStarted(wanted));
    }

    private static ControlRequest.RefusedException notStarted(NamedSupervisor wanted) {
        String why = wanted.status().get().problem().map(Problem::summary).orElse("the supervisor stops");
        return new ControlRequest.RefusedException(ControlAnswer.error(
                HttpResponseStatus.CONFLICT, wanted.name() + " was not started: " + why, ControlAnswer.FAILED));
    }

    private void stop(ControlExchange exchange) {
        exchange.answer(ControlAnswer.result(
                HttpResponseStatus.ACCEPTED,
                "stopping",
                "process " + ProcessHandle.current().pid() + " stops"));
        process.stop();
    }

    private void upgrade(ControlExchange exchange) {
        UpgradeRequest request = upgradeRequest(exchange.request().body());
        Path launcher;
        Path javaHome;
        try {
            launcher = Path.of(String.valueOf(request.launcher()));
            javaHome = Path.of(String.valueOf(request.javaHome()));
        } catch (InvalidPathException e) {
            throw ControlRequest.refused(HttpResponseStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
        Optional<List<String>> arguments = Optional.ofNullable(request.arguments())
                .map(all -> all.stream().map(String::valueOf).toList());
        boolean inText = exchange.request().inText();
        exchange.inBackground(() -> {
            ControlExchange.Lines lines = exchange.lines();
            try {
                long successor = process.upgrade(
                        launcher,
                        javaHome,
                        arguments,
                        step -> lines.send(inText ? step : message(step).toString()));
                String done = "process " + successor + " has taken over";
                JsonObject json = message(done);
                json.addProperty("successor", successor);
                lines.send(inText ? done : json.toString());
                lines.onClose(process::stop);
            } catch (SupervisorException e) {
                String error = process.message(e);
                lines.send(
                        inText
                                ? "supervisor: " + error
                                : ControlAnswer.errorJson(error).toString());
            } finally {
                lines.end();
            }
        });
    }

    private static JsonObject message(String text) {
        JsonObject json = new JsonObject();
        json.addProperty("message", text);
        return json;
    }

    private static UpgradeRequest upgradeRequest(String body) {
        try {
            UpgradeRequest request = GSON.fromJson(body, UpgradeRequest.class);
            if (request != null
                    && request.launcher() != null
                    && request.javaHome() != null
                    && (request.arguments() == null || !request.arguments().contains(null))) {
                return request;
            }
        } catch (JsonParseException e) {
            throw ControlRequest.refused(
                    HttpResponseStatus.BAD_REQUEST, "the body is no JSON object: " + e.getMessage());
        }
        throw ControlRequest.refused(
                HttpResponseStatus.BAD_REQUEST,
                "this is no request for an upgrade: it has launcher, javaHome and, if they are to be others, arguments");
    }
}
