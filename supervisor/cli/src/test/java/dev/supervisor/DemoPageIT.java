package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Browser;
import dev.supervisor.testing.Command;
import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.Tab;
import dev.supervisor.testing.WebSocketClient;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of the demo in a real browser, while builds of the demo replace each other. */
@Timeout(180)
@SameOnEveryJdk
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it starts the POSIX shell script")
class DemoPageIT {

    /** The row of the WebSocket: its name, what it has carried, and its generations. */
    private static final String ROW =
            "[...document.querySelectorAll('#connections > li')].find(row => row.textContent.includes('WebSocket'))";

    @TempDir
    private Path directory;

    private Command start(String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--port", "0", "--app", "demo-app.jar"));
        arguments.addAll(List.of(options));
        return Command.start(directory, arguments.toArray(String[]::new));
    }

    private static String text(Tab tab, String id) throws InterruptedException {
        return tab.evaluate("document.getElementById('" + id + "').textContent");
    }

    private static String socket(Tab tab) throws InterruptedException {
        return tab.evaluate(ROW + ".querySelector('span').textContent");
    }

    private static void awaitSwap(Tab tab, int to) throws InterruptedException {
        tab.await("document.querySelector('h1').textContent === 'Generation " + to + "'");
        tab.await("[..." + ROW + ".querySelectorAll('ol li')].at(-1).textContent === '" + to + "'");
    }

    @Test
    void aPageLivesThroughSwapsWithItsWebSocketItsDownloadAndItsForm() throws Exception {
        Browser browser = Browser.find();
        DemoBuilds builds = DemoBuilds.begin(directory);
        byte[] morning = builds.greeting("Good morning");
        byte[] evening = builds.greeting("Good evening");
        try (Command command = start();
                Tab tab = browser.tab()) {
            InetSocketAddress address = command.awaitSocket();
            tab.prefer("light");
            tab.go("http://127.0.0.1:" + address.getPort() + "/");
            tab.await("document.querySelectorAll('#pulse span').length >= 3");
            String socket = socket(tab);
            tab.evaluate("window.marked = true");
            tab.evaluate("document.getElementById('name').value = 'Ada & Bob'");
            tab.evaluate("document.getElementById('download').dataset.millis = 8000");
            tab.evaluate("document.getElementById('download').click()");
            tab.await("document.getElementById('progress').value > 0");

            builds.greet(morning);
            awaitSwap(tab, 2);
            assertEquals("Good morning", text(tab, "greeting"));
            builds.fail();
            tab.await("document.getElementById('notice').textContent.includes('503')");
            builds.greet(evening);
            awaitSwap(tab, 4);

            assertEquals(
                    "1,2,4",
                    tab.evaluate("[..." + ROW + ".querySelectorAll('ol li')].map(li => li.textContent).join()"));
            assertEquals(socket, socket(tab), "it is the same connection");
            assertEquals("0", text(tab, "closes"));
            assertEquals("2", tab.evaluate("document.querySelectorAll('#swaps li').length"));
            tab.await("document.getElementById('download-state').textContent.startsWith('Whole: ')");
            assertTrue(text(tab, "download-state").matches("Whole: .* all by generation 1, through [12] swaps?\\."));
            tab.evaluate("document.querySelector('#form button').click()");
            tab.await("document.getElementById('form-answer').textContent.startsWith('Good evening, Ada & Bob!')");
            assertTrue(text(tab, "form-answer").contains("Generation 4"));
            assertEquals("Ada & Bob", tab.evaluate("document.getElementById('name').value"));
            assertEquals("true", tab.evaluate("window.marked"), "the page has not been reloaded");

            look(tab);
            assertEquals(List.of(), complaints(tab));
        }
    }

    /** What the browser complains of, but for the answers while the build fails, and for what axe-core draws. */
    private static List<String> complaints(Tab tab) throws InterruptedException {
        return tab.complaints().stream()
                .filter(each -> !each.contains("status of 503") && !each.contains("Canvas2D"))
                .toList();
    }

    /** Looks at the page in both themes, and on a phone. With {@code -Dpictures.write=true} it is that of docs/demo.md. */
    private static void look(Tab tab) throws Exception {
        assertEquals("", tab.violations(), "light");
        if (Boolean.getBoolean("pictures.write")) {
            tab.picture(".cards", Path.of("../../docs/pictures/demo.png"));
        }
        tab.prefer("dark");
        assertEquals("", tab.violations(), "dark");
        tab.screenshot("demo-dark");
        tab.narrow(390);
        tab.await("innerWidth === 390");
        assertEquals("390", tab.evaluate("document.documentElement.scrollWidth"));
        tab.screenshot("demo-phone");
    }

    /** With the option, the next build gets the request that has opened the WebSocket before its messages. */
    @ParameterizedTest
    @ValueSource(strings = {"stay", "move"})
    void theWebSocketTakesItsHistoryAlongWithEitherOption(String option) throws Exception {
        DemoBuilds builds = DemoBuilds.begin(directory);
        try (Command command = start("--websocket", option);
                WebSocketClient client = WebSocketClient.connect(command.awaitSocket(), "/socket", 1)) {
            String answer = client.ask("a");
            assertTrue(answer.contains("&messages=1&generations=1&"), answer);
            for (int generation = 2; generation <= 3; generation++) {
                builds.rebuild();
                assertEquals("superseded=true", client.text());
                client.ask("ready");
                answer = client.ask("b");
            }
            assertTrue(answer.contains("&messages=5&generations=1%2C2%2C3&"), answer);
        }
    }

    @Test
    void aPageThatIsRefreshedBySupervisorsScriptKeepsTheTextOfItsForm() throws Exception {
        Browser browser = Browser.find();
        DemoBuilds builds = DemoBuilds.begin(directory);
        try (Command command = start("--refresh", "inject");
                Tab tab = browser.tab()) {
            tab.go("http://127.0.0.1:" + command.awaitSocket().getPort() + "/");
            tab.await("document.querySelectorAll('#pulse span').length >= 1");
            tab.evaluate("(() => { const name = document.getElementById('name'); name.value = 'Ada';"
                    + " name.dispatchEvent(new Event('input')); })()");
            builds.greet(builds.greeting("Good morning"));
            tab.await("document.body.dataset.generation === '2'");
            assertEquals("Good morning", text(tab, "greeting"));
            tab.await("document.getElementById('name').value === 'Ada'"); // its script has run
            assertEquals(List.of(), tab.complaints());
        }
    }
}
