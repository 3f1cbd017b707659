package dev.supervisor.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Departure;
import dev.supervisor.Held;
import dev.supervisor.Problem;
import dev.supervisor.Problem.Place;
import dev.supervisor.Protocol;
import dev.supervisor.Status;
import dev.supervisor.Status.Condition;
import dev.supervisor.Status.Phase;
import dev.supervisor.Status.Result;
import dev.supervisor.Status.State;
import dev.supervisor.Status.Timed;
import dev.supervisor.Status.Trigger;
import dev.supervisor.Tally;
import dev.supervisor.testing.Axe;
import dev.supervisor.testing.Browser;
import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.Tab;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page in a real browser, of supervisors that are made up. */
@Timeout(300)
@SameOnEveryJdk
final class DashboardIT {

    private static final String HOSTILE =
            "</script><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">\u202eexe.gpj";

    private static final String STATES = "[...document.querySelectorAll('.word')].map(w => w.textContent).join()";

    private static final Instant NOW = Instant.parse("2026-11-28T15:12:03.123Z");

    private final List<String> names = new ArrayList<>();
    private volatile List<Status> statuses = List.of();

    private static Instant ago(long seconds) {
        return NOW.minusSeconds(seconds);
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    private static Status.Swap swap(int number, Result result) {
        List<Timed> phases = new ArrayList<>(List.of(
                new Timed(Phase.BUILD, millis(50), millis(20L * number)),
                new Timed(Phase.SNAPSHOT, millis(60 + 20 * number), millis(5)),
                new Timed(Phase.LOAD, millis(66 + 20 * number), millis(30))));
        if (result == Result.SERVED) {
            phases.add(new Timed(Phase.FIRST_ANSWER, millis(100 + 20 * number), millis(9)));
        }
        return new Status.Swap(
                number,
                result,
                result == Result.SERVED ? OptionalInt.of(number) : OptionalInt.empty(),
                number == 1 ? Trigger.FIRST : Trigger.CHANGED,
                ago(1000 - number),
                millis(100 + 20 * number),
                phases,
                new Held(number % 3, millis(40)),
                result == Result.FAILED ? Optional.of(problem()) : Optional.empty());
    }

    private static Problem problem() {
        Place place =
                new Place("src/hello/Hello.java", Path.of("/src/hello/Hello.java"), 10, 5, "';' expected", List.of());
        return new Problem(
                "the build failed: " + HOSTILE, List.of(place), List.of(), List.of("Hello.java:10: error"), 0);
    }

    private static Status status(Condition condition, int swaps, List<Status.Generation> generations, int held) {
        List<Status.Swap> recent = IntStream.range(0, swaps)
                .mapToObj(i -> swap(swaps - i, i == 0 && condition == Condition.FAILED ? Result.FAILED : Result.SERVED))
                .toList();
        int open = generations.stream().mapToInt(Status.Generation::connections).sum() + held;
        return new Status(
                condition,
                new Status.Steering(
                        condition == Condition.PAUSED,
                        false,
                        false,
                        false,
                        swaps == 0
                                ? List.of()
                                : List.of(new Status.KeptBuild(
                                        swaps, "hello.jar", Optional.of("0123456789abcdef"), ago(9), true))),
                generations,
                List.of(new Status.Socket(
                        "http",
                        Protocol.HTTP,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 8888),
                        new Tally(open + 100, open, 100),
                        new Status.Waits(held, held + 7, 0, Status.Distribution.NONE),
                        Map.of(Departure.MOVED_IDLE, 12L),
                        0,
                        Optional.empty())),
                new Status.Swaps(recent, Map.of(Result.SERVED, (long) swaps), Map.of(), Status.Distribution.NONE, 0),
                Optional.empty(),
                condition == Condition.FAILED ? Optional.of(problem()) : Optional.empty());
    }

    private static Status.Generation generation(int number, State state, int connections) {
        return new Status.Generation(
                number, state, "hello.jar", Optional.of("0123456789abcdef"), 120, connections, ago(60));
    }

    private static Status serving(int generation, int connections) {
        return status(Condition.SERVING, generation, List.of(generation(generation, State.LIVE, connections)), 0);
    }

