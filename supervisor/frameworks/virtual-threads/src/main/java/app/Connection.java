package app;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** HTTP/1.1 over blocking streams: requests are answered one after the other, so pipelined ones are, too. */
class Connection {
    private final InputStream in;
    private final OutputStream out;
    private final byte[] version;

    Connection(InputStream in, OutputStream out, String version) {
        this.in = new BufferedInputStream(in);
        this.out = new BufferedOutputStream(out);
        this.version = version.getBytes(StandardCharsets.UTF_8);
    }

    void serve() throws IOException, InterruptedException {
        for (String request = line(); request != null; request = line()) {
            if (request.isEmpty()) {
                continue; // RFC 9112, 2.2
            }
            Map<String, String> headers = headers();
            byte[] body = body(headers);
            String[] words = request.split(" ");
            boolean close = "close".equalsIgnoreCase(headers.get("connection")) || words[2].equals("HTTP/1.0");
            route(words[1], body, close);
            if (close) {
                return;
            }
        }
    }

    private void route(String uri, byte[] body, boolean close) throws IOException, InterruptedException {
        String path = uri.replaceFirst("\\?.*", "");
        switch (path) {
            case "/" -> answer("200 OK", version, close);
            case "/slow" -> {
                Thread.sleep(Integer.parseInt(uri.substring("/slow?millis=".length())));
                answer("200 OK", version, close);
            }
            case "/echo" -> answer("200 OK", body, close);
            case "/stream" -> stream(close);
            default -> answer("404 Not Found", new byte[0], close);
        }
    }

    private void answer(String status, byte[] body, boolean close) throws IOException {
        head(status, "Content-Length: " + body.length, close);
        out.write(body);
        out.flush();
    }

    private void stream(boolean close) throws IOException, InterruptedException {
        head("200 OK", "Transfer-Encoding: chunked", close);
        for (int i = 1; i < 5; i++) {
            chunk((i + "\n").getBytes(StandardCharsets.US_ASCII));
            out.flush();
            Thread.sleep(20);
        }
        chunk(version);
        chunk(new byte[0]);
        out.flush();
    }

    private void head(String status, String framing, boolean close) throws IOException {
        print("HTTP/1.1 " + status + "\r\nContent-Type: text/plain\r\n" + framing
                + (close ? "\r\nConnection: close" : "") + "\r\n\r\n");
    }

    private void chunk(byte[] bytes) throws IOException {
        print(Integer.toHexString(bytes.length) + "\r\n");
        out.write(bytes);
        print("\r\n");
    }

    private void print(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); line != null && !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).trim());
        }
        return headers;
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
            print("HTTP/1.1 100 Continue\r\n\r\n");
            out.flush();
        }
        if (!"chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            return bytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        }
        var body = new ByteArrayOutputStream();
        for (int size = size(); size > 0; size = size()) {
            body.write(bytes(size));
            line();
        }
        headers(); // the trailers
        return body.toByteArray();
    }

    private int size() throws IOException {
        String line = line();
        if (line == null) {
            throw new EOFException();
        }
        return Integer.parseInt(line.replaceFirst(";.*", "").trim(), 16);
    }

    private byte[] bytes(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }

    /** Returns the next line without its end, or null at the end of the stream. */
    private String line() throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                return line.toString();
            } else if (c != '\r') {
                line.append((char) c);
            }
        }
        return null;
    }
}
