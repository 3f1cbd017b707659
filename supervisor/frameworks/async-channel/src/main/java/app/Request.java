package app;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** The body is null, and the end 0, as long as not all of it is here. */
record Request(String uri, byte[] body, int end, boolean close, boolean expectsContinue) {
    /** Returns null if the head is not all here. */
    static Request parse(byte[] bytes, int length) {
        int begin = 0;
        while (begin + 1 < length && bytes[begin] == '\r' && bytes[begin + 1] == '\n') {
            begin += 2; // RFC 9112, 2.2
        }
        int end = endOfHead(bytes, begin, length);
        if (end < 0) {
            return null;
        }
        String head = new String(bytes, begin, end - begin, StandardCharsets.ISO_8859_1);
        String[] words = head.substring(0, head.indexOf('\r')).split(" ");
        boolean close = "close".equalsIgnoreCase(header(head, "connection")) || words[2].equals("HTTP/1.0");
        boolean expectsContinue = "100-continue".equalsIgnoreCase(header(head, "expect"));
        if ("chunked".equalsIgnoreCase(header(head, "transfer-encoding"))) {
            var body = new ByteArrayOutputStream();
            int last = chunks(bytes, end, length, body);
            return new Request(
                    words[1], last < 0 ? null : body.toByteArray(), Math.max(0, last), close, expectsContinue);
        }
        String contentLength = header(head, "content-length");
        int last = end + (contentLength == null ? 0 : Integer.parseInt(contentLength));
        boolean complete = last <= length;
        byte[] body = complete ? Arrays.copyOfRange(bytes, end, last) : null;
        return new Request(words[1], body, complete ? last : 0, close, expectsContinue);
    }

    private static int endOfHead(byte[] bytes, int begin, int length) {
        for (int i = begin; i + 3 < length; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n' && bytes[i + 2] == '\r' && bytes[i + 3] == '\n') {
                return i + 4;
            }
        }
        return -1;
    }

    private static String header(String head, String name) {
        int at = head.toLowerCase(Locale.ROOT).indexOf("\r\n" + name + ":");
        if (at < 0) {
            return null;
        }
        int begin = at + name.length() + 3;
        return head.substring(begin, head.indexOf('\r', begin)).trim();
    }

    /** Returns the end of the chunks and of the trailers, or -1 if not all is here. */
    private static int chunks(byte[] bytes, int begin, int length, ByteArrayOutputStream body) {
        int at = begin;
        while (true) {
            int line = endOfLine(bytes, at, length);
            if (line < 0) {
                return -1;
            }
            String size = new String(bytes, at, line - 2 - at, StandardCharsets.ISO_8859_1);
            int chunk = Integer.parseInt(size.replaceFirst(";.*", "").trim(), 16);
            if (chunk == 0) {
                return trailers(bytes, line, length);
            }
            if (line + chunk + 2 > length) {
                return -1;
            }
            body.write(bytes, line, chunk);
            at = line + chunk + 2;
        }
    }

    private static int trailers(byte[] bytes, int begin, int length) {
        for (int at = begin, next; (next = endOfLine(bytes, at, length)) >= 0; at = next) {
            if (next == at + 2) {
                return next;
            }
        }
        return -1;
    }

    private static int endOfLine(byte[] bytes, int begin, int length) {
        for (int i = begin; i + 1 < length; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n') {
                return i + 2;
            }
        }
        return -1;
    }
}