    private AdminServer show(Map<String, Status> applications, int port) {
        names.clear();
        names.addAll(applications.keySet());
        statuses = names.stream().map(applications::get).toList();
        AdminServer server = AdminServer.open(
                new AdminOptions(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), Set.of(), Optional.empty()),
                "0.1.0");
        server.show(IntStream.range(0, names.size())
                .mapToObj(i -> new NamedSupervisor(
                        names.get(i), () -> statuses.get(i), () -> CompletableFuture.completedFuture(null)))
                .toList());
        return server;
    }

    private AdminServer show(String name, Status status) {
        return show(Map.of(name, status), 0);
    }

    private static void await(Tab tab, String expression) throws InterruptedException {
        tab.await(expression);
    }

    /** What the browser complains of, but for what axe-core draws. */
    private static List<String> complaints(Tab tab) throws InterruptedException {
        return tab.complaints().stream()
                .filter(complaint -> !complaint.contains("Canvas2D"))
                .toList();
    }

    private static Map<String, Status> several() {
        Map<String, Status> all = new LinkedHashMap<>();
        all.put("shop", serving(20, 30));
        all.put(HOSTILE, status(Condition.FAILED, 4, List.of(generation(3, State.DRAINING, 2)), 5));
        all.put("a-very-long-name-".repeat(12), status(Condition.PAUSED, 2, List.of(generation(2, State.LIVE, 1)), 0));
        all.put("new", status(Condition.STARTING, 0, List.of(generation(1, State.STARTING, 0)), 2));
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void axeFindsNothingInOneApplicationThatServesSwapsAndFails(String theme) throws Exception {
        Browser browser = Browser.find();
        try (AdminServer server = show("hello", serving(20, 40));
                Tab tab = browser.tab()) {
            tab.prefer(theme);
            tab.go(server.url());
            await(tab, STATES + " === 'Serving'");
            tab.evaluate("document.querySelector('details.table').open = true");
            assertEquals("", Axe.violations(tab), theme);
            tab.screenshot("dashboard-" + theme);

            statuses = List.of(status(
                    Condition.SWAPPING,
                    20,
                    List.of(generation(20, State.LIVE, 30), generation(21, State.STARTING, 0)),
                    9));
            await(tab, STATES + " === 'Swapping'");
            assertEquals("", Axe.violations(tab), theme);
            statuses = List.of(status(Condition.FAILED, 21, List.of(generation(20, State.DRAINING, 30)), 9));
            await(tab, STATES + " === 'Failed'");
            assertEquals("", Axe.violations(tab), theme);
            tab.screenshot("dashboard-failed-" + theme);
            assertEquals(List.of(), complaints(tab));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void axeFindsNothingInSeveralApplicationsOfWhichOneHasFailed(String theme) throws Exception {
        Browser browser = Browser.find();
        try (AdminServer server = show(several(), 0);
                Tab tab = browser.tab()) {
            tab.prefer(theme);
            tab.go(server.url());
            await(tab, "document.querySelectorAll('details.app').length === 4");
            assertEquals("", Axe.violations(tab), theme);
            tab.evaluate("document.querySelectorAll('details.app').forEach(app => { app.open = true; })");
            assertEquals("", Axe.violations(tab), theme);
            tab.screenshot("dashboard-several-" + theme);
            assertEquals(List.of(), complaints(tab));
        }
    }

    @Test
    void whatApplicationsSayIsText() throws Exception {
        Browser browser = Browser.find();
        try (AdminServer server = show(several(), 0);
                Tab tab = browser.tab()) {
            tab.go(server.url());
            await(tab, "document.querySelectorAll('details.app').length === 4");
            assertTrue(
                    tab.evaluate("document.body.textContent").contains("<img src=x onerror="), "it is shown as it is");
            assertEquals("0", tab.evaluate("document.querySelectorAll('img, main script').length"));
            assertFalse(tab.evaluate("document.body.textContent").contains("\u202e"), "nothing turns the text around");
            assertTrue(tab.evaluate("document.title").startsWith("1 failed, 1 serving, 1 starting, 1 paused"));
            assertEquals(
                    "src/hello/Hello.java:10:5",
                    tab.evaluate("document.querySelector('.problem:not([hidden]) .place').textContent"));
            assertEquals(List.of(), complaints(tab));
        }
    }

    @Test
    void onAPhoneNothingIsWiderThanTheScreen() throws Exception {
        Browser browser = Browser.find();
        try (AdminServer server = show(several(), 0);
                Tab tab = browser.tab()) {
            tab.narrow(390);
            tab.go(server.url());
            await(tab, "document.querySelectorAll('details.app').length === 4");
            tab.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })");
            assertEquals("390", tab.evaluate("document.documentElement.scrollWidth"));
            assertEquals("", Axe.violations(tab));
            tab.screenshot("dashboard-several-phone");
        }
    }

    @Test
    void connectionsMoveFromTheLaneOfOneGenerationToThatOfTheNext() throws Exception {
        Browser browser = Browser.find();
        try (AdminServer server = show("hello", serving(20, 40));
                Tab tab = browser.tab()) {
            tab.go(server.url());
            await(tab, "document.querySelectorAll('.dot.live:not(.off)').length === 40");
            tab.evaluate("window.first = document.querySelector('.dot')");
            statuses = List.of(status(
                    Condition.SERVING,
                    21,
                    List.of(generation(20, State.DRAINING, 4), generation(21, State.LIVE, 36)),
                    0));
            await(tab, "document.querySelectorAll('.dot.live:not(.off)').length === 36");
            assertEquals("4", tab.evaluate("document.querySelectorAll('.dot.old:not(.off)').length"));
            assertEquals("true", tab.evaluate("first.isConnected"), "the same dots have moved");
            assertEquals(
                    "Generation 20 draining 4,Generation 21 live 36",
                    tab.evaluate(
                            "[...document.querySelectorAll('.lane')].map(lane =>"
                                    + " [...lane.querySelectorAll('b, span, .count')].map(part => part.textContent).join(' ')).join()"));
        }
    }

    @Test
    void theArrowKeysGoThroughTheSwapsAndTellTheirPhases() throws Exception {
        Browser browser = Browser.find();
        try (AdminServer server = show("hello", serving(20, 0));
                Tab tab = browser.tab()) {
            tab.go(server.url());
            await(tab, "document.querySelectorAll('[role=option]').length === 20");
            assertEquals("1", tab.evaluate("document.querySelectorAll('[role=option][tabindex=\"0\"]').length"));
            assertTrue(readout(tab).startsWith("Swap 20, "), () -> "the newest at first");
            press(tab, "ArrowDown");
            assertTrue(readout(tab).startsWith("Swap 19, "));
            assertEquals("380 ms", tab.evaluate("document.querySelector('dd[data-phase=build]').textContent"));
            press(tab, "End");
            assertTrue(readout(tab).startsWith("Swap 1, "));
            statuses = List.of(serving(21, 0));
            await(tab, "document.querySelector('[role=option]').textContent.includes('#21')");
            assertTrue(readout(tab).startsWith("Swap 1, "), "what was chosen stays");
        }
    }

    private static void press(Tab tab, String key) throws InterruptedException {
        tab.evaluate("(() => { const option = document.activeElement.closest('[role=option]')"
                + " || document.querySelector('[role=option]'); option.focus(); option.dispatchEvent("
                + "new KeyboardEvent('keydown', {key: '" + key + "', bubbles: true, cancelable: true})); })()");
    }

    private static String readout(Tab tab) throws InterruptedException {
        return tab.evaluate("document.querySelector('.readout p').textContent");
    }

    @Test
    void aSupervisorThatCantBeReachedIsToldAndFoundAgain() throws Exception {
        Browser browser = Browser.find();
        try (Tab tab = browser.tab()) {
            int port;
            try (AdminServer server = show("hello", serving(3, 1))) {
                port = server.address().getPort();
                tab.go(server.url());
                await(tab, "document.getElementById('link').textContent === 'live'");
            }
            await(tab, "document.getElementById('link').textContent === 'connection lost, trying again'");
            await(tab, "!document.getElementById('lost').hidden");
            assertEquals("Serving", tab.evaluate(STATES), "what was there stays");
            assertEquals(
                    "Connection lost, trying again.", tab.evaluate("document.getElementById('announced').textContent"));
            AdminServer again =
                    show(Map.of("hello", status(Condition.PAUSED, 3, List.of(generation(3, State.LIVE, 1)), 0)), port);
            try (again) {
                await(tab, "document.getElementById('link').textContent === 'live'");
                await(tab, STATES + " === 'Paused'");
                assertEquals("true", tab.evaluate("document.getElementById('lost').hidden"));
            }
        }
    }
}
