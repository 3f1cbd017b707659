package dev.supervisor.socket.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The bytes of a connection of HTTP/1 with a few exchanges, made at random. */
final class RandomExchanges {

    private static final String[] METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND", "X"
    };
    private static final String[] STATUSES = {
        "200 OK", "201 Created", "204 No Content", "304 Not Modified", "404 ", "500 a b"
    };
    private static final String[] INTERIMS = {"100 Continue", "102 Processing", "103 Early Hints"};
    private static final String[] OTHER_FIELDS = {
        "Host: localhost:8080",
        "Cookie: a=b; c=d",
        "Content-Type: text/plain",
        "Accept: */*",
        "Cache-Control: no-cache",
        "TE: trailers",
        "Trailer: t",
        "X-Content-Length: 5",
        "Keep-Alive: timeout=5",
        "Expires: 0",
        "X: Connection: close",
        "Date: Sun, 29 Nov 2026 10:00:00 GMT",
        "Transfer: chunked",
        "Cont: 1",
        "E:",
        "Upgrade: websocket"
    };
    private static final String[] CONNECTION_FIELDS = {
        "Connection: keep-alive", "connection:Upgrade", "CONNECTION: Keep-Alive, TE", "Connection: closed"
    };

    private final Random random;
    private final List<byte[]> requests = new ArrayList<>();
    private final List<byte[]> responses = new ArrayList<>();
    private String lineEnd = "\r\n";

    /** @param count the number of exchanges, of which the last may end the connection */
    RandomExchanges(Random random, int count) {
        this.random = random;
        for (int i = 0; i < count; i++) {
            lineEnd = random.nextInt(8) == 0 ? "\n" : "\r\n";
            String method = oneOf(METHODS);
            boolean last = i == count - 1;
            requests.add(request(method, last).getBytes(ISO_8859_1));
            responses.add(response(method.equals("HEAD"), last).getBytes(ISO_8859_1));
        }
    }

    List<byte[]> requests() {
        return requests;
    }

    /** Returns a response to each request, with the interim responses ahead of it. */
    List<byte[]> responses() {
        return responses;
    }

    private String oneOf(String[] values) {
        return values[random.nextInt(values.length)];
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    private String request(String method, boolean last) {
        boolean old = chance(8);
        StringBuilder text = new StringBuilder(chance(4) ? "\r\n".repeat(1 + random.nextInt(2)) : "");
        text.append(method).append(" /").append("a".repeat(random.nextInt(20))).append(old ? " HTTP/1.0" : " HTTP/1.1");
        text.append(lineEnd);
        appendFields(text, old, last);
        switch (random.nextInt(old ? 2 : 3)) {
            case 0 -> text.append(lineEnd);
            case 1 -> appendLength(text, true);
            default -> appendChunked(text, true);
        }
        return text.toString();
    }

    private String response(boolean toHead, boolean last) {
        StringBuilder text = new StringBuilder();
        while (chance(4)) {
            text.append("HTTP/1.1 ").append(oneOf(INTERIMS)).append(lineEnd);
            appendOtherFields(text);
            text.append(lineEnd);
        }
        boolean old = chance(8);
        String status = oneOf(STATUSES);
        text.append(old ? "HTTP/1.0 " : "HTTP/1.1 ").append(status).append(lineEnd);
        appendFields(text, old, last);
        boolean withBody = !toHead && !status.startsWith("304");
        if (status.startsWith("204")) {
            text.append(lineEnd);
        } else if (last && chance(4)) {
            text.append(lineEnd).append(withBody ? "until the end\r\n\r\n" : "");
        } else if (old || chance(2)) {
            appendLength(text, withBody);
        } else {
            appendChunked(text, withBody);
        }
        return text.toString();
    }

    private void appendFields(StringBuilder text, boolean old, boolean last) {
        appendOtherFields(text);
        if (last && chance(3)) {
            text.append(chance(2) ? "Connection: close" : "connection:\t TE , CLOSE ")
                    .append(lineEnd);
        } else if (old && chance(8)) {
            return;
        } else if (old || chance(3)) {
            text.append(old ? "Connection: Keep-Alive" : oneOf(CONNECTION_FIELDS))
                    .append(lineEnd);
        }
        appendOtherFields(text);
    }

    private void appendOtherFields(StringBuilder text) {
        while (!chance(3)) {
            text.append(oneOf(OTHER_FIELDS)).append(lineEnd);
        }
    }

    private void appendLength(StringBuilder text, boolean withBody) {
        String body = body();
        text.append(chance(2) ? "Content-Length: " : "content-length:")
                .append(body.length())
                .append(lineEnd);
        text.append(lineEnd).append(withBody ? body : "");
    }

    private String body() {
        return "GET / HTTP/1.1\r\n\r\n0\r\n\r\n".repeat(3).substring(0, random.nextInt(40));
    }

    private void appendChunked(StringBuilder text, boolean withBody) {
        text.append(chance(2) ? "Transfer-Encoding: chunked" : "transfer-encoding:gzip, Chunked ")
                .append(lineEnd);
        text.append(lineEnd);
        if (!withBody) {
            return;
        }
        while (!chance(3)) {
            String chunk = body() + "x";
            text.append(chance(2) ? Integer.toHexString(chunk.length()) : "0" + Integer.toHexString(chunk.length()));
            text.append(chance(4) ? ";a=b" : "").append("\r\n").append(chunk).append("\r\n");
        }
        text.append("0\r\n");
        while (chance(4)) {
            text.append("t: ").append(body().replaceAll("\\s", "")).append(lineEnd);
        }
        text.append(lineEnd);
    }
}
