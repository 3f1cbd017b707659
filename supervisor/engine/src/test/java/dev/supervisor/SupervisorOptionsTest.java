package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SupervisorOptions.BuildTool;
import dev.supervisor.SupervisorOptions.Swap;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class SupervisorOptionsTest {

    private static final Path APP = Path.of("app.jar");

    private static SupervisorOptions.Builder builder() {
        return SupervisorOptions.builder(APP).port(0);
    }

    @Test
    void hasDefaultsThatSuitDevelopment() {
        SupervisorOptions options = builder().build();
        assertEquals(APP, options.app().path());
        assertEquals(Swap.HOLD, options.swap());
        assertEquals(Duration.ofSeconds(30), options.timeouts().start());
        assertEquals(Duration.ofSeconds(30), options.timeouts().drain());
        assertEquals(Duration.ofSeconds(60), options.timeouts().hold());
        assertEquals(10_000, options.limits().held());
        assertEquals(4096, options.limits().backlog());
        assertEquals(Duration.ofMillis(10), options.tools().settle());
        assertEquals(Optional.empty(), options.tools().poll());
        assertEquals(Optional.empty(), options.app().className());
        assertEquals(List.of(), options.app().arguments());
    }

    @Test
    void givesEachSocketAName() {
        SupervisorOptions options =
                builder().socket("tcp::1883").socket("admin=http::9000").port(1).build();
        assertEquals(
                List.of("http", "tcp", "admin", "http-2"),
                options.sockets().stream().map(SocketSpec::name).toList());
    }

    @Test
    void doesNotChangeWithTheListsItWasMadeOf() {
        List<String> arguments = new ArrayList<>(List.of("--verbose"));
        SupervisorOptions options = builder().arguments(arguments).build();
        arguments.add("--loud");
        assertEquals(List.of("--verbose"), options.app().arguments());
        assertThrows(
                UnsupportedOperationException.class,
                () -> options.app().libraries().add(APP));
    }

    @Test
    void acceptsTheLeastThatMakesSense() {
        SupervisorOptions options = builder()
                .startTimeout(Duration.ofNanos(1))
                .drainTimeout(Duration.ZERO)
                .holdTimeout(Duration.ofNanos(1))
                .maxHeld(1)
                .backlog(1)
                .settle(Duration.ZERO)
                .poll(Duration.ofMillis(1))
                .build();
        assertEquals(Optional.of(Duration.ofMillis(1)), options.tools().poll());
    }

    @ParameterizedTest
    @MethodSource
    void namesTheOptionThatMakesNoSense(String option, UnaryOperator<SupervisorOptions.Builder> change) {
        SupervisorOptions.Builder bad = change.apply(builder());
        SupervisorException e = assertThrows(SupervisorException.class, bad::build);
        assertTrue(String.valueOf(e.getMessage()).startsWith(option + " must "), e::getMessage);
    }

    static Stream<Arguments> namesTheOptionThatMakesNoSense() {
        Duration negative = Duration.ofMillis(-1);
        return Stream.of(
                bad("startTimeout", b -> b.startTimeout(Duration.ZERO)),
                bad("startTimeout", b -> b.startTimeout(negative)),
                bad("drainTimeout", b -> b.drainTimeout(negative)),
                bad("stopDelay", b -> b.stopDelay(negative)),
                bad("holdTimeout", b -> b.holdTimeout(Duration.ZERO)),
                bad("holdTimeout", b -> b.holdTimeout(negative)),
                bad("settle", b -> b.settle(negative)),
                bad("poll", b -> b.poll(Duration.ofNanos(999_999))),
                bad("poll", b -> b.poll(negative)),
                bad("maxHeld", b -> b.maxHeld(0)),
                bad("backlog", b -> b.backlog(0)));
    }

    private static Arguments bad(String option, UnaryOperator<SupervisorOptions.Builder> change) {
        return Arguments.of(option, change);
    }

    @Test
    void asksForASocketIfThereIsNone() {
        SupervisorOptions.Builder none = SupervisorOptions.builder(APP);
        SupervisorException e = assertThrows(SupervisorException.class, none::build);
        assertEquals("there is no socket to listen on (add port 8888, or socket http::8888)", e.getMessage());
    }

    @Test
    void aDurationThatIsAsGoodAsForEverStillFitsIntoNanoseconds() {
        Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
        SupervisorOptions options = SupervisorOptions.builder(APP)
                .port(0)
                .startTimeout(forEver)
                .drainTimeout(forEver)
                .stopDelay(forEver)
                .holdTimeout(forEver)
                .settle(forEver)
                .poll(forEver)
                .build();
        Stream.of(
                        options.timeouts().start(),
                        options.timeouts().drain(),
                        options.timeouts().stopDelay(),
                        options.timeouts().hold(),
                        options.tools().settle(),
                        options.tools().poll().orElseThrow())
                .forEach(bounded -> assertEquals(bounded, Duration.ofNanos(bounded.toNanos())));
    }

    @Test
    void detailsAreOnWhereTheSupervisorBuildsAndAnEditorNeedsThem() {
        BuildTool tool = new BuildTool("make", APP, List.of(APP), List.of(), Duration.ZERO, OnBusy.RESTART);
        assertFalse(builder().build().failurePage().details());
        assertTrue(builder().details(true).build().failurePage().details());
        assertTrue(builder().buildTool(tool).build().failurePage().details());
        SupervisorOptions.Builder lacking = builder().editor("code {file}");
        SupervisorException e = assertThrows(SupervisorException.class, lacking::build);
        assertTrue(String.valueOf(e.getMessage()).contains("add details, or build"), e::getMessage);
        assertEquals(
                Optional.of("code {file}"),
                lacking.buildTool(tool).build().failurePage().editor());
    }

    @Test
    void aKeptSocketTakesThePlaceOfTheOneThatItWas() {
        SocketSpec port = SocketSpec.parse("web=http::8888");
        InheritedSocket kept = new InheritedSocket(3, Optional.of(port.keptName()));
        InheritedSocket moved = new InheritedSocket(
                4, Optional.of(SocketSpec.parse("web=http::9999").keptName()));
        InheritedSocket passed = new InheritedSocket(5, Optional.of("unit"));
        SupervisorOptions options = SupervisorOptions.builder(Path.of("app.jar"))
                .inherited(List.of(moved, kept, passed))
                .socket(port)
                .socket("unit=http::1")
                .build();
        assertEquals(Map.of("web", 3), options.binding().kept());
        assertEquals(List.of(true, true, false), List.of(moved.isKept(), kept.isKept(), passed.isKept()));
        assertEquals(port.endpoint(), options.sockets().get(0).endpoint());
        assertEquals(new Endpoint.Inherited(5), options.sockets().get(1).endpoint());
    }

    @Test
    void aKeptSocketIsNoSocketToListenOn() {
        InheritedSocket kept =
                new InheritedSocket(3, Optional.of(SocketSpec.parse("a=http::1").keptName()));
        SupervisorOptions.Builder none =
                SupervisorOptions.builder(Path.of("app.jar")).inherited(List.of(kept));
        assertThrows(SupervisorException.class, none::build);
    }
}
