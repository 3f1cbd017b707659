package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SupervisorOptions.Refresh;
import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Browser;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.Tab;
import dev.supervisor.testing.TestBuild;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code --refresh}, with a real browser. */
@Timeout(180)
final class RefreshIT {

    /**
     * A page for each version, of the same {@code ETag} for ever: what a browser keeps is stale. {@code /names} names the
     * handlers of the connection; {@code /include?ATTRIBUTES} includes a script, and is not to be kept; {@code /forgets?…}
     * does, too, and has no session storage; {@code /framed} has two pages in it; {@code /counted} counts how often it was
     * posted to.
     */
    private static final String PAGES = """
            package app;

            import dev.supervisor.spi.*;
            import io.netty.buffer.*;
            import io.netty.channel.*;
            import io.netty.handler.codec.http.*;
            import java.nio.charset.StandardCharsets;

            public class Pages implements Application {
                static int posts;

                public void start(ApplicationContext context) throws Exception {
                    String version = new String(
                            Pages.class.getResourceAsStream("/version.txt").readAllBytes(), StandardCharsets.UTF_8);
                    context.listener().serve(new ChannelInitializer<Channel>() {
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new HttpServerCodec(), new HttpContentCompressor(),
                                    new HttpObjectAggregator(65536), new SimpleChannelInboundHandler<FullHttpRequest>() {
                                protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
                                    if (request.headers().contains("if-none-match")) {
                                        send(context, 304, "text/html", "");
                                    } else if (request.uri().equals("/names")) {
                                        send(context, 200, "text/plain", String.join(" ", channel.pipeline().names()));
                                    } else {
                                        if (request.method().equals(HttpMethod.POST)) posts++;
                                        send(context, 200, "text/html", "<!DOCTYPE html><html><head><title>" + version
                                                + "</title></head><body><h1>" + version + "</h1><p>" + posts + "</p>"
                                                + (request.uri().startsWith("/forgets?")
                                                        ? "<script>Object.defineProperty(window, 'sessionStorage', {get() { throw new Error() }})</script>" : "")
                                                + (request.uri().matches("/(include|forgets)[?].*")
                                                        ? "<script " + QueryStringDecoder.decodeComponent(request.uri().substring(9)) + "></script>" : "")
                                                + (request.uri().equals("/framed")
                                                        ? "<iframe src='/'></iframe><iframe src='/'></iframe>" : "")
                                                + "</body></html>");
                                    }
                                }
                            });
                        }
                    });
                }

                static void send(ChannelHandlerContext context, int status, String type, String text) {
                    ByteBuf body = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
                    FullHttpResponse response = new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), body);
                    response.headers().set("content-type", type).set("content-length", body.readableBytes());
                    if (!text.contains("<script")) response.headers().set("etag", "\\"1\\"");
                    context.writeAndFlush(response);
                }
            }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private Path jar;

    @BeforeEach
    void build() throws Exception {
        jar = directory.resolve("app.jar");
        pages("v1").moveTo(jar);
    }

    private static TestBuild pages(String version) {
        return pages(PAGES, version);
    }

    private static TestBuild pages(String source, String version) {
        return TestBuild.of(source).withProvider("app.Pages").withResource("version.txt", version);
    }

    private Running running(boolean inject) throws Exception {
        return running(options -> options.refresh(new Refresh(inject, 0)));
    }

    private Running running(UnaryOperator<SupervisorOptions.Builder> options) throws Exception {
        Running running = Running.http(jar, options);
        running.awaitServing(1);
        return running;
    }

    private static String url(Running running, String path) {
        return "http://localhost:" + running.address().getPort() + path;
    }

    private static Event.Refreshing refreshing(Running running) {
        return running.events(Event.Refreshing.class).get(0);
    }

    private static Client listen(Running running) throws Exception {
        Client stream = Client.connect(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), refreshing(running).script().getPort()));
        stream.send("GET /.supervisor/refresh HTTP/1.1\r\nHost: localhost\r\n\r\n");
        stream.readUpTo("data: ");
        return stream;
    }

    @Test
    void withoutItThereIsNotOneMoreHandler() throws Exception {
        String without;
        try (Running running = running(options -> options)) {
            without = Client.get(running.address(), "/names").body();
        }
        try (Running running = running(false)) {
            assertEquals(without, Client.get(running.address(), "/names").body());
        }
        try (Running running = running(true)) {
            assertEquals(
                    without.replaceFirst("HttpServerCodec#0", "HttpServerCodec#0 ScriptInjection#0"),
                    Client.get(running.address(), "/names").body());
        }
    }

    @SameOnEveryJdk
    @Test
    void aPageThatIncludesTheScriptRefreshesItself() throws Exception {
        try (Running running = running(false);
                Tab tab = Browser.find().tab()) {
            tab.go(url(running, "/include?src=" + refreshing(running).script()));
            for (int i = 2; i <= 4; i++) {
                pages("v" + i).moveTo(jar);
                tab.await("document.title === 'v" + i + "'");
            }
            assertEquals(List.of(), tab.complaints());
        }
    }

    @SameOnEveryJdk
    @Test
    void aPageRefreshesItselfWithoutDoingAnything() throws Exception {
        try (Running running = running(true);
                Tab tab = Browser.find().tab()) {
            tab.go(url(running, "/"));
            for (int i = 2; i <= 6; i++) {
                pages("v" + i).moveTo(jar);
                tab.await("document.title === 'v" + i + "'");
            }
            tab.await("document.readyState === 'complete' && document.body.offsetWidth > 0");
            tab.screenshot("refreshed");
            assertEquals(List.of(), tab.complaints());
        }
    }

    @SameOnEveryJdk
    @Test
    void aPageOfAFormerBuildRefreshesItselfAsSoonAsItListens() throws Exception {
        try (Running running = running(true);
                Tab tab = Browser.find().tab()) {
            tab.go(url(running, "/"));
            tab.go("data:text/html,elsewhere");
            pages("v2").moveTo(jar);
            running.awaitServing(2);
            tab.evaluate("setTimeout(() => history.back()) && 1");
            tab.await("document.title === 'v2'");
        }
    }

    @SameOnEveryJdk
    @Test
    void aHiddenPageRefreshesItselfWhenItIsSeenAgain() throws Exception {
        try (Running running = running(true);
                Tab tab = Browser.find().tab()) {
            tab.go(url(running, "/"));
            hide(tab, true);
            pages("v2").moveTo(jar);
            running.awaitServing(2);
            tab.evaluate("new Promise(done => setTimeout(done, 500))");
            assertEquals("v1", tab.evaluate("document.title"));
            hide(tab, false);
            tab.await("document.title === 'v2'");
        }
    }

    /** A browser without a window shows all of its pages. */
    private static void hide(Tab tab, boolean hidden) throws Exception {
        tab.evaluate("Object.defineProperty(document, 'hidden', {configurable: true, value: " + hidden + "})"
                + " && document.dispatchEvent(new Event('visibilitychange'))");
    }

    @SameOnEveryJdk
    @Test
    void aPageRefreshesWhatItHasInItsFrames() throws Exception {
        try (Running running = running(true);
                Tab tab = Browser.find().tab()) {
            tab.go(url(running, "/framed"));
            for (int i = 2; i <= 7; i++) {
                pages("v" + i).moveTo(jar);
                tab.await("[window, frames[0], frames[1]].every(page => page.document.title === 'v" + i + "')");
            }
        }
    }

    @SameOnEveryJdk
    @Test
    void aPageTriesAgainWhereItsConnectionStaysWithTheFormerBuild() throws Exception {
        String stays = PAGES.replace("new HttpServerCodec()", "new HttpRequestDecoder(), new HttpResponseEncoder()");
        pages(stays, "v1").moveTo(jar);
        try (Running running =
                        running(options -> options.refresh(new Refresh(true, 0)).drainTimeout(Duration.ofSeconds(2)));
                Tab tab = Browser.find().tab()) {
            tab.go(url(running, "/"));
            pages(stays, "v2").moveTo(jar);
            tab.await("performance.getEntriesByType('navigation')[0].type === 'reload'");
            assertEquals("v1", tab.evaluate("document.title"), "else this tests nothing");
            tab.await("document.title === 'v2'");
        }
    }

    @SameOnEveryJdk
    @Test
    void aPageShowsTheErrorAndThenTheMendedBuild() throws Exception {
        try (Running running = running(true);
                Tab tab = Browser.find().tab()) {
            tab.go(url(running, "/"));
            Apps.starting("throw new IllegalStateException(\"no database\");").moveTo(jar);
            tab.await("document.title.includes('no database')");
            pages("v3").moveTo(jar);
            tab.await("document.title === 'v3'");
            pages("v4").moveTo(jar);
            tab.await("document.title === 'v4'");
        }
    }

    @Test
    void withOverlapAFailureRefreshesNothing() throws Exception {
        try (Running running =
                        running(options -> options.refresh(new Refresh(true, 0)).swap(SupervisorOptions.Swap.OVERLAP));
                Client stream = listen(running)) {
            String first = stream.line();
            Apps.starting("throw new IllegalStateException(\"no database\");").moveTo(jar);
            running.await(Event.Failed.class);
            pages("v3").moveTo(jar);
            running.await(Event.Serving.class, serving -> serving.generation() > 1);
            stream.readUpTo("data: ");
            assertEquals(first.replaceAll("-1$", "-3"), stream.line());
        }
    }

    @SameOnEveryJdk
    @Test
    void theAnswerToAFormIsNotSentAgain() throws Exception {
        try (Running running = running(true);
                Tab tab = Browser.find().tab()) {
            tab.go("data:text/html,<form method=post action='" + url(running, "/counted") + "'></form>");
            tab.evaluate("setTimeout(() => document.forms[0].submit())");
            tab.await("document.title === 'v1' && document.readyState === 'complete'");
            pages("v2").moveTo(jar);
            running.awaitServing(2);
            Client.Answer answer = Client.get(running.address(), "/counted");
            assertTrue(answer.body().contains("<h1>v2</h1><p>0</p>"), answer::body);
            assertEquals("v1", tab.evaluate("document.title"));
        }
    }

    @Test
    void aStreamNeitherDelaysASwapNorCountsAsAConnection() throws Exception {
        try (Running running =
                        running(options -> options.refresh(new Refresh(true, 0)).drainTimeout(Duration.ofMinutes(5)));
                Client first = listen(running);
                Client second = listen(running)) {
            assertEquals(0, running.supervisor().tally("http").accepted());
            pages("v2").moveTo(jar);
            Event.Ended ended = running.await(Event.Ended.class);
            assertEquals(0, ended.ledger().total());
            assertTrue(running.events(Event.Draining.class).isEmpty());
            first.readUpTo("data: ");
            second.readUpTo("data: ");
            assertEquals(first.line(), second.line());
        }
    }

    @SameOnEveryJdk
    @Test
    void aPageOfACacheIsNotReloadedForEver() throws Exception {
        try (Running running = running(false);
                Tab tab = Browser.find().tab()) {
            String include = "/include?src=" + refreshing(running).script() + "%20data-version=never";
            tab.go(url(running, include));
            tab.await(tries() + ".startsWith('3 ')");
            tab.evaluate("sessionStorage[Object.keys(sessionStorage)[0]] = " + tries() + ".replace('3 ', '8 ')");
            tab.evaluate("window.before = 1");
            tab.evaluate("setTimeout(() => location.reload()) && 1");
            tab.await("window.before === undefined && document.readyState === 'complete'");
            tab.evaluate("window.same = 1");
            tab.evaluate("new Promise(done => setTimeout(done, 1500))");
            assertEquals("1", tab.evaluate("window.same"));
        }
    }

    @SameOnEveryJdk
    @Test
    void whereNothingCanBeRememberedAPageOfACacheIsNotReloadedAtOnceAgain() throws Exception {
        try (Running running = running(false);
                Tab tab = Browser.find().tab()) {
            tab.go(url(running, "/forgets?src=" + refreshing(running).script() + "%20data-version=never"));
            tab.await("performance.getEntriesByType('navigation')[0].type === 'reload'");
            tab.await("document.readyState === 'complete'");
            tab.evaluate("window.same = 1");
            tab.evaluate("new Promise(done => setTimeout(done, 700))");
            assertEquals("1", tab.evaluate("window.same"));
            tab.await("window.same === undefined"); // but later, should it be no cache
        }
    }

    /** How often the page was reloaded in vain, and for what. */
    private static String tries() {
        return "(Object.values(sessionStorage)[0] ?? '')";
    }

    /** Keeps how long it takes from the swap to the new page: {@code target/refresh-times.txt}. */
    @SameOnEveryJdk
    @Test
    void howLongItTakes() throws Exception {
        List<Long> times = new ArrayList<>();
        try (Running running = running(true);
                Tab tab = Browser.find().tab()) {
            tab.go(url(running, "/"));
            for (int i = 2; i <= 21; i++) {
                pages("v" + i).moveTo(jar);
                int generation = i;
                running.awaitServing(generation);
                long swapped = System.currentTimeMillis();
                tab.await("document.title === 'v" + i + "' && document.readyState === 'complete'");
                times.add(Long.parseLong(tab.evaluate("Math.round(performance.timeOrigin"
                                + " + performance.getEntriesByType('navigation')[0].loadEventEnd)"))
                        - swapped);
            }
            assertFalse(times.isEmpty());
        }
        Collections.sort(times);
        Files.writeString(
                Path.of("target/refresh-times.txt"),
                "ms from the swap to the new page, loaded: median " + times.get(times.size() / 2) + ", all " + times
                        + "\n");
    }
}
