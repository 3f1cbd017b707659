package dev.supervisor.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.supervisor.Event;
import dev.supervisor.OptionKey;
import dev.supervisor.Problem;
import dev.supervisor.Problem.Cause;
import dev.supervisor.Problem.Frame;
import dev.supervisor.Problem.Line;
import dev.supervisor.Problem.Place;
import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Browser;
import dev.supervisor.testing.Project;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.Tab;
import dev.supervisor.web.RequestHeads;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpRequest;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page, in a real browser. */
@Timeout(180)
@SameOnEveryJdk
final class FailurePageIT {

    private static final String HOSTILE = "</pre></title></style><script>document.title='taken'</script><img src=x"
            + " onerror=\"document.title='taken'\">";

    private static final int ACCENT = 0xb83a0b;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private volatile Failure failure = new Failure(Problem.of("none"), Optional.empty());
    private final BlockingQueue<Place> opened = new LinkedBlockingQueue<>();

    /** Shows {@link #failure}. */
    private final class Page implements AutoCloseable {

        private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        private final FailureHandler.Shared shared;
        private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
        private final Channel server;

        Page(Editor editor) {
            this(new FailureDetails(true, Optional.of(editor)));
        }

        Page(FailureDetails details) {
            shared = new FailureHandler.Shared(() -> failure, details);
            server = new ServerBootstrap()
                    .group(loop)
                    .channel(NioServerSocketChannel.class)
                    .childHandler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel connection) {
                            connection
                                    .pipeline()
                                    .addLast(RequestHeads.codec(), new Recording(), new FailureHandler(shared, true));
                        }
                    })
                    .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .syncUninterruptibly()
                    .channel();
        }

        private final class Recording extends ChannelInboundHandlerAdapter {

            private boolean listens;

            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                if (message instanceof HttpRequest request) {
                    listens = request.uri().startsWith("/.supervisor/failure/");
                    requests.add(listens ? "listens" : request.method() + " " + request.uri());
                }
                context.fireChannelRead(message);
            }

            @Override
            public void channelInactive(ChannelHandlerContext context) {
                if (listens) {
                    requests.add("listens no more");
                }
                context.fireChannelInactive();
            }
        }

        /** Waits for a request of this kind, and returns what has come before it. */
        List<String> await(String request) throws InterruptedException {
            List<String> before = new ArrayList<>();
            for (String next = requests.poll(60, TimeUnit.SECONDS);
                    !request.equals(next);
                    next = requests.poll(60, TimeUnit.SECONDS)) {
                before.add(String.valueOf(next));
                assertTrue(next != null, () -> "no " + request + " after " + before);
            }
            return before;
        }

        void show(Failure next) {
            failure = next;
            loop.execute(() -> shared.streams().outdateAllBut(next.id()));
        }

        String url() {
            return "http://127.0.0.1:" + ((InetSocketAddress) server.localAddress()).getPort() + "/";
        }

        @Override
        public void close() {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    private static String url(Running running) {
        return "http://127.0.0.1:" + running.address().getPort() + "/";
    }

    private static Place place(String file, String message, int line, int column, String... text) {
        List<Line> excerpt = new ArrayList<>();
        for (int i = 0; i < text.length; i++) {
            int number = line - text.length / 2 + i;
            excerpt.add(new Line(number, text[i], number == line));
        }
        return new Place(file, Path.of("/project").resolve(file), line, column, message, excerpt);
    }

    private static Problem buildFailed() {
        List<String> output = new ArrayList<>();
        for (int i = 1; i <= 40; i++) {
            output.add("[INFO] line " + i + " of the build's output");
        }
        output.add("[ERROR] the last line");
        return new Problem(
                "the build failed: mvn -q package ended with 1",
                List.of(
                        place(
                                "src/main/java/hello/Hello.java",
                                "incompatible types: String cannot be converted to int",
                                21,
                                24,
                                "public class Hello implements Application {",
                                "",
                                "    @Override",
                                "    public void start(ApplicationContext context) {",
                                "        // \"<b>\" & the like are text",
                                "        int port = one(\"8080\");",
                                "        context.listener().serve(new ChannelInitializer<Channel>() {",
                                "\t\tprotected void initChannel(Channel channel) {",
                                "            channel.pipeline().addLast(new HttpServerCodec());",
                                "        }",
                                "    });"),
                        place(
                                "src/main/java/hello/Greeting.java",
                                "cannot find symbol\nsymbol:   variable body\nlocation: class hello.Greeting",
                                8,
                                27,
                                "",
                                "        response.set(body.length());",
                                "    }")),
                List.of(),
                output);
    }

    private static BufferedImage look(Tab tab, String name) throws IOException, InterruptedException {
        return ImageIO.read(tab.screenshot(name).toFile());
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

    @Test
    void showsWhereABuildFailedAndFoldsItsOutput() throws Exception {
        failure = new Failure(buildFailed(), Optional.of(Instant.now().minusSeconds(312)));
        try (Page page = new Page(opened::add);
                Tab tab = Browser.find().tab()) {
            tab.go(page.url());
            assertEquals("503 incompatible types: String cannot be converted to int", tab.evaluate("document.title"));
            assertEquals("\"8080\"", tab.evaluate("document.querySelector('mark').textContent"), "the token");
            assertEquals("11", tab.evaluate("document.querySelector('pre').querySelectorAll('i').length"));
            assertTrue(
                    tab.evaluate("document.querySelector('footer').innerText").contains("5 min old"));
            BufferedImage folded = look(tab, "failure-build");
            assertTrue(pixels(folded, ACCENT) > 200, () -> pixels(folded, ACCENT) + " pixels of the accent");

            assertEquals("false", tab.evaluate("document.body.innerText.includes('the last line')"));
            tab.evaluate("document.querySelector('summary').click()");
            assertEquals("true", tab.evaluate("document.body.innerText.includes('the last line')"));
            look(tab, "failure-build-output");
            assertEquals(
                    List.of(),
                    tab.complaints().stream()
                            .filter(each -> !each.contains("503"))
                            .toList());
        }
    }

    /** The contrast of each text with what it stands on, as the browser draws it; of the worst. */
    private static final String LEAST_CONTRAST = """
        (() => {
          const channels = color => color.match(/[\\d.]+/g).map(Number);
          const luminance = ([r, g, b]) => [r, g, b].map(c => c / 255)
            .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
            .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
          const background = element => {
            const color = getComputedStyle(element).backgroundColor;
            return channels(color)[3] === 0 && element.parentElement ? background(element.parentElement) : color;
          };
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          let least = 21;
          while (texts.nextNode()) {
            const element = texts.currentNode.parentElement;
            if (texts.currentNode.textContent.trim() && element.checkVisibility()) {
              const [dark, light] = [getComputedStyle(element).color, background(element)]
                .map(color => luminance(channels(color)) + 0.05).sort((a, b) => a - b);
              least = Math.min(least, light / dark);
            }
          }
          return least;
        })()\
        """;

    @Test
    void canBeReadInBothThemesAndOnAPhone() throws Exception {
        Frame own = new Frame("hello.Hello.start(Hello.java:21)", true);
        Problem problem = new Problem(
                        "failed to start",
                        buildFailed().places(),
                        List.of(new Cause(
                                "java.lang.Error: no", List.of(new Frame("java.lang.Thread.run", false), own))),
                        buildFailed().output())
                .located(Map.of(own, buildFailed().places().get(0)));
        failure = new Failure(problem, Optional.of(Instant.now().minusSeconds(312)));
        try (Page page = new Page(opened::add);
                Tab tab = Browser.find().tab()) {
            tab.go(page.url());
            tab.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)");
            for (String theme : List.of("light", "dark")) {
                tab.prefer(theme);
                double least = Double.parseDouble(tab.evaluate(LEAST_CONTRAST));
                assertTrue(least >= 4.5 && least < 21, theme + ": " + least);
                assertEquals("", tab.violations(), theme);
                look(tab, "failure-" + theme);
            }
            tab.narrow(390);
            assertEquals("", tab.violations(), "on a phone");
            tab.narrow(360);
            assertEquals("360", tab.evaluate("document.documentElement.scrollWidth"), "only sources are scrolled");
            look(tab, "failure-phone");
        }
    }

    /** What the developer sees without {@code --details}, and what everyone else sees. */
    @Test
    void withoutDetailsItCanBeReadByAllToo() throws Exception {
        try (Tab tab = Browser.find().tab()) {
            for (Failure shown : List.of(Failure.inTranscript(OptionKey::key), Failure.UNDISCLOSED)) {
                Path page = Files.writeString(directory.resolve("page.html"), FailurePage.silent(shown, true));
                tab.go(page.toUri().toString());
                assertEquals(shown.problem().summary(), tab.evaluate("document.querySelector('h1').innerText"));
                for (String theme : List.of("light", "dark")) {
                    tab.prefer(theme);
                    assertEquals("", tab.violations(), theme);
                }
            }
            look(tab, "failure-undisclosed");
            tab.narrow(390);
            assertEquals("", tab.violations(), "on a phone");
            assertEquals("390", tab.evaluate("document.documentElement.scrollWidth"));
        }
    }

    @Test
    void theKeyboardReachesPlacesSourcesAndTheOutput() throws Exception {
        failure = new Failure(buildFailed(), Optional.empty());
        try (Page page = new Page(opened::add);
                Tab tab = Browser.find().tab()) {
            tab.go(page.url());
            tab.press("Tab");
            assertEquals("BUTTON", tab.evaluate("document.activeElement.tagName"));
            tab.press("Enter");
            assertEquals(buildFailed().places().get(0), opened.poll(30, TimeUnit.SECONDS));
            tab.press("Tab");
            assertEquals(
                    "source of src/main/java/hello/Hello.java:21:24",
                    tab.evaluate("document.activeElement.getAttribute('aria-label')"));
            tab.press("Tab");
            tab.press("Tab");
            tab.press("Tab");
            assertEquals("SUMMARY", tab.evaluate("document.activeElement.tagName"));
            tab.press("Enter");
            tab.await("document.querySelector('details').open");
            tab.press("Tab");
            assertEquals("output", tab.evaluate("document.activeElement.className"));
        }
    }

    /** {@code -Dpictures.write=true} writes it into the documents. */
    @Test
    void theDocumentsShowItAsItIs() throws Exception {
        Project project = Project.create(directory, "one");
        Path source = directory.resolve("src/app/App.java");
        project.write(
                "src/app/App.java",
                Files.readString(source)
                        .replace(
                                "            ByteBuf body",
                                "            String name = request.uri().subString(1);\n            ByteBuf body"));
        try (Running running = Running.http(
                        project.jar(), options -> project.built(options).details(true));
                Tab tab = Browser.find().tab()) {
            running.await(Event.Failed.class);
            tab.size(900, 560);
            tab.go(url(running));
            assertEquals("cannot find symbol", tab.evaluate("document.querySelector('h1').innerText"));
            assertTrue(
                    tab.evaluate("document.querySelector('mark').textContent").contains("subString"));
            assertEquals("true", tab.evaluate("document.body.innerText.includes('src/app/App.java:')"), "where it is");
            assertEquals("The whole output of the build", tab.evaluate("document.querySelector('summary').innerText"));
            Path picture = tab.screenshot("failure-page");
            if (Boolean.getBoolean("pictures.write")) {
                Files.copy(
                        picture, Path.of("../../docs/pictures/failure-page.png"), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    @Test
    void listensAndDoesNotAskAgainAndAgain() throws Exception {
        failure = new Failure(buildFailed(), Optional.empty());
        try (Page page = new Page(opened::add);
                Tab tab = Browser.find().tab()) {
            tab.go(page.url());
            page.await("listens");
            tab.evaluate("new Promise(done => setTimeout(done, 1200))");
            page.show(new Failure(Problem.of("two"), Optional.empty()));
            List<String> meanwhile = page.await("GET /");
            assertTrue(List.of("GET /favicon.ico").containsAll(meanwhile), meanwhile::toString);
            tab.await("document.title === '503 two'");
        }
    }

    @Test
    void withoutDetailsItIsReloadedOnlyForAnotherAnswer() throws Exception {
        try (Page page = new Page(FailureDetails.HIDDEN);
                Tab tab = Browser.find().tab()) {
            tab.go(page.url());
            tab.evaluate("window.same = 1");
            page.await("HEAD /");
            page.await("HEAD /"); // the answer to the first is known
            assertEquals("1", tab.evaluate("window.same"));
        }
        Path jar = directory.resolve("app.jar");
        Apps.starting("throw new IllegalStateException(\"no database\");").moveTo(jar);
        try (Running running = Running.http(jar, options -> options.details(false));
                Tab tab = Browser.find().tab()) {
            running.await(Event.Failed.class);
            tab.go(url(running));
            tab.await("document.title.startsWith('503')");
            Apps.http("v1").moveTo(jar);
            tab.await("document.body.innerText.startsWith('v1 ')");
        }
    }

    /** As while the supervisor behind a proxy is started again. */
    @Test
    void withoutDetailsItWaitsWhileAProxyAnswersInstead() throws Exception {
        Queue<String> asked = new ConcurrentLinkedQueue<>();
        HttpServer proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.createContext("/", exchange -> {
            String method = exchange.getRequestMethod();
            asked.add(method + " " + exchange.getRequestURI());
            long heads = asked.stream().filter("HEAD /"::equals).count();
            if (method.equals("HEAD")) {
                exchange.sendResponseHeaders(heads == 1 ? 502 : 200, -1);
            } else {
                byte[] page = (heads < 2 ? FailurePage.silent(Failure.UNDISCLOSED, true) : "v1")
                        .getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
                exchange.sendResponseHeaders(heads < 2 ? 503 : 200, page.length);
                exchange.getResponseBody().write(page);
            }
            exchange.close();
        });
        proxy.start();
        try (Tab tab = Browser.find().tab()) {
            tab.go("http://127.0.0.1:" + proxy.getAddress().getPort() + "/");
            tab.await("document.body.innerText === 'v1'");
            assertEquals(
                    List.of("GET /", "HEAD /", "HEAD /", "GET /"),
                    asked.stream().filter(each -> each.endsWith(" /")).toList());
        } finally {
            proxy.stop(0);
        }
    }

    @Test
    void listensOnlyWhileItIsSeen() throws Exception {
        failure = new Failure(Problem.of("one"), Optional.empty());
        try (Page page = new Page(opened::add);
                Tab tab = Browser.find().tab()) {
            tab.go(page.url());
            page.await("listens");
            tab.evaluate(seen(false));
            page.await("listens no more");
            page.show(new Failure(Problem.of("two"), Optional.empty()));
            assertEquals("503 one", tab.evaluate("document.title"));
            tab.evaluate(seen(true));
            tab.await("document.title === '503 two'");
        }
    }

    private static String seen(boolean seen) {
        return "Object.defineProperty(document, 'hidden', {value: " + !seen
                + ", configurable: true}) && document.dispatchEvent(new Event('visibilitychange'))";
    }

    @Test
    void waitsForASupervisorThatComesBack() throws Exception {
        Path jar = directory.resolve("build/libs/app.jar");
        Apps.starting("throw new IllegalStateException(\"no database\");").moveTo(jar);
        int port;
        try (Tab tab = Browser.find().tab()) {
            try (Running running = Running.http(jar)) {
                port = running.address().getPort();
                running.await(Event.Failed.class);
                tab.go(url(running));
                tab.await("document.title.includes('no database')");
            }
            tab.evaluate("window.same = 1");
            Apps.http("v1").moveTo(jar);
            try (Running again = Running.with(jar, options -> options.port(port))) {
                again.awaitServing(1);
                tab.await("document.body.innerText.startsWith('v1 ')");
            }
        }
    }

    @Test
    void opensAPlaceInTheEditor() throws Exception {
        failure = new Failure(buildFailed(), Optional.empty());
        try (Page page = new Page(opened::add);
                Tab tab = Browser.find().tab()) {
            tab.go(page.url());
            tab.evaluate("document.querySelectorAll('button')[1].click()");
            assertEquals(buildFailed().places().get(1), opened.poll(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void saysWhenTheEditorCantBeStarted() throws Exception {
        failure = new Failure(buildFailed(), Optional.empty());
        Editor missing = place -> {
            throw new IOException("no such program " + HOSTILE);
        };
        try (Page page = new Page(missing);
                Tab tab = Browser.find().tab()) {
            tab.go(page.url());
            tab.evaluate("document.querySelector('button').click()");
            tab.await("document.querySelector('.position').innerText.includes('no such program </pre>')");
            assertEquals("0", tab.evaluate("document.images.length"));
        }
    }

    @Test
    void hostileTextDoesNoHarm() throws Exception {
        Frame own = new Frame(HOSTILE, true);
        Place place = place(HOSTILE, HOSTILE, 2, 3, HOSTILE, HOSTILE, HOSTILE);
        Problem problem = new Problem(
                        HOSTILE,
                        List.of(place),
                        List.of(new Cause(HOSTILE, List.of(own, new Frame(HOSTILE, false)))),
                        List.of(HOSTILE))
                .located(Map.of(own, place));
        failure = new Failure(problem, Optional.of(Instant.now()));
        try (Page page = new Page(opened::add);
                Tab tab = Browser.find().tab()) {
            tab.go(page.url());
            assertEquals("503 " + HOSTILE, tab.evaluate("document.title"));
            assertEquals("0", tab.evaluate("document.images.length"));
            assertEquals("1", tab.evaluate("document.scripts.length"));
            assertEquals("1", tab.evaluate("document.styleSheets.length"));
            look(tab, "failure-hostile");
        }
    }

    @Test
    void noScriptButItsOwnRuns() throws Exception {
        try (Page page = new Page(opened::add);
                Tab tab = Browser.find().tab()) {
            tab.go(page.url());
            tab.evaluate("document.body.appendChild(Object.assign(document.createElement('script'),"
                    + " {textContent: \"document.title = 'taken'\"})) && 1");
            assertEquals("503 none", tab.evaluate("document.title"));
            assertTrue(tab.complaints().toString().contains("Content Security Policy"), () -> "the browser says so");
        }
    }

    @Test
    void reloadsItselfWhenTheErrorIsAnother() throws Exception {
        failure = new Failure(Problem.of("one"), Optional.empty());
        try (Page page = new Page(opened::add);
                Tab tab = Browser.find().tab()) {
            tab.go(page.url());
            tab.evaluate("window.same = 1");
            page.show(new Failure(Problem.of("one"), Optional.of(Instant.now())));
            tab.evaluate("new Promise(done => setTimeout(done, 1200))");
            assertEquals("1", tab.evaluate("window.same"), "the same problem is not shown again");
            page.show(new Failure(Problem.of("two"), Optional.empty()));
            tab.await("document.title === '503 two'");
        }
    }

    @Test
    void doesNotRepeatARequestThatIsNoGet() throws Exception {
        failure = new Failure(Problem.of("one"), Optional.empty());
        try (Page page = new Page(opened::add);
                Tab tab = Browser.find().tab()) {
            tab.go(page.url());
            tab.go("data:text/html,<form method=post action='" + page.url() + "'></form>");
            tab.evaluate("setTimeout(() => document.forms[0].submit())");
            tab.await("document.title === '503 one' && document.readyState === 'complete'");
            page.show(new Failure(Problem.of("two"), Optional.empty()));
            tab.await("document.getElementById('next').innerText.includes('reload to send the request again')");
            assertEquals("503 one", tab.evaluate("document.title"));
        }
    }

    @Test
    void reloadsItselfWhenTheApplicationIsMended() throws Exception {
        Path jar = directory.resolve("build/libs/app.jar");
        Apps.starting("throw new IllegalStateException(\"no database\");").moveTo(jar);
        try (Running running = Running.http(jar);
                Tab tab = Browser.find().tab()) {
            running.await(Event.Failed.class);
            tab.go(url(running));
            tab.await("document.title.includes('no database')");
            look(tab, "failure-start");
            Apps.starting("throw new IllegalStateException(\"no cache\");").moveTo(jar);
            tab.await("document.title.includes('no cache')");
            Apps.http("v1").moveTo(jar);
            tab.await("document.body.innerText.startsWith('v1 ')");
            assertFalse(tab.evaluate("document.title").startsWith("503"));
        }
    }

    @Test
    void waitsForTheBuildThatComesUp() throws Exception {
        Path jar = directory.resolve("build/libs/app.jar");
        Apps.starting("throw new IllegalStateException(\"no database\");").moveTo(jar);
        try (Running running = Running.http(jar, options -> options.swap(Swap.HOLD));
                Tab tab = Browser.find().tab()) {
            running.await(Event.Failed.class);
            tab.go(url(running));
            tab.await("document.title.includes('no database')");
            Apps.with("", "Thread.sleep(2500); new HttpApp().start(context);", Apps.HTTP)
                    .withResource("version.txt", "v2")
                    .moveTo(jar);
            tab.await("document.body.innerText.startsWith('v2 ')");
        }
    }
}
