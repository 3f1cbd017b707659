package dev.supervisor.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.load.LoadResult.ReloadResult;
import dev.supervisor.testing.FreePort;
import dev.supervisor.testing.ScriptedServer;
import dev.supervisor.testing.ScriptedServer.Script;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
final class LoadTestIT {

    private static final int AT = 20; // the request that goes wrong

    private static final LoadTest.Observer NOBODY = new LoadTest.Observer() {
        @Override
        public void started() {}

        @Override
        public void progress(LoadProgress progress) {}
    };

    private Load load = new Load(1, Load.Mode.KEEPALIVE, 1, OptionalDouble.empty(), 1, Duration.ofSeconds(10));
    private Expectation expectation = Expectation.any();
    private TestDuration span = new TestDuration(Duration.ofMillis(300), Duration.ZERO, Duration.ofMillis(50));
    private Optional<ReloadPlan> plan = Optional.empty();

    private LoadTest test(String url) {
        return new LoadTest(Request.get(Target.parse(url)), load, expectation, span, plan);
    }

    private LoadResult run(Script script) throws Exception {
        try (ScriptedServer server = ScriptedServer.start(script)) {
            return test(server.url()).run(NOBODY);
        }
    }

    /** Answers all requests well but one. */
    private static Script allBut(Script bad) {
        return (number, exchange) -> {
            if (number == AT) {
                bad.answer(number, exchange);
            } else {
                exchange.ok("v7");
            }
        };
    }

    private static void assertOnly(RequestFailure kind, LoadResult result) {
        assertEquals(1, result.failed(), () -> result.failures() + " " + result.examples());
        assertEquals(1L, result.failures().get(kind.key()), () -> result.failures() + " " + result.examples());
        assertEquals(kind.key(), result.examples().get(0).kind());
        assertEquals(result.requests(), result.answers() + result.failed());
        assertTrue(result.answers() > AT, "it goes on after a failure");
        assertFalse(result.good());
    }

    // What goes well

    @Test
    void countsWhatTheServerHasAnswered() throws Exception {
        AtomicInteger answered = new AtomicInteger();
        LoadResult result = run((number, exchange) -> {
            answered.incrementAndGet();
            exchange.ok("hello");
        });
        assertEquals(answered.get() - 1, result.requests(), "all but the first one, which looks whether it is there");
        assertEquals(result.requests(), result.answers());
        assertEquals(
                result.answers(),
                result.samples().stream().mapToLong(LoadResult.Sample::answers).sum());
        assertEquals(1, result.connectionsOpened());
        assertEquals(0, result.connectionsClosedByPeer());
        assertEquals(0, result.failed());
        assertTrue(result.good());
    }

    @Test
    void understandsEachWayToEndABody() throws Exception {
        List<String> answers = List.of(
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        expectation = new Expectation(Set.of(), Optional.of(Pattern.compile("^hello$")), Optional.empty());
        LoadResult result = run((number, exchange) -> exchange.send(answers.get(number % answers.size())));
        assertEquals(0, result.failed(), () -> result.examples().toString());
        assertTrue(result.answers() > answers.size());
        assertEquals(1, result.connectionsOpened());
    }

    @Test
    void anAnswerThatEndsWithTheConnectionIsAGoodOne() throws Exception {
        expectation = new Expectation(Set.of(), Optional.of(Pattern.compile("^hello$")), Optional.empty());
        LoadResult result = run((number, exchange) -> {
            exchange.send("HTTP/1.1 200 OK\r\n\r\nhello");
            exchange.close();
        });
        assertEquals(0, result.failed(), () -> result.examples().toString());
        assertTrue(result.connectionsClosedByPeer() >= result.answers() - 1);
    }

    @Test
    void answersToHeadHaveNoBody() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(
                (number, exchange) -> exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"))) {
            Request head = new Request(Target.parse(server.url()), "HEAD", List.of(), "");
            LoadResult result = new LoadTest(head, load, expectation, span, plan).run(NOBODY);
            assertTrue(result.good());
        }
    }

