package dev.supervisor.socket.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every test is repeated byte by byte and with every cut. */
final class Http1TrackerTest {

    private static final String GET = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String HEAD = "HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String CONNECT = "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n";
    private static final String POST_HEAD = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";
    private static final String CHUNKED_HEAD = "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String EXPECT_HEAD =
            "POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String EMPTY = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private static final ProtocolProgress OPAQUE = new ProtocolProgress.Opaque();
    private static final ProtocolProgress FREE = http(false, 0, false);

    private final TrackedConnection connection = new TrackedConnection();

    @AfterEach
    void isTheSameHoweverTheBytesCome() {
        connection.assertSameAtEveryCut();
    }

    private static ProtocolProgress http(boolean insideRequest, int unanswered, boolean insideResponse) {
        return new ProtocolProgress.Http(insideRequest, unanswered, insideResponse, false);
    }

    private void assertProgress(ProtocolProgress expected) {
        assertEquals(expected, connection.progress());
    }

    /** Returns a GET with this field. */
    private static String get(String field) {
        return "GET /a HTTP/1.1\r\n" + field + "\r\n\r\n";
    }

    private static String post(String fields) {
        return "POST /a HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n";
    }

    @Test
    void anExchangeGoesFromBoundaryToBoundary() {
        connection.received("G");
        assertProgress(http(true, 0, false));
        connection.received("ET /a HTTP/1.1\r\nHost: a\r\n\r");
        assertProgress(http(true, 0, false));
        connection.received("\n");
        assertProgress(http(false, 1, false));
        connection.sent("HTTP/1.1 20");
        assertProgress(http(false, 1, true));
        connection.sent("0");
        assertProgress(http(false, 0, true));
        connection.sent(" OK\r\nContent-Length: 2\r\n\r\no");
        assertProgress(http(false, 0, true));
        connection.sent("k");
        assertProgress(FREE);
        assertFalse(connection.isLast());
    }

    @Test
    void aBodyIsSkippedByItsLength() {
        connection.received(POST_HEAD + "GET ");
        assertProgress(http(true, 1, false));
        connection.received("\n");
        assertProgress(http(false, 1, false));
        connection.sent(OK);
        assertProgress(FREE);
    }

    @Test
    void aChunkedBodyEndsAfterItsTrailers() {
        connection.received(CHUNKED_HEAD + "5;x=\"y\"\r\n0\r\n\r\n\r\nA \t; z\r\n0123456789\r\n000\r\nt: 1\r\nu:\r\n");
        assertProgress(http(true, 1, false));
        connection.received("\r\n");
        assertProgress(http(false, 1, false));
        connection.sent(
                "HTTP/1.1 200 OK\r\ntransfer-ENCODING:chunked\r\n\r\n1F\r\n0123456789012345678901234567890\r\n");
        assertProgress(http(false, 0, true));
        connection.sent("0\r\nt: 1\r\n\r\n");
        assertProgress(FREE);
    }

    @Test
    void linesMayEndWithLineFeedsAlone() {
        connection.received("POST /a HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n3\r\nabc\r\n0\r\nt: 1\n\n");
        assertProgress(http(false, 1, false));
        connection.sent("HTTP/1.1 200\nContent-Length: 1\n\na");
        assertProgress(FREE);
    }

    @Test
    void emptyLinesAheadOfARequestAreNoPartOfIt() {
        connection.received("\r\n\n" + GET).sent(OK).received("\r\n");
        assertProgress(FREE);
        connection.received(GET.substring(0, 1));
        assertProgress(http(true, 0, false));
    }

    /** The JDK's server takes a LF alone for a part of the method. */
    @Test
    void anEmptyLineIsNotDividedBetweenItsCrAndItsLf() {
        connection.received(GET).sent(OK).received("\r\n\r");
        assertProgress(http(true, 0, false));
        assertEquals(1, connection.receivedDivided("\n\r\n" + GET));
        assertProgress(FREE);
    }

    /** They may as well be those of another protocol, whose connections do not move. */
    @Test
    void emptyLinesAloneMakeNoHttp() {
        connection.received("\r\n");
        assertProgress(http(true, 0, false));
        assertEquals(GET.length(), connection.receivedDivided(GET + GET));
        assertProgress(http(false, 1, false));
    }

