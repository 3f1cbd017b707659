package dev.supervisor.frameworks;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * What a client sends on one connection, until the server closes it.
 *
 * @param name for messages
 * @param framework of the server
 */
record Script(String name, Framework framework, List<Part> parts) {

    /** Stands for the number of the run, so that no two runs send or receive the same. */
    static final String NUMBER = "r0000";

    private static final String HOST = "Host: a\r\n";
    private static final String CLOSE = "Connection: close\r\n";

    /** So many bytes on both sides of the bounds of requests, heads and bodies, each cut is tried. */
    private static final int NEAR = 2;

    /**
     * @param statuses of the responses that it leads to, informational ones included
     * @param awaited whether the client sends no more before these have come
     * @param begins whether a request begins with it
     */
    record Part(String bytes, List<Integer> statuses, boolean awaited, boolean begins) {

        Part ofAnswered() {
            return new Part(bytes, statuses, true, begins);
        }

        /** Where the first line begins, which empty ones may precede. */
        int firstLine() {
            return (int) bytes.chars().takeWhile(c -> c == '\r' || c == '\n').count();
        }
    }

    private static Part part(String bytes, Integer... statuses) {
        return new Part(bytes, List.of(statuses), false, true);
    }

    private static Part get(String path, Integer... statuses) {
        return request("GET", path, "", "", statuses);
    }

    private static Part get(String path) {
        return get(path, 200);
    }

    private static Part head(String path) {
        return request("HEAD", path, "", "", 200);
    }

    private static Part post(String path, String body) {
        return request("POST", path, "Content-Length: " + body.length() + "\r\n", body, 200);
    }

    private static Part chunked(String path, String body) {
        return request("POST", path, "Transfer-Encoding: chunked\r\n", body, 200);
    }

    /** The server closes the connection after its response. */
    private static Part last(String path) {
        return request("GET", path, CLOSE, "", 200);
    }

    private static Part request(String method, String path, String fields, String body, Integer... statuses) {
        String head = method + " " + path + "?" + NUMBER + " HTTP/1.1\r\n" + HOST + fields + "\r\n";
        return part(head + body, statuses);
    }

    private static Part http10(String path, String fields) {
        return part("GET " + path + "?" + NUMBER + " HTTP/1.0\r\n" + HOST + fields + "\r\n", 200);
    }

    /** A request whose body is sent when the server asks for it. */
    private static Part expect(String path, Integer... statuses) {
        return request("PUT", path, "Expect: 100-continue\r\nContent-Length: 3\r\n", "", statuses)
                .ofAnswered();
    }

    private static Part body(String body, int status) {
        return new Part(body, List.of(status), false, false);
    }

    private static Part upgrade(String protocol, String fields) {
        return request("GET", "/message", "Upgrade: " + protocol + "\r\n" + fields, "", 200);
    }

    private static final Part WEBSOCKET = upgrade(
            "websocket",
            "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n");
    private static final Part H2C =
            upgrade("h2c", "Connection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n");
    private static final Part PUT = expect("/message", 100);
    private static final Part PUT_BODY = body("put", 200);
    private static final String CHUNKS = "4;x=\"y z\"\r\n\r\nGE\r\nA\r\n0123456\r\n\n\r\n0";
    private static final Part CHUNKED = chunked("/chunks", CHUNKS + "\r\n\r\n");
    private static final Part WITH_TRAILERS = chunked("/chunks", CHUNKS + "\r\nt: 1\r\nu: 2\r\n\r\n");
    private static final Part LIKE_A_REQUEST = post("/message", "GET /x HTTP/1.1\r\n\r\n");

