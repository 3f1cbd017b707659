package dev.supervisor.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;

/**
 * One request to {@link Mirror}, and what its answer must be.
 *
 * @param bytes as they are sent
 * @param body of the answer
 * @param announced length of that; of a HEAD request's answer there is nothing else
 */
record MirrorRequest(Kind kind, String tag, ByteBuf bytes, ByteBuf body, int announced) {

    enum Kind {
        GET,
        HEAD,
        POST,
        CHUNKED
    }

    private static final int LARGEST_BODY = 20 * 1024;
    private static final int LONGEST_PADDING = 200;
    private static final int LATEST_MILLIS = 3;

    /** Bodies are cut from these. */
    private static final byte[] NOISE = noise(2 * LARGEST_BODY);

    private static byte[] noise(int length) {
        byte[] noise = new byte[length];
        new Random(1).nextBytes(noise);
        return noise;
    }

    static MirrorRequest random(String tag, Random random) {
        Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
        int size = random.nextInt(1 + random.nextInt(1 + random.nextInt(LARGEST_BODY + 1))); // small ones mostly
        return switch (kind) {
            case GET -> get(tag, size, random);
            case HEAD -> of(kind, tag, ascii(head("HEAD", tag, size, random)), new byte[0], size);
            case POST -> post(tag, cutOfNoise(size, random), random);
            case CHUNKED -> chunked(tag, cutOfNoise(size, random), random);
        };
    }

    static MirrorRequest get(String tag, int size, Random random) {
        byte[] body = ascii(tag.repeat(size / tag.length() + 1).substring(0, size));
        return of(Kind.GET, tag, ascii(head("GET", tag, size, random)), body, size);
    }

    private static MirrorRequest post(String tag, byte[] body, Random random) {
        String fields = field("Content-Length", body.length);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ascii(head("POST", tag, 0, random, fields)));
        bytes.writeBytes(body);
        return of(Kind.POST, tag, bytes.toByteArray(), body, body.length);
    }

    private static MirrorRequest chunked(String tag, byte[] body, Random random) {
        String fields = field("Transfer-Encoding", "chunked") + field("x-chunked", true);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ascii(head("POST", tag, 0, random, fields)));
        for (int at = 0; at < body.length; ) {
            int length = 1 + random.nextInt(body.length - at);
            bytes.writeBytes(ascii(Integer.toHexString(length) + "\r\n"));
            bytes.write(body, at, length);
            bytes.writeBytes(ascii("\r\n"));
            at += length;
        }
        bytes.writeBytes(ascii(random.nextBoolean() ? "0\r\n\r\n" : "0\r\nx-trailer: 1\r\n\r\n"));
        return of(Kind.CHUNKED, tag, bytes.toByteArray(), body, -1);
    }

    private static MirrorRequest of(Kind kind, String tag, byte[] bytes, byte[] body, int announced) {
        return new MirrorRequest(kind, tag, Unpooled.wrappedBuffer(bytes), Unpooled.wrappedBuffer(body), announced);
    }

    private static byte[] cutOfNoise(int size, Random random) {
        byte[] cut = new byte[size];
        System.arraycopy(NOISE, random.nextInt(NOISE.length - size), cut, 0, size);
        return cut;
    }

    private static String head(String method, String tag, int size, Random random, String... fields) {
        String later = random.nextInt(16) == 0 ? field(Mirror.LATER, 1 + random.nextInt(LATEST_MILLIS)) : "";
        return method + " / HTTP/1.1\r\n"
                + field("Host", "localhost")
                + field(Mirror.TAG, tag)
                + field(Mirror.SIZE, size)
                + field("x-padding", "-".repeat(random.nextInt(LONGEST_PADDING)))
                + later
                + String.join("", fields)
                + "\r\n";
    }

    private static String field(String name, Object value) {
        return name + ": " + value + "\r\n";
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns what is wrong with an answer. */
    Optional<String> wrongWith(FullHttpResponse answer) {
        if (!answer.status().equals(HttpResponseStatus.OK)) {
            return Optional.of(
                    "answered by " + answer.status() + " " + answer.content().toString(StandardCharsets.UTF_8));
        }
        if (!tag.equals(answer.headers().get(Mirror.TAG))) {
            return Optional.of("answered by the answer to " + answer.headers().get(Mirror.TAG));
        }
        if (announced >= 0 && announced != answer.headers().getInt(HttpHeaderNames.CONTENT_LENGTH, -1)) {
            return Optional.of("answered by " + answer.headers().get(HttpHeaderNames.CONTENT_LENGTH)
                    + " bytes instead of " + announced);
        }
        return body.equals(answer.content())
                ? Optional.empty()
                : Optional.of("answered by a wrong body of " + answer.content().readableBytes() + " bytes instead of "
                        + body.readableBytes());
    }
}
