package dev.supervisor.maven;

import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where Maven's logger prints. It remembers the standard output of Maven's start, and has no public way to give it another one:
 * Maven 3 has a copy of slf4j-simple, Maven 4 a descendant of that. If it is another logger, it goes on as before.
 */
final class LoggerOutput {

    private static final Logger LOG = LoggerFactory.getLogger(LoggerOutput.class);

    private LoggerOutput() {}

    /** Returns what undoes it. */
    static Runnable redirectTo(PrintStream out) {
        try {
            Class<?> logger = LOG.getClass();
            Optional<Field> sink = find(logger, "logSink");
            return sink.isPresent()
                    ? redirectSink(sink.get(), out)
                    : redirectChoice(field(logger, "CONFIG_PARAMS"), out);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.debug("the output of {} can't be redirected", LOG.getClass(), e);
            return () -> {};
        }
    }

    private static Runnable redirectSink(Field sink, PrintStream out) throws ReflectiveOperationException {
        Object before = sink.get(null);
        Consumer<String> consumer = out::println;
        sink.set(null, consumer);
        return () -> restore(sink, null, before);
    }

    private static Runnable redirectChoice(Field configuration, PrintStream out) throws ReflectiveOperationException {
        Object parameters = configuration.get(null);
        Field choice = field(parameters.getClass(), "outputChoice");
        Object before = choice.get(parameters);
        Constructor<?> ofStream = choice.getType().getDeclaredConstructor(PrintStream.class);
        ofStream.setAccessible(true);
        choice.set(parameters, ofStream.newInstance(out));
        return () -> restore(choice, parameters, before);
    }

    private static void restore(Field field, @Nullable Object owner, @Nullable Object value) {
        try {
            field.set(owner, value);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e); // it was accessible before
        }
    }

    private static Field field(Class<?> type, String name) throws NoSuchFieldException {
        return find(type, name).orElseThrow(() -> new NoSuchFieldException(type + " has no field " + name));
    }

    private static Optional<Field> find(Class<?> type, String name) {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            for (Field field : each.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    field.setAccessible(true);
                    return Optional.of(field);
                }
            }
        }
        return Optional.empty();
    }
}
