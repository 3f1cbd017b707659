package dev.supervisor.unload.places;

import dev.supervisor.inspect.InternalField;
import java.io.FilterInputStream;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Optional;

/**
 * The standard streams as applications see them. An application that closes one means its own end; the supervisor, and
 * the next generation, go on using them.
 */
final class StandardStreams {

    private static final Optional<InternalField> ENCODER = InternalField.field(PrintStream.class, "charOut");

    private StandardStreams() {}

    /** Idempotent. */
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

    /** What another stream would encode, which JDK 17 does not tell. */
    private static Charset charsetOf(PrintStream stream) {
        return ENCODER.map(field -> (OutputStreamWriter) field.get(stream))
                .flatMap(encoder -> Optional.ofNullable(encoder.getEncoding()))
                .map(Charset::forName)
                .orElseGet(Charset::defaultCharset);
    }

    /** Writes are passed on as they come, and are flushed as the other stream does it. */
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