    /** What is sent to this server; not all of them keep to all of HTTP. */
    static List<Script> of(Framework framework) {
        boolean jdk = framework == Framework.JDK_HTTP_SERVER;
        boolean undertow = framework == Framework.UNDERTOW;
        Scripts scripts = new Scripts(framework, new ArrayList<>());
        scripts.add("pipelined", get("/message"), get("/"), get("/message"), last("/message"));
        scripts.add("with a length", LIKE_A_REQUEST, post("/chunks", "12345678\n"), LIKE_A_REQUEST, last("/chunks"));
        // the JDK's server knows no trailers
        scripts.add("chunked", jdk ? CHUNKED : WITH_TRAILERS, CHUNKED, jdk ? CHUNKED : WITH_TRAILERS, last("/message"));
        scripts.add("100-continue", PUT, PUT_BODY, PUT, PUT_BODY, get("/message"), get("/close"));
        scripts.add("without a body", head("/message"), head("/chunks"), get("/nothing", 204), last("/message"));
        scripts.add("upgrades refused", WEBSOCKET, H2C, get("/message"), get("/close"));
        scripts.add("closed by the server", get("/chunks"), get("/stream"), get("/close"));
        scripts.add(
                "HTTP/1.0", http10("/message", "Connection: keep-alive\r\n"), get("/message"), http10("/chunks", ""));
        scripts.add("until the end", get("/message"), http10("/chunks", "Connection: keep-alive\r\n"));
        scripts.add("long", post("/message", longBody()), post("/chunks", longBody()), last("/message"));
        scripts.add(
                "mixed",
                CHUNKED,
                head("/message"),
                LIKE_A_REQUEST,
                PUT,
                PUT_BODY,
                get("/chunks"),
                WEBSOCKET,
                last("/chunks"));
        // Undertow drops a response that waits for the next one, if that is an error.
        String error = jdk ? "GARBAGE\r\n" : "GET /no-host?" + NUMBER + " HTTP/1.1\r\n\r\n";
        scripts.add("an error", get("/message").ofAnswered(), part(error, 400));
        if (jdk || undertow) {
            scripts.add("refused with a body", expect("/refuse", 100), body("put", 403), get("/close"));
        } else {
            Part refused = framework == Framework.TOMCAT ? expect("/refuse", 100, 403) : expect("/refuse", 403);
            scripts.add("refused", get("/message").ofAnswered(), refused);
        }
        if (!undertow) { // which takes no empty lines
            Part after = part("\r\n\r\nGET /message?" + NUMBER + " HTTP/1.1\r\n" + HOST + "\r\n", 200);
            scripts.add("empty lines", after, after, last("/message"));
        }
        if (framework == Framework.TOMCAT || undertow) {
            Part connect = part("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", undertow ? 404 : 501);
            scripts.add("a tunnel refused", get("/message"), connect);
        }
        return scripts.all();
    }

    private record Scripts(Framework framework, List<Script> all) {

        /** Undertow may send a 100 (Continue) ahead of the response before it, so it gets one request after the other. */
        void add(String name, Part... parts) {
            List<Part> list = List.of(parts);
            boolean expects = list.contains(PUT);
            if (expects && framework == Framework.UNDERTOW) {
                list = list.stream().map(Part::ofAnswered).toList();
            }
            all.add(new Script(name, framework, list));
        }
    }

    /** Whether the server keeps a response back, as Undertow does, since this ends within a request. */
    boolean keepsBack(int end) {
        return framework == Framework.UNDERTOW
                && IntStream.range(0, parts.size()).noneMatch(i -> start(i) == end);
    }

    /** More than a socket takes at once. */
    private static String longBody() {
        char[] body = new char[150_000];
        for (int i = 0; i < body.length; i++) {
            body[i] = (char) ('a' + i % 23);
        }
        return new String(body);
    }

    String bytes(int number) {
        String bytes = String.join("", parts.stream().map(Part::bytes).toList());
        return bytes.replace(NUMBER, numbered(number));
    }

    static String numbered(int number) {
        return String.format("r%04d", number);
    }

    /** Where this part begins. */
    int start(int part) {
        return parts.subList(0, part).stream()
                .mapToInt(each -> each.bytes().length())
                .sum();
    }

    int length() {
        return start(parts.size());
    }

    List<Integer> statuses() {
        return parts.stream().flatMap(part -> part.statuses().stream()).toList();
    }

    /** Positions to cut it at: each that is near a bound, and every so many elsewhere, less often in a long body. */
    List<Integer> cuts(int stride) {
        TreeSet<Integer> cuts = new TreeSet<>();
        for (int i = 0; i < parts.size(); i++) {
            String bytes = parts.get(i).bytes();
            int start = start(i);
            addNear(cuts, start);
            addNear(cuts, start + Math.max(0, bytes.indexOf("\r\n\r\n")) + 4);
            for (int at = 0; at < bytes.length(); at += bytes.length() > 10_000 ? bytes.length() / 8 : stride) {
                cuts.add(start + at);
            }
        }
        addNear(cuts, length());
        return List.copyOf(cuts.subSet(0, true, length(), true));
    }

    private static void addNear(TreeSet<Integer> cuts, int position) {
        for (int i = position - NEAR; i <= position + NEAR; i++) {
            cuts.add(i);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