    @Test
    void sendsMethodHeadersAndBody() throws Exception {
        Script script = (number, exchange) -> {
            boolean asAsked = exchange.head().startsWith("PUT /a?b=c HTTP/1.1\r\n")
                    && exchange.head().toLowerCase(Locale.ROOT).contains("\r\nx-one: two\r\n")
                    && exchange.head().toLowerCase(Locale.ROOT).contains("\r\nhost: elsewhere\r\n")
                    && exchange.readBody(5).equals("b\u00f6dy");
            exchange.answer(asAsked ? "200 OK" : "400 Bad Request", "");
        };
        try (ScriptedServer server = ScriptedServer.start(script)) {
            Request request = new Request(
                    Target.parse(server.url() + "a?b=c"), "PUT", List.of("X-One: two", "Host: elsewhere"), "b\u00f6dy");
            LoadResult result = new LoadTest(request, load, expectation, span, plan).run(NOBODY);
            assertTrue(result.good(), () -> result.examples().toString());
        }
    }

    @Test
    void makesAConnectionForEachRequest() throws Exception {
        load = new Load(4, Load.Mode.CONNECT, 1, OptionalDouble.empty(), 1, Duration.ofSeconds(10));
        try (ScriptedServer server = ScriptedServer.start((number, exchange) -> {
            exchange.answer(exchange.head().contains("close") ? "200 OK" : "400 Bad Request", "");
            exchange.close();
        })) {
            LoadResult result = test(server.url()).run(NOBODY);
            assertTrue(result.good(), () -> result.examples().toString());
            assertEquals(server.requests(), server.connections());
            assertEquals(result.requests(), result.connectionsOpened());
            assertEquals(0, result.connectionsClosedByPeer(), "the answer had come, and the client had closed it");
        }
    }

    @Test
    void halfOfTheClientsOfMixedKeepTheirConnection() throws Exception {
        load = new Load(8, Load.Mode.MIXED, 1, OptionalDouble.of(400), 1, Duration.ofSeconds(10));
        AtomicInteger closing = new AtomicInteger();
        LoadResult result = run((number, exchange) -> {
            if (exchange.head().contains("close")) {
                closing.incrementAndGet();
            }
            exchange.ok("");
        });
        assertTrue(result.good());
        assertTrue(closing.get() > 0 && closing.get() < result.requests(), () -> closing + " of " + result.requests());
    }

    @Test
    void pipelinesAsManyRequestsAsItIsTold() throws Exception {
        int depth = 5;
        load = new Load(1, Load.Mode.KEEPALIVE, depth, OptionalDouble.empty(), 1, Duration.ofSeconds(10));
        // Answers only when as many are there as may be under way; with one fewer, it would wait for ever.
        AtomicInteger waiting = new AtomicInteger();
        LoadResult result = run((number, exchange) -> {
            if (number == 1) {
                exchange.ok("");
            } else if (waiting.incrementAndGet() == depth) { // at once, or the end could come between two of them
                waiting.set(0);
                exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".repeat(depth));
            }
        });
        assertEquals(
                0,
                result.failed() - result.unanswered(),
                () -> result.examples().toString());
        assertTrue(result.answers() > depth);
        assertEquals(1, result.connectionsOpened());
    }

    // What goes wrong

    @Test
    void aResetIsCounted() throws Exception {
        assertOnly(RequestFailure.RESET, run(allBut((number, exchange) -> exchange.reset())));
    }

    @Test
    void aCloseBeforeTheAnswerIsCounted() throws Exception {
        LoadResult result = run(allBut((number, exchange) -> exchange.close()));
        assertOnly(RequestFailure.CLOSED, result);
        assertEquals(1, result.connectionsClosedByPeer());
        assertEquals(2, result.connectionsOpened());
    }

    @Test
    void aCloseInTheMiddleOfAnAnswerIsCounted() throws Exception {
        assertOnly(RequestFailure.CLOSED, run(allBut((number, exchange) -> {
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            exchange.close();
        })));
    }

    @Test
    void anAnswerThatDoesNotComeIsCounted() throws Exception {
        load = new Load(1, Load.Mode.KEEPALIVE, 1, OptionalDouble.empty(), 1, Duration.ofMillis(150));
        span = new TestDuration(Duration.ofSeconds(1), Duration.ZERO, Duration.ofMillis(50));
        assertOnly(RequestFailure.TIMED_OUT, run(allBut((number, exchange) -> {})));
    }

