package dev.supervisor.demo;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;

/**
 * A file from the application's own jar. Read once, at the start, so that a missing one fails the build, not a request.
 */
final class StaticFile implements Answer {

    private final byte[] content;
    private final String type;

    private StaticFile(byte[] content, String type) {
        this.content = content;
        this.type = type;
    }

    /** Reads a resource, as {@link #bytes} does. */
    static StaticFile read(String name, String type) throws IOException {
        return new StaticFile(bytes(name), type);
    }

    /**
     * Returns the content of a resource.
     *
     * @param name the path from the root of the jar, which begins with a slash
     * @throws IOException if there is no such resource
     */
    static byte[] bytes(String name) throws IOException {
        try (InputStream in = StaticFile.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new FileNotFoundException("can't serve " + name + ": not in the jar");
            }
            return in.readAllBytes();
        }
    }

    @Override
    public void begin(Exchange exchange) {
        exchange.reply(HttpResponseStatus.OK, type, Unpooled.wrappedBuffer(content));
    }
}