    @Test
    void requestsMayBeSentAheadOfTheirAnswers() {
        connection.received(GET + HEAD + POST_HEAD + "hello" + GET.substring(0, 9));
        assertProgress(http(true, 3, false));
        connection.sent(OK);
        assertProgress(http(true, 2, false));
        connection.sent("HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n");
        assertProgress(http(true, 1, false));
        connection.sent(OK);
        assertProgress(http(true, 0, false));
        connection.received(GET.substring(9)).sent(OK);
        assertProgress(FREE);
    }

    @Test
    void theMethodsOfManyRequestsAreKeptInOrder() {
        TrackedConnection many = new TrackedConnection(); // too long for every cut
        for (int i = 0; i < MethodQueue.MOST; i++) {
            many.received(i % 3 == 0 ? HEAD : GET);
            if (i % 4 == 3) {
                many.sent(answer((i / 4) % 3 == 0));
            }
        }
        int answered = MethodQueue.MOST / 4;
        assertEquals(http(false, MethodQueue.MOST - answered, false), many.progress());
        for (int i = answered; i < MethodQueue.MOST; i++) {
            many.sent(answer(i % 3 == 0));
        }
        assertEquals(FREE, many.progress());
        assertFalse(many.isLast());
    }

    private static String answer(boolean ofHead) {
        return ofHead ? OK.substring(0, OK.length() - 2) : OK;
    }