    @Test
    void anAnswerThatIsNotThereAtTheEndIsAFailureToo() throws Exception {
        load = new Load(1, Load.Mode.KEEPALIVE, 1, OptionalDouble.empty(), 1, Duration.ofMillis(600));
        LoadResult result = run((number, exchange) -> {
            if (number < AT) {
                exchange.ok("");
            }
        });
        assertEquals(1L, result.failures().get("timedOut"));
        assertEquals(1, result.failed());
    }

    @Test
    void aBadStatusIsCounted() throws Exception {
        LoadResult result = run(allBut((number, exchange) -> exchange.answer("503 Service Unavailable", "no")));
        assertOnly(RequestFailure.BAD_STATUS, result);
        assertEquals("status 503", result.examples().get(0).detail());
    }

    @Test
    void aStatusThatIsGoodByDefaultMayNotBeExpected() throws Exception {
        expectation = new Expectation(Set.of(200), Optional.empty(), Optional.empty());
        assertOnly(RequestFailure.BAD_STATUS, run(allBut((number, exchange) -> exchange.answer("301 Moved", ""))));
    }

    @Test
    void aBadBodyIsCounted() throws Exception {
        expectation = new Expectation(Set.of(), Optional.of(Pattern.compile("v\\d")), Optional.empty());
        LoadResult result = run(allBut((number, exchange) -> exchange.ok("<h1>oops</h1>")));
        assertOnly(RequestFailure.BAD_BODY, result);
        assertEquals("body: <h1>oops</h1>", result.examples().get(0).detail());
    }

    @Test
    void whatIsNoHttpIsCounted() throws Exception {
        assertOnly(RequestFailure.MALFORMED, run(allBut((number, exchange) -> {
            exchange.send("SSH-2.0-OpenSSH_9.2\r\n\r\n");
        })));
    }

    // Hostile servers

    private static final Script TWICE = (number, exchange) -> {
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nv7";
        exchange.send(number < AT ? answer : answer + answer);
    };

    @Test
    void whoAnswersTwiceIsNoticedHoweverItIsAsked() throws Exception {
        Duration timeout = Duration.ofSeconds(10);
        for (Load each : List.of(
                new Load(2, Load.Mode.KEEPALIVE, 1, OptionalDouble.empty(), 1, timeout),
                new Load(2, Load.Mode.KEEPALIVE, 1, OptionalDouble.of(200), 1, timeout),
                new Load(2, Load.Mode.KEEPALIVE, 4, OptionalDouble.empty(), 1, timeout),
                new Load(2, Load.Mode.CONNECT, 1, OptionalDouble.of(200), 1, timeout))) {
            load = each;
            LoadResult result = run(TWICE);
            assertTrue(result.failures().getOrDefault("unexpected", 0L) > 0, () -> each + " " + result.failures());
            assertFalse(result.good());
        }
    }

