package dev.supervisor.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScriptInjectionTest {

    private static final String SCRIPT = "<script src=a></script>";
    private static final String PAGE = "<p>\u00e4</p>";
    private static final int PAGE_LENGTH = PAGE.getBytes(UTF_8).length;
    private static final int LENGTH = PAGE_LENGTH + SCRIPT.length();

    private final EmbeddedChannel channel = new EmbeddedChannel(new HttpServerCodec());

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    private void customize() {
        assertTrue(ScriptInjection.customizer(SCRIPT).customize(channel.pipeline()));
    }

    private void ask(String request) {
        channel.writeInbound(Unpooled.copiedBuffer(request, US_ASCII));
    }

    private void askForPage() {
        customize();
        ask("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    private static FullHttpResponse page() {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.copiedBuffer(PAGE, UTF_8));
        response.headers().set("content-type", "text/html; charset=utf-8").set("content-length", PAGE_LENGTH);
        return response;
    }

    private static HttpResponse head(String... headers) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        response.headers().set("content-type", "text/html");
        for (int i = 0; i < headers.length; i += 2) {
            response.headers().set(headers[i], headers[i + 1]);
        }
        return response;
    }

    /** All that goes to the wire. */
    private String written() {
        StringBuilder text = new StringBuilder();
        for (Object out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            text.append(
                    out instanceof ByteBuf bytes
                            ? bytes.toString(UTF_8)
                            : "[" + out.getClass().getSimpleName() + "]");
            ReferenceCountUtil.release(out);
        }
        return text.toString();
    }

    @Test
    void aPageEndsWithTheScript() {
        askForPage();
        channel.writeOutbound(page());
        String written = written();
        assertTrue(written.endsWith("\r\n\r\n" + PAGE + SCRIPT), written);
        assertTrue(written.contains("content-length: " + LENGTH + "\r\n"), written);
    }

    @Test
    void aPageInPartsOfAKnownLengthEndsWithTheScript() {
        askForPage();
        channel.writeOutbound(head("content-length", "6"));
        channel.writeOutbound(new DefaultHttpContent(Unpooled.copiedBuffer("one", UTF_8)));
        channel.writeOutbound(new DefaultLastHttpContent(Unpooled.copiedBuffer("two", UTF_8)));
        String written = written();
        assertTrue(written.endsWith("\r\n\r\nonetwo" + SCRIPT), written);
        assertTrue(written.contains("content-length: " + (6 + SCRIPT.length()) + "\r\n"), written);
    }

    @Test
    void aPageInChunksEndsWithTheScriptAndItsTrailers() {
        askForPage();
        channel.writeOutbound(head("transfer-encoding", "chunked"));
        channel.writeOutbound(new DefaultHttpContent(Unpooled.copiedBuffer("one", UTF_8)));
        LastHttpContent last = new DefaultLastHttpContent();
        last.trailingHeaders().set("checked", "yes");
        channel.writeOutbound(last);
        String written = written();
        assertTrue(written.endsWith("3\r\none\r\n17\r\n" + SCRIPT + "\r\n0\r\nchecked: yes\r\n\r\n"), written);
    }

    @Test
    void aPageOfAFileThatTheKernelSendsEndsWithTheScript(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("page.html"), PAGE);
        askForPage();
        channel.writeOutbound(head("content-length", String.valueOf(PAGE_LENGTH)));
        channel.writeOutbound(new DefaultFileRegion(file.toFile(), 0, PAGE_LENGTH));
        channel.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
        String written = written();
        assertTrue(written.endsWith("\r\n\r\n[DefaultFileRegion]" + SCRIPT), written);
        assertTrue(written.contains("content-length: " + LENGTH + "\r\n"), written);
    }

    @Test
    void aPageThatEndsWithItsConnectionIsAsLongAsAnnounced() {
        askForPage();
        channel.writeOutbound(head("content-length", "3"));
        channel.writeOutbound(new DefaultHttpContent(Unpooled.copiedBuffer("one", UTF_8)));
        channel.close().syncUninterruptibly();
        String written = written();
        assertTrue(written.endsWith("\r\n\r\none" + SCRIPT), written);
    }

    @Test
    void aPageInChunksThatIsCutOffStaysSo() {
        askForPage();
        channel.writeOutbound(head("transfer-encoding", "chunked"));
        channel.writeOutbound(new DefaultHttpContent(Unpooled.copiedBuffer("one", UTF_8)));
        channel.close().syncUninterruptibly();
        String written = written();
        assertTrue(written.endsWith("\r\n\r\n3\r\none\r\n"), written);
    }

    @Test
    void aResponseThatIsSentAgainAndAgainStaysAsItIs() {
        FullHttpResponse shared = page();
        askForPage();
        for (int i = 0; i < 2; i++) {
            channel.writeOutbound(shared.retainedDuplicate());
            assertTrue(written().contains("content-length: " + LENGTH + "\r\n"));
            ask("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        assertEquals(String.valueOf(PAGE_LENGTH), shared.headers().get("content-length"));
        assertNull(shared.headers().get("cache-control"));
        assertEquals(1, shared.refCnt());
        shared.release();
    }

    @Test
    void theBrowserKeepsNothingOfWhatIsOfOneBuildOnly() {
        askForPage();
        FullHttpResponse page = page();
        page.headers().set("etag", "\"1\"").set("last-modified", "x").set("cache-control", "max-age=60");
        channel.writeOutbound(page);
        String written = written();
        assertFalse(written.contains("etag") || written.contains("last-modified"), written);
        assertTrue(written.contains("cache-control: no-store\r\n"), written);
    }

    @Test
    void anErrorPageIsOneToo() {
        askForPage();
        FullHttpResponse page = page();
        page.setStatus(HttpResponseStatus.NOT_FOUND);
        channel.writeOutbound(page);
        assertTrue(written().endsWith(SCRIPT));
    }

    @Test
    void anInformationalResponseIsNoPage() {
        customize();
        ask("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.EARLY_HINTS));
        channel.writeOutbound(page());
        String written = written();
        assertTrue(written.endsWith(SCRIPT), written);
        assertEquals(written.indexOf(SCRIPT), written.lastIndexOf(SCRIPT), written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HEAD / HTTP/1.1\r\n",
                "POST / HTTP/1.1\r\nContent-Length: 0\r\n",
                "GET / HTTP/1.1\r\nSec-Fetch-Dest: empty\r\n",
                "GET / HTTP/1.1\r\nSec-Fetch-Dest: script\r\n",
                "GET / HTTP/1.1\r\nHost: app.test:8888\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nHost: app.test\r\n",
                "GET http://app.test/ HTTP/1.1\r\nHost: localhost\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nX-Real-IP: 203.0.113.9\r\n",
                "GET / HTTP/1.0\r\n"
            })
    void whatNoPageIsAskedForIsLeftAlone(String request) {
        customize();
        String host = request.contains("Host") || request.contains("1.0") ? "" : "Host: localhost\r\n";
        ask(request + host + "Accept-Encoding: gzip\r\nIf-None-Match: \"1\"\r\n\r\n");
        HttpRequest seen = channel.readInbound();
        assertTrue(seen.headers().contains("accept-encoding"));
        assertTrue(seen.headers().contains("if-none-match"));
        FullHttpResponse page = page();
        page.headers().set("etag", "\"1\"");
        channel.writeOutbound(page);
        String written = written();
        assertFalse(written.contains(SCRIPT), written);
        assertTrue(written.contains("content-length: " + PAGE_LENGTH + "\r\n"), written);
        assertTrue(written.contains("etag"), written);
    }

    @ParameterizedTest
    @CsvSource({
        "200, content-type, text/plain",
        "200, content-type, text/html; charset=UTF-16",
        "200, content-type, ''",
        "200, content-encoding, gzip",
        "200, content-disposition, Attachment; filename=a.html",
        "200, content-length, many",
        "204, a, b",
        "206, content-range, bytes 0-1/2",
        "304, a, b"
    })
    void whatIsNoPageOrCantBeMadeLongerIsLeftAlone(int status, String name, String value) {
        askForPage();
        FullHttpResponse page = page();
        page.setStatus(HttpResponseStatus.valueOf(status));
        page.headers().set(name, value);
        channel.writeOutbound(page);
        assertFalse(written().contains(SCRIPT));
    }

    @Test
    void anEncodingOfNoneIsNone() {
        askForPage();
        FullHttpResponse page = page();
        page.headers().set("content-encoding", "Identity").set("content-type", "Text/HTML");
        channel.writeOutbound(page);
        assertTrue(written().endsWith(SCRIPT));
    }

    @Test
    void pipelinedRequestsAreToldApart() {
        customize();
        ask(
                "GET /1 HTTP/1.1\r\nHost: localhost\r\n\r\nGET /2 HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Dest: empty\r\n\r\n"
                        + "GET /3 HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Dest: iframe\r\n\r\n");
        channel.writeOutbound(page());
        assertTrue(written().endsWith(SCRIPT));
        channel.writeOutbound(page());
        assertTrue(written().endsWith(PAGE));
        channel.writeOutbound(page());
        assertTrue(written().endsWith(SCRIPT));
    }

    @Test
    void aPageIsAskedForAsAWholeAndUncompressed() {
        customize();
        channel.pipeline().addLast(new HttpContentCompressor());
        ask(
                "GET / HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\nIf-None-Match: \"1\"\r\nIf-Modified-Since: x\r\n\r\n");
        HttpRequest seen = channel.readInbound();
        assertEquals("localhost", seen.headers().get("host"));
        assertFalse(seen.headers().contains("if-none-match") || seen.headers().contains("if-modified-since"));
        FullHttpResponse page = page();
        HttpUtil.setTransferEncodingChunked(page, true);
        channel.writeOutbound(page);
        String written = written();
        assertTrue(written.contains(PAGE + SCRIPT), written);
    }

    @Test
    void aCodecThatComesLaterIsFoundThen() {
        EmbeddedChannel later = new EmbeddedChannel();
        assertFalse(ScriptInjection.customizer(SCRIPT).customize(later.pipeline()));
        later.pipeline().addLast(new HttpResponseEncoder());
        assertFalse(ScriptInjection.customizer(SCRIPT).customize(later.pipeline()));
        later.pipeline().addLast(new HttpRequestDecoder());
        assertInjects(later);
    }

    @Test
    void aDecoderMayStandBeforeTheEncoder() {
        assertInjects(new EmbeddedChannel(new HttpRequestDecoder(), new HttpResponseEncoder()));
    }

    private static void assertInjects(EmbeddedChannel channel) {
        assertTrue(ScriptInjection.customizer(SCRIPT).customize(channel.pipeline()));
        channel.writeInbound(Unpooled.copiedBuffer("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", US_ASCII));
        channel.writeOutbound(page());
        ByteBuf written = Unpooled.wrappedBuffer(channel.outboundMessages().toArray(ByteBuf[]::new));
        assertTrue(written.toString(UTF_8).endsWith(SCRIPT));
        channel.finishAndReleaseAll();
    }
}