    @Test
    void aClientThatNeverWaitsIsFollowedNoMore() {
        TrackedConnection many = new TrackedConnection();
        for (int i = 0; i < MethodQueue.MOST; i++) {
            many.received(GET);
        }
        assertFalse(many.tracker().isOpaque());
        many.received(GET);
        assertTrue(many.tracker().isOpaque());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 304\r\n\r\n",
                "HTTP/1.1 200 \r\nContent-Length:0\r\n\r\n"
            })
    void someResponsesHaveNoBody(String response) {
        connection.received(GET).sent(response);
        assertProgress(FREE);
        assertFalse(connection.isLast());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 100", "Transfer-Encoding: chunked", "X: y"})
    void theResponseToHeadHasNoBody(String field) {
        connection.received(HEAD).sent("HTTP/1.1 200 OK\r\n" + field + "\r\n\r\n");
        assertProgress(FREE);
        assertFalse(connection.isLast());
        connection.received(GET).sent(OK);
        assertProgress(FREE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEADS", "head", "AHEAD", "AAAAHEAD", "AAAAAAAAHEAD", "HEA"})
    void otherMethodsAreNoHead(String method) {
        connection.received(method + " /a HTTP/1.1\r\n\r\n").sent(OK.substring(0, OK.length() - 1));
        assertProgress(http(false, 0, true));
    }

    @Test
    void interimResponsesAnswerNothing() {
        connection.received(EXPECT_HEAD);
        assertProgress(http(true, 1, false));
        connection.sent("HTTP/1.1 100 Cont");
        assertProgress(http(true, 1, true));
        connection.sent("inue\r\n\r\n");
        assertProgress(http(true, 1, false));
        connection.received("hello").sent("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nConnection: close\r\n\r\n");
        assertProgress(http(false, 1, false));
        assertFalse(connection.isLast());
        connection.sent(OK);
        assertProgress(FREE);
    }

    @Test
    void aResponseMayEndBeforeItsRequest() {
        connection.received(POST_HEAD + "he").sent(OK);
        assertProgress(http(true, 0, false));
        connection.received("llo");
        assertProgress(FREE);
    }

    /** The client may send the body or leave it out: what comes next has two meanings. */
    @Test
    void aFinalResponseInsteadOfContinueIsAmbiguous() {
        connection.received(EXPECT_HEAD).sent("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n");
        assertProgress(OPAQUE);
    }

    @Test
    void aClientMayGoOnWithoutContinue() {
        connection.received(EXPECT_HEAD + "h").sent(OK).received("ello");
        assertProgress(FREE);
    }

    @Test
    void anExpectationWithoutABodyIsNone() {
        connection.received(get("Expect: 100-continue")).sent(OK);
        assertProgress(FREE);
    }

    @Test
    void anAnswerToAnEarlierRequestLeavesTheExpectation() {
        connection.received(GET + EXPECT_HEAD).sent(OK);
        assertProgress(http(true, 1, false));
        connection.sent("HTTP/1.1 100 Continue\r\n\r\n" + EMPTY).received("hello");
        assertProgress(FREE);
    }

    @Test
    void aResponseWithoutALengthLastsUntilTheEnd() {
        connection.received(GET).sent("HTTP/1.1 200 OK\r\nServer: a\r\n\r\n");
        assertProgress(http(false, 0, true));
        assertTrue(connection.isLast());
        connection.sent("abc\r\n\r\nHTTP/1.1 200 OK\r\n");
        assertProgress(http(false, 0, true));
    }

    @Test
    void aResponseOfAnotherCodingLastsUntilTheEnd() {
        connection.received(GET).sent("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n");
        assertProgress(http(false, 0, true));
        assertTrue(connection.isLast());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Connection: close | true",
                "connection:CLOSE | true",
                "CONNECTION:\t keep-alive ,\tClose\t | true",
                "Connection: a, close, b | true",
                "Connection: ,,close | true",
                "Connection: keep-alive | false",
                "Connection: closed | false",
                "Connection: clos | false",
                "Connection: xclose | false",
                "Connection: | false",
                "Connections: close | false",
                "Connectio: close | false",
                "Proxy-Connection: close | false",
                "X: Connection: close | false",
                "Connection: upgrade | false",
            })
    void eitherPeerMaySayThatItCloses(String field, boolean last) {
        connection.received(get(field));
        assertEquals(last, connection.isLast());
        connection.sent(OK);
        assertProgress(FREE);
        TrackedConnection other = new TrackedConnection();
        other.received(GET).sent("HTTP/1.1 200 OK\r\n" + field + "\r\n");
        assertFalse(other.isLast());
        other.sent("Content-Length: 0\r\n\r\n");
        assertEquals(last, other.isLast());
        assertEquals(FREE, other.progress());
        other.assertSameAtEveryCut();
    }

    @Test
    void connectionMayComeSeveralTimes() {
        connection.received(get("Connection: keep-alive\r\nConnection: close\r\nConnection: keep-alive"));
        assertTrue(connection.isLast());
    }

    @Test
    void http10IsLastWithoutKeepAlive() {
        connection.received("GET /a HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
        assertFalse(connection.isLast());
        connection.sent("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n");
        assertProgress(FREE);
        assertFalse(connection.isLast());
        connection.received(GET).sent("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n");
        assertTrue(connection.isLast());
        TrackedConnection other = new TrackedConnection().received("GET /a HTTP/1.0\r\n\r\n");
        assertTrue(other.isLast());
    }

    @Test
    void aServerMayAnswerWhatWasNotAskedAndClose() {
        connection.received(GET).sent(OK);
        connection.sent("HTTP/1.1 408 Request Timeout\r\nContent-Length: 1\r\n\r\n");
        assertProgress(http(false, 0, true));
        assertTrue(connection.isLast());
        connection.sent("a");
        assertProgress(FREE);
        assertTrue(connection.isLast());
    }

    @Test
    void aServerMayAnswerBeforeTheFirstRequest() {
        connection.sent("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
        assertProgress(FREE);
        assertTrue(connection.isLast());
    }

    @Test
    void aServerMayAnswerBeforeTheHeadIsComplete() {
        connection.received(GET.substring(0, 9)).sent("HTTP/1.1 414 \r\nContent-Length: 0\r\n\r\n");
        assertProgress(http(true, 0, false));
        assertTrue(connection.isLast());
    }

    @Test
    void interimResponsesWithoutARequestAreNotTheLast() {
        connection.received(GET).sent(OK).sent("HTTP/1.1 102 Processing\r\n\r\n");
        assertProgress(FREE);
        assertFalse(connection.isLast());
    }

    @Test
    void anUpgradeMakesItOpaque() {
        connection.received(get("Connection: Upgrade\r\nUpgrade: websocket"));
        assertProgress(http(false, 1, false));
        connection.sent("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r");
        assertProgress(http(false, 1, true));
        connection.sent("\n");
        assertProgress(OPAQUE);
    }

    @Test
    void aRefusedUpgradeGoesOn() {
        connection.received(get("Connection: Upgrade\r\nUpgrade: websocket")).sent(OK);
        assertProgress(FREE);
    }

    @Test
    void aTunnelIsOpaque() {
        connection.received(GET + CONNECT).sent(OK);
        assertProgress(http(false, 1, false));
        connection.sent("HTTP/1.1 299 OK\r\n\r\n");
        assertProgress(OPAQUE);
    }

    @Test
    void aRefusedTunnelGoesOn() {
        connection.received(CONNECT).sent("HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n");
        assertProgress(FREE);
        connection.received(GET).sent(OK);
        assertProgress(FREE);
    }

    /** They are the tunnel's, or a request, depending on the answer. */
    @Test
    void bytesBehindAnUnansweredConnectAreAmbiguous() {
        connection.received(CONNECT);
        assertProgress(http(false, 1, false));
        connection.received("G");
        assertProgress(OPAQUE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 5",
                "Content-Length: 5\r\nContent-Length: 6",
                "Content-Length: 5, 5",
                "Content-Length: 5 5",
                "Content-Length: -5",
                "Content-Length: +5",
                "Content-Length: 0x5",
                "Content-Length: 5a",
                "Content-Length:",
                "Content-Length: 9223372036854775808",
                "Content-Length: 18446744073709551621",
                "Content-Length: 1000000000000000000",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked, gzip",
                "Transfer-Encoding: chunked;a=b",
                "Transfer-Encoding: chunked x",
                "Transfer-Encoding: \u000bchunked",
                "Transfer-Encoding: \"chunked\"",
                "Content-Length : 5",
                "Content-Length: 0\r\n : 5",
                "Content-Length: 0\r\n\tb",
                "X: y\r\n folded",
                "X : y",
                " X: y",
                ": y",
                "no colon",
                "X\u0000: y",
                "X: y\rZ: z",
                "X: y\r\r",
                "Connection: close x",
            })
    void ambiguousFieldsMakeItOpaque(String fields) {
        connection.received(post(fields));
        assertProgress(OPAQUE);
        TrackedConnection other = new TrackedConnection();
        other.received(GET).sent("HTTP/1.1 200 OK\r\n" + fields + "\r\n\r\n");
        assertEquals(OPAQUE, other.progress());
        other.assertSameAtEveryCut();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: gzip",
                "Transfer-Encoding: identity",
                "Transfer-Encoding:",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunkedx",
                "Transfer-Encoding: chunke",
            })
    void aRequestOfAnotherCodingIsOpaque(String field) {
        connection.received(post(field));
        assertProgress(OPAQUE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nContent-Length: 5",
                "content-length:\t 005\t ",
                "X-Content-Length: 7\r\nContent-Length: 5\r\nContent-Lengthy: 8\r\nContent-Lengt: 9",
                "Content-Length: 5\r\nContent-Type: a\r\nCookie: c\r\nCon: a\r\nConn: b\r\nCont: c\r\nC: d\r\nTE: trailers",
                "Content-Length: 5\r\nX: \u00e4\u00ff",
                "X!#$%&'*+-.^_`|~09azAZ: y\r\nContent-Length: 5",
            })
    void harmlessFieldsAreRead(String fields) {
        connection.received(post(fields) + "hell");
        assertProgress(http(true, 1, false));
        connection.received("o");
        assertProgress(http(false, 1, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: gzip\r\nTransfer-Encoding: Chunked",
                "Transfer-Encoding: gzip ,\tCHUNKED ,",
            })
    void chunkedMayBeTheLastOfSeveralCodings(String fields) {
        connection.received(post(fields) + "1\r\na\r\n0\r\n\r");
        assertProgress(http(true, 1, false));
        connection.received("\n");
        assertProgress(http(false, 1, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                ";\r\n",
                "g\r\n",
                " 5\r\n",
                "-5\r\n",
                "0x5\r\n",
                "5 5\r\n",
                "5\rX",
                "5;a\rb",
                "5\nhello",
                "1\r\na\n0\r\n\r\n",
                "5;a\nb\r\nhello",
                "8000000000000000\r\n",
                "10000000000000000\r\n",
                "1\r\nab",
                "1\r\na\rb",
                "1\r\na\r\n\r\n",
                "0\r\n t: 1\r\n",
                "0\r\n:\r\n",
                "0\r\nt: 1\rX",
            })
    void malformedChunksMakeItOpaque(String body) {
        connection.received(CHUNKED_HEAD + body);
        assertProgress(OPAQUE);
        TrackedConnection other = new TrackedConnection();
        other.received(GET).sent("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
        assertEquals(OPAQUE, other.progress());
        other.assertSameAtEveryCut();
    }

    @Test
    void theLargestChunkIsSkipped() {
        connection.received(CHUNKED_HEAD + "007fffffffffffffff\r\nabc");
        assertProgress(http(true, 1, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /a\r\n",
                "GET /a HTTP/0.9\r\n",
                "GET /a HTTP/1.2\r\n",
                "GET /a HTTP/2.0\r\n",
                "GET /a HTTP/1.1 \r\n",
                "GET /a http/1.1\r\n",
                "GET /aHTTP/1.1\r\n",
                "GET /a\tHTTP/1.1\r\n",
                "GET HTTP/1.1\r\n",
                "GET  HTTP/1.1\r\n",
                "GET  /a HTTP/1.1\r\n",
                "GET\t/a HTTP/1.1\r\n",
                "GET\r\n",
                " GET /a HTTP/1.1\r\n",
                "GET /a HTTP/1.1\rX",
                "\rX",
                "G\u00e4T ",
                "GET@",
                "*1\r\n$4\r\nPING\r\n",
                "SSH-2.0-OpenSSH_9.6 x\r\n",
            })
    void otherRequestLinesMakeItOpaque(String line) {
        connection.received(line);
        assertProgress(OPAQUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "http://a/b?c", "/ä", "/a b", "/HTTP/1.1", "/a HTTP/1.0", "a"})
    void targetsAreNotLookedInto(String target) {
        connection.received("OPTIONS " + target + " HTTP/1.1\r\n\r\n");
        assertProgress(http(false, 1, false));
        assertFalse(connection.isLast());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X",
                "HTTP/2",
                "HTTP/1.2",
                "HTTP/1.1  ",
                "HTTP/1.1 2000",
                "HTTP/1.1 20 ",
                "HTTP/1.1 099",
                "HTTP/1.1 200\t",
                "HTTP/1.1 200 OK\rX",
                "http/1.1",
                "\r\nHTTP/1.1",
                "ICY 200 OK",
                "HTTP/1.1 204 No Content\r\nContent-Length: 1\r\n\r\n",
                "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 103 Early Hints\r\nContent-Length: 1\r\n\r\n",
                "HTTP/1.1 103 Early Hints\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\n\r\n",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            })
    void otherResponsesMakeItOpaque(String response) {
        connection.received(GET).sent(response);
        assertProgress(OPAQUE);
    }

    @Test
    void aCodingInHttp10IsOpaque() {
        connection.received("POST /a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n");
        assertProgress(OPAQUE);
    }

    @Test
    void aConnectWithABodyIsOpaque() {
        connection.received("CONNECT a:1 HTTP/1.1\r\nContent-Length: 1\r\n\r\n");
        assertProgress(OPAQUE);
    }

    @Test
    void aHeadMayBeLongButNotEndless() {
        String start = "GET /a HTTP/1.1\r\nCookie: ";
        String end = "\r\n\r\n";
        String value = "x".repeat(HeadReader.LONGEST - start.length() - end.length());
        TrackedConnection longest = new TrackedConnection().received(start + value + end);
        assertEquals(http(false, 1, false), longest.progress());
        TrackedConnection longer = new TrackedConnection().received(start + value + "x" + end);
        assertEquals(OPAQUE, longer.progress());
        TrackedConnection endless =
                new TrackedConnection().received(start + value).received("x".repeat(end.length()));
        assertEquals(http(true, 0, false), endless.progress());
        endless.received("x");
        assertEquals(OPAQUE, endless.progress());
    }

    @Test
    void dividedBytesEndWithTheRequestThatHasBegun() {
        connection.received(POST_HEAD + "he");
        assertEquals(3, connection.receivedDivided("llo" + GET));
        assertProgress(http(false, 1, false));
        assertEquals(0, connection.receivedDivided(GET));
        assertProgress(http(false, 1, false));
        connection.sent(OK);
        assertEquals(0, connection.receivedDivided("\r\n" + GET));
        assertProgress(FREE);
        connection.received(GET.substring(0, 1));
        assertEquals(GET.length() - 1, connection.receivedDivided(GET.substring(1) + "\r\n" + GET));
        connection.received(CHUNKED_HEAD);
        assertEquals(9, connection.receivedDivided("1\r\na\r\n0\r\n"));
        assertEquals(2, connection.receivedDivided("\r\n\r\n"));
        assertProgress(http(false, 2, false));
    }

    @Test
    void dividedBytesOfATunnelAreTheApplications() {
        connection.received(CONNECT).sent(EMPTY);
        assertEquals(3, connection.receivedDivided("abc"));
    }

    @Test
    void dividedBytesThatAreMalformedAreTheApplications() {
        connection.received(CHUNKED_HEAD);
        assertEquals(3 + GET.length(), connection.receivedDivided("x\r\n" + GET));
        assertProgress(OPAQUE);
    }
}
