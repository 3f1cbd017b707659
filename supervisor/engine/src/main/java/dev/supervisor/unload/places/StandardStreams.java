package dev.supervisor.unload.places;

import dev.supervisor.inspect.InternalField;
import java.io.FilterInputStream;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Optional;

/**
 * Standard streams that an application can't close: by closing one it means its own end, but the supervisor and the
 * next generation go on using them.
 */
final class StandardStreams {

    private static final Optional<InternalField> ENCODER = InternalField.field(PrintStream.class, "charOut");

    private StandardStreams() {}

    /** Wraps the streams. Idempotent. */
    static synchronized void keepOpen() {
        if (!(System.out instanceof OpenOut)) {
            System.setOut(new OpenOut(System.out));
        }
        if (!(System.err instanceof OpenOut)) {
            System.setErr(new OpenOut(System.err));
        }
        if (!(System.in instanceof OpenIn)) {
            System.setIn(new OpenIn(System.in));
        }
    }

    /** Returns the charset of a stream, which JDK 17 does not tell. */
    private static Charset charsetOf(PrintStream stream) {
        return ENCODER.map(field -> (OutputStreamWriter) field.get(stream))
                .flatMap(encoder -> Optional.ofNullable(encoder.getEncoding()))
                .map(Charset::forName)
                .orElseGet(Charset::defaultCharset);
    }

    /** Passes writes on at once; the wrapped stream decides when to flush. */
    private static final class OpenOut extends PrintStream {

        OpenOut(PrintStream out) {
            super(out, false, charsetOf(out));
        }

        @Override
        public void close() {
            flush();
        }
    }

    private static final class OpenIn extends FilterInputStream {

        OpenIn(InputStream in) {
            super(in);
        }

        @Override
        public void close() {}
    }
}
