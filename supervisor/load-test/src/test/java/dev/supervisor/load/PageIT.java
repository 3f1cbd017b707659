package dev.supervisor.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.supervisor.testing.Browser;
import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.ScriptedServer;
import dev.supervisor.testing.Tab;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page, in a real browser. */
@Timeout(180)
@SameOnEveryJdk
final class PageIT {

    /** What a target might answer to get at who looks at the report. */
    private static final String HOSTILE = "{{plot.js}}</script><script>document.title='taken'</script>"
            + "<img src=x onerror=\"document.title='taken'\">";

    private static final Pattern FIGURE =
            Pattern.compile("data-figure=\"([^\"]+)\" data-value=\"([^\"]*)\">([^<]*)</td>");
    private static final int P50 = 0x2f6fb5;
    private static final int P99 = 0xc77700;
    private static final int RELOAD = 0x7a5fb0;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private LoadResult result() throws Exception {
        AtomicInteger version = new AtomicInteger();
        Load load = new Load(4, Load.Mode.KEEPALIVE, 1, OptionalDouble.of(500), 1, Duration.ofSeconds(10));
        Expectation expectation =
                new Expectation(Set.of(), Optional.of(Pattern.compile("^v")), Optional.of(Pattern.compile("v(\\d+)")));
        TestDuration span = new TestDuration(Duration.ofSeconds(2), Duration.ZERO, Duration.ofMillis(50));
        ReloadPlan plan =
                new ReloadPlan(number -> version.incrementAndGet(), Duration.ofMillis(400), Duration.ofSeconds(10));
        try (ScriptedServer server = ScriptedServer.start(
                (number, exchange) -> exchange.ok(number == 300 ? HOSTILE : "v" + version.get()))) {
            Request request = Request.get(Target.parse(server.url()));
            return new LoadTest(request, load, expectation, span, Optional.of(plan)).run(new LoadTest.Observer() {
                @Override
                public void started() {}

                @Override
                public void progress(LoadProgress progress) {}
            });
        }
    }

    @Test
    void showsTheFiguresOfTheJsonAndDrawsThem() throws Exception {
        Browser browser = Browser.find();
        LoadResult result = result();
        Path json = directory.resolve("result.json");
        Path page = directory.resolve("result.html");
        Json.write(result, json);
        Page.write(result, page);

        String dom = browser.dom(page);
        assertEquals(figures(JsonParser.parseString(Files.readString(json)).getAsJsonObject()), shown(dom));
        assertFalse(result.reloads().isEmpty());
        assertEquals(3, count(dom, "<canvas"));
        assertFalse(
                Files.readString(page).matches("(?s).*<(script|link|img)[^>]+(src|href)=.*"), "it needs no network");

        // what comes from the target is text
        assertEquals(1, result.failed());
        assertTrue(dom.contains("<title>supervisor load-test " + result.url() + "</title>"), dom);
        assertEquals(0, count(dom, "<img"));
        assertTrue(dom.contains("&lt;img src=x"), "the example of the failure");
        assertTrue(dom.contains("{{plot.js}}"), "nothing in it is replaced");

        BufferedImage image = ImageIO.read(browser.screenshot(page, "load-test").toFile());
        assertTrue(pixels(image, P50) > 500, () -> "p50, answers and percentiles: " + pixels(image, P50));
        assertTrue(pixels(image, P99) > 100, () -> "p99: " + pixels(image, P99));
        assertTrue(pixels(image, RELOAD) > 100, () -> "reloads: " + pixels(image, RELOAD));
    }

    @Test
    void canBeReadByAllInBothThemesAndOnAPhone() throws Exception {
        Browser browser = Browser.find();
        Path page = directory.resolve("result.html");
        Page.write(result(), page);
        try (Tab tab = browser.tab()) {
            tab.go(page.toUri().toString());
            for (String theme : List.of("light", "dark")) {
                tab.prefer(theme);
                assertEquals("", tab.violations(), theme);
                tab.screenshot("load-test-" + theme);
            }
            tab.narrow(390);
            assertEquals("", tab.violations(), "on a phone");
            assertEquals("390", tab.evaluate("document.documentElement.scrollWidth"));
            tab.screenshot("load-test-phone");
        }
    }

    private static Map<String, Double> figures(JsonObject json) {
        Map<String, Double> figures = new LinkedHashMap<>();
        for (String key : new String[] {"requests", "answers", "requestsPerSecond"}) {
            figures.put(key, json.get(key).getAsDouble());
        }
        for (Map.Entry<String, JsonElement> latency :
                json.getAsJsonObject("latency").entrySet()) {
            figures.put("latency." + latency.getKey(), latency.getValue().getAsDouble());
        }
        figures.put(
                "longestStall.millis",
                json.getAsJsonObject("longestStall").get("millis").getAsDouble());
        for (String key :
                new String[] {"failed", "unanswered", "unsent", "connectionsOpened", "connectionsClosedByPeer"}) {
            figures.put(key, json.get(key).getAsDouble());
        }
        return figures;
    }

    /** Each figure's value; what is shown of it, rounded, must be that value. */
    private static Map<String, Double> shown(String dom) {
        Map<String, Double> shown = new LinkedHashMap<>();
        Matcher figure = FIGURE.matcher(dom);
        while (figure.find()) {
            double value = Double.parseDouble(figure.group(2));
            double text = Double.parseDouble(figure.group(3).replace(" ms", "").replace(",", ""));
            assertEquals(value, text, 0.5, figure::group);
            shown.put(figure.group(1), value);
        }
        return shown;
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    private static int pixels(BufferedImage image, int color) {
        int count = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                if ((image.getRGB(x, y) & 0xffffff) == color) {
                    count++;
                }
            }
        }
        return count;
    }
}