    @Test
    void aServerThatIsTiredOfAnIdleConnectionMaySaySo() throws Exception {
        load = new Load(1, Load.Mode.KEEPALIVE, 1, OptionalDouble.of(200), 1, Duration.ofSeconds(10));
        LoadResult result = run((number, exchange) -> {
            exchange.ok("");
            if (number % AT == 0) {
                exchange.send("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                exchange.close();
            }
        });
        assertEquals(
                0L, result.failures().get("unexpected"), () -> result.examples().toString());
        assertTrue(result.connectionsClosedByPeer() > 0);
    }

    /** A part after another, for as long as somebody listens. */
    private static Script endless(String begin, String part) {
        return allBut((number, exchange) -> {
            exchange.send(begin);
            while (true) {
                exchange.send(part);
            }
        });
    }

    private LoadResult runBriefly(Script script) throws Exception {
        load = new Load(1, Load.Mode.KEEPALIVE, 1, OptionalDouble.empty(), 1, Duration.ofMillis(500));
        span = new TestDuration(Duration.ofMillis(1500), Duration.ZERO, Duration.ofMillis(50));
        return run(script);
    }

    @Test
    void anAnswerThatDoesNotEndIsAFailureOfItsOwn() throws Exception {
        expectation = new Expectation(Set.of(), Optional.of(Pattern.compile("v7")), Optional.empty());
        String filler = "x".repeat(10_000);
        List<Script> endless = List.of(
                endless("HTTP/1.1 200 OK\r\n\r\n", filler),
                endless(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                        "1000\r\n" + "x".repeat(0x1000) + "\r\n"),
                endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1".repeat(1000)),
                endless("HTTP/1.1 200 ", filler),
                endless("HTTP/1.1 200 OK\r\nname: ", filler),
                endless("HTTP/1.1 200 OK\r\n", "name: value\r\n"),
                endless("", "HTTP/1.1 100 Continue\r\n\r\n"));
        for (Script each : endless) {
            assertOnly(RequestFailure.UNFINISHED, runBriefly(each));
        }
    }

    @Test
    void aHeadThatTricklesIsNoAnswerInTime() throws Exception {
        assertOnly(RequestFailure.TIMED_OUT, runBriefly(allBut((number, exchange) -> {
            for (String part : "HTTP/1.1 200 OK\r\n".split("")) {
                exchange.send(part);
                Thread.sleep(100);
            }
        })));
    }

    @Test
    void whatFollowsAnAnswerAndIsNoneIsCounted() throws Exception {
        for (String garbage : List.of("garbage", "garbage\r\n\r\n", "\u0000\u0001\r\n\r\n")) {
            load = new Load(1, Load.Mode.KEEPALIVE, 1, OptionalDouble.of(200), 1, Duration.ofSeconds(10));
            LoadResult result = run(allBut(
                    (number, exchange) -> exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nv7" + garbage)));
            assertEquals(Map.of("malformed", 1L), nonZero(result.failures()));
            assertFalse(result.good());
        }
    }

    @Test
    void refusalsAreCountedAndNotTriedWithoutAPause() throws Exception {
        try (ScriptedServer server = ScriptedServer.start((number, exchange) -> exchange.ok(""))) {
            load = new Load(2, Load.Mode.CONNECT, 1, OptionalDouble.empty(), 1, Duration.ofSeconds(10));
            span = new TestDuration(Duration.ofMillis(600), Duration.ofMillis(200), Duration.ofMillis(50));
            Reload stopListening = number -> {
                try {
                    server.stopListening();
                } catch (IOException e) {
                    throw new LoadTestException(e.toString(), e);
                }
            };
            plan = Optional.of(new ReloadPlan(stopListening, Duration.ofMillis(300), Duration.ofSeconds(10)));
            LoadResult result = test(server.url()).run(NOBODY);
            long refused = result.failures().getOrDefault("refused", 0L);
            assertTrue(refused > 0, () -> result.failures().toString());
            assertTrue(refused < 200, () -> "2 clients, 10 ms between their attempts: " + refused);
            assertEquals(
                    result.failed(), // what was in the backlog of the listener is reset
                    result.reloads().stream().mapToLong(ReloadResult::failures).sum());
            assertTrue(result.longestStall().millis() > 0);
        }
    }

    // Versions

    @Test
    void anAnswerOfAFormerVersionIsStale() throws Exception {
        expectation = new Expectation(Set.of(), Optional.empty(), Optional.of(Pattern.compile("v(\\d+)")));
        LoadResult result = run((number, exchange) -> exchange.ok(number == AT ? "v6" : "v7"));
        assertOnly(RequestFailure.STALE, result);
    }

    @Test
    void aFormerVersionIsNotStaleIfItsRequestWasSentBeforeTheNewOneWasKnown() throws Exception {
        expectation = new Expectation(Set.of(), Optional.empty(), Optional.of(Pattern.compile("v(\\d+)")));
        load = new Load(2, Load.Mode.KEEPALIVE, 1, OptionalDouble.empty(), 1, Duration.ofSeconds(10));
        CountDownLatch answered = new CountDownLatch(5);
        LoadResult result = run((number, exchange) -> {
            if (number == 1) {
                exchange.ok("v1");
            } else if (number == 2) { // goes on with the old build while the other connection has the new one
                answered.await();
                exchange.ok("v1");
            } else {
                exchange.ok("v2");
                answered.countDown();
            }
        });
        assertEquals(0, result.failed(), () -> result.examples().toString());
    }

    @Test
    void anAnswerWithoutAVersionIsABadOne() throws Exception {
        expectation = new Expectation(Set.of(), Optional.empty(), Optional.of(Pattern.compile("v(\\d+)")));
        assertOnly(RequestFailure.BAD_BODY, run(allBut((number, exchange) -> exchange.ok("version?"))));
    }

    // Reloads

    @Test
    void tellsHowLongEachReloadTookAndWhoWaited() throws Exception {
        expectation = new Expectation(Set.of(), Optional.empty(), Optional.of(Pattern.compile("v(\\d+)")));
        span = new TestDuration(Duration.ofSeconds(1), Duration.ZERO, Duration.ofMillis(50));
        AtomicInteger version = new AtomicInteger(1);
        Semaphore held = new Semaphore(0);
        Reload reload = number -> {
            held.acquire(); // a request waits now
            version.incrementAndGet();
        };
        plan = Optional.of(new ReloadPlan(reload, Duration.ofMillis(200), Duration.ofSeconds(10)));
        LoadResult result = run((number, exchange) -> {
            int before = version.get();
            if (number % 50 == 0) {
                held.release();
                for (int i = 0; i < 100 && version.get() == before; i++) {
                    Thread.sleep(1);
                }
            }
            exchange.ok("v" + version.get());
        });
        assertTrue(result.good(), () -> result.examples() + " " + result.reloads());
        assertTrue(result.reloads().size() >= 2, () -> result.reloads().toString());
        for (ReloadResult each : result.reloads()) {
            Double first = each.firstAnswerMillis();
            assertTrue(first != null && first > 0 && each.version() != null, each::toString);
            assertTrue(each.longestWaitMillis() > 0, each::toString);
            assertEquals(each.number() + 1L, each.version());
        }
        assertEquals(
                IntStream.rangeClosed(1, result.reloads().size()).boxed().toList(),
                result.reloads().stream().map(ReloadResult::number).toList());
    }

    @Test
    void aReloadThatFailsIsReportedAndTheNextOneIsTried() throws Exception {
        Reload reload = number -> {
            if (number == 1) {
                throw new LoadTestException("no space left");
            }
        };
        plan = Optional.of(new ReloadPlan(reload, Duration.ofMillis(50), Duration.ofSeconds(10)));
        LoadResult result = run((number, exchange) -> exchange.ok(""));
        assertEquals("no space left", result.reloads().get(0).error());
        assertEquals(null, result.reloads().get(1).error());
        assertEquals(0, result.failed());
        assertFalse(result.good());
    }

    @Test
    void aReloadThatNobodySeesFails() throws Exception {
        expectation = new Expectation(Set.of(), Optional.empty(), Optional.of(Pattern.compile("v(\\d+)")));
        plan = Optional.of(new ReloadPlan(number -> {}, Duration.ofMillis(50), Duration.ofMillis(100)));
        LoadResult result = run((number, exchange) -> exchange.ok("v1"));
        assertTrue(String.valueOf(result.reloads().get(0).error()).startsWith("no answer of another version within"));
        assertFalse(result.good());
    }

    // Time

    @Test
    void atARateAStallShowsInAllRequestsThatItHeldUp() throws Exception {
        int rate = 200;
        long stallMillis = 500;
        span = new TestDuration(Duration.ofSeconds(2), Duration.ZERO, Duration.ofMillis(50));
        Script stalls = (number, exchange) -> {
            if (number == AT) {
                Thread.sleep(stallMillis);
            }
            exchange.ok("");
        };
        LoadResult closed = run(stalls);
        load = new Load(1, Load.Mode.KEEPALIVE, 1, OptionalDouble.of(rate), 1, Duration.ofSeconds(10));
        LoadResult open = run(stalls);

        double half = stallMillis / 2.0;
        assertTrue(latency(closed, "max") >= stallMillis);
        assertTrue(latency(closed, "p99") < half, "one of thousands, by coordinated omission");
        assertTrue(latency(open, "max") >= stallMillis);
        assertTrue(latency(open, "p90") >= half * 0.5, () -> "a quarter were due meanwhile: " + open.latency());
        for (LoadResult result : List.of(closed, open)) {
            assertTrue(
                    result.longestStall().millis() >= stallMillis * 0.9, () -> String.valueOf(result.longestStall()));
        }
    }

    private static double latency(LoadResult result, String percentile) {
        return result.latency().getOrDefault(percentile, Double.NaN);
    }

    @Test
    void asksAtTheRateThatItIsTold() throws Exception {
        load = new Load(8, Load.Mode.KEEPALIVE, 1, OptionalDouble.of(500), 2, Duration.ofSeconds(10));
        span = new TestDuration(Duration.ofSeconds(1), Duration.ZERO, Duration.ofMillis(50));
        LoadResult result = run((number, exchange) -> exchange.ok(""));
        assertEquals(500 * result.seconds(), (double) (result.requests() + result.unsent()), 100);
        assertTrue(result.good());
    }

    @Test
    void saysHowManyRequestsWereDueAndNeverSent() throws Exception {
        load = new Load(1, Load.Mode.KEEPALIVE, 1, OptionalDouble.of(1000), 1, Duration.ofSeconds(10));
        LoadResult result = run((number, exchange) -> {
            Thread.sleep(50);
            exchange.ok("");
        });
        assertTrue(result.unsent() > result.requests(), () -> result.unsent() + " of " + result.requests());
        assertEquals(Map.of("unsent", result.unsent()), nonZero(result.failures()));
        assertEquals(result.unsent(), result.failed());
        assertFalse(result.good());
        assertTrue(
                Report.lines(result).stream().anyMatch(line -> line.matches(" +[\\d,]+ due and never sent: .*")),
                () -> Report.lines(result).toString());
    }

    @Test
    void whatWasDueJustBeforeTheEndIsStillSent() throws Exception {
        load = new Load(1, Load.Mode.KEEPALIVE, 1, OptionalDouble.of(200), 1, Duration.ofSeconds(10));
        AtomicInteger last = new AtomicInteger();
        LoadResult result = run((number, exchange) -> {
            if (number == AT) { // until the end
                Thread.sleep(span.duration().toMillis());
            }
            last.set(number);
            exchange.ok("");
        });
        assertTrue(result.good(), () -> result.unsent() + " " + result.examples());
        assertEquals(last.get() - 1L, result.answers());
    }

    @Test
    void whatWarmsUpDoesNotCount() throws Exception {
        span = new TestDuration(Duration.ofMillis(300), Duration.ofMillis(500), Duration.ofMillis(50));
        LoadResult result = run((number, exchange) -> exchange.answer(number == AT ? "500 Oops" : "200 OK", ""));
        assertEquals(0, result.failed());
        assertEquals(1, result.connectionsOpened());
        assertTrue(result.seconds() < 0.5);
    }

    @Test
    void endsEarlyWithAllThatItHasSeen() throws Exception {
        span = new TestDuration(Duration.ofHours(1), Duration.ZERO, Duration.ofMillis(50));
        CountDownLatch enough = new CountDownLatch(AT + 1);
        try (ScriptedServer server = ScriptedServer.start((number, exchange) -> {
            if (number <= AT) {
                exchange.ok("");
            }
            enough.countDown();
        })) {
            LoadTest test = test(server.url());
            Thread stopper = new Thread(() -> {
                try {
                    enough.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                test.stop();
            });
            stopper.start();
            LoadResult result = test.run(NOBODY);
            assertTrue(result.interrupted());
            assertEquals(AT - 1, result.answers());
            assertEquals(1, result.unanswered());
            assertEquals(Map.of(), nonZero(result.failures()));
            assertTrue(result.good());
        }
    }

    @Test
    void theTestEndsEvenIfItHasLostARequest() throws Exception {
        expectation = new Expectation(Set.of(), Optional.empty(), Optional.of(Pattern.compile("v(\\d+)")));
        CountDownLatch seen = new CountDownLatch(1);
        Versions versions = new Versions(version -> {
            seen.countDown();
            throw new OutOfMemoryError("none left"); // leaves the client in the middle of an answer
        });
        try (ScriptedServer server = ScriptedServer.start((number, exchange) -> exchange.ok("v7"))) {
            Request request = Request.get(Target.parse(server.url()));
            WorkerContext shared = WorkerContext.of(request, load, expectation, versions);
            try (Workers workers = new Workers(request, shared, worker -> Pace.once(), Long.MAX_VALUE / 2)) {
                workers.start();
                seen.await();
                assertFalse(workers.awaitFirst(new CountDownLatch(1), 1_000_000));
                workers.giveUp(1_000_000);
                assertEquals(1, workers.counts().requests());
                assertEquals(1, workers.failed());
            }
        }
    }

    /** Each round of the group takes a part of the stack. */
    @Test
    void anExpressionThatIsTooComplexForABodyIsToldApart() throws Exception {
        expectation = new Expectation(Set.of(), Optional.empty(), Optional.of(Pattern.compile("(.|\\n)*v(\\d+)")));
        assertRefuses((number, exchange) -> exchange.ok("x".repeat(1_000_000) + "v7"), "is too complex for this body");
    }

    private static Map<String, Long> nonZero(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    // Targets that are not there, or are not what was expected

    @Test
    void aTargetWhereNobodyListensIsToldApart() throws Exception {
        String url = "http://127.0.0.1:" + FreePort.find() + "/";
        assertRefuses(url, "can't load-test " + url + ": nobody listens there");
    }

    @Test
    void aTargetThatAnswersOtherwiseIsToldApart() throws Exception {
        assertRefuses((number, exchange) -> exchange.answer("404 Not Found", ""), "it answers with status 404");
        assertRefuses((number, exchange) -> exchange.send("220 mail ESMTP\r\n\r\n"), "does not speak HTTP/1.1");
        assertRefuses((number, exchange) -> exchange.close(), "closed without an answer");
        load = new Load(1, Load.Mode.KEEPALIVE, 1, OptionalDouble.empty(), 1, Duration.ofMillis(100));
        assertRefuses((number, exchange) -> {}, "no answer in time");
        expectation = new Expectation(Set.of(), Optional.of(Pattern.compile("yes")), Optional.empty());
        assertRefuses((number, exchange) -> exchange.ok("no"), "body: no");
    }

    @Test
    void ofSeveralAddressesTheFirstIsAskedThatAnswers() throws Exception {
        try (ScriptedServer server = ScriptedServer.start((number, exchange) -> exchange.ok(""))) {
            Target one = Target.parse(server.url());
            int port = one.address().getPort();
            List<InetSocketAddress> addresses = List.of(
                    new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 2}), port), one.address());
            Target several = new Target("http://both:" + port + "/", addresses, one.host(), one.path());
            LoadResult result = new LoadTest(Request.get(several), load, expectation, span, plan).run(NOBODY);
            assertTrue(result.good());
            assertEquals("127.0.0.1", result.address());
            assertTrue(Report.lines(result).get(0).startsWith("http://both:" + port + "/ (127.0.0.1): "));

            server.stopListening();
            LoadTestException refusal = assertThrows(
                    LoadTestException.class,
                    () -> new LoadTest(Request.get(several), load, expectation, span, plan).run(NOBODY));
            assertTrue(
                    String.valueOf(refusal.getMessage())
                            .matches(".*127\\.0\\.0\\.2: .*; 127\\.0\\.0\\.1: nobody listens.*"),
                    refusal::getMessage);
        }
    }

    private void assertRefuses(Script script, String why) throws Exception {
        try (ScriptedServer server = ScriptedServer.start(script)) {
            assertRefuses(server.url(), why);
        }
    }

    private void assertRefuses(String url, String why) {
        LoadTestException refusal =
                assertThrows(LoadTestException.class, () -> test(url).run(NOBODY));
        assertTrue(String.valueOf(refusal.getMessage()).contains(why), () -> String.valueOf(refusal.getMessage()));
    }
}
