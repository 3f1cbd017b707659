package dev.supervisor.cli;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds the lines of the log to the transcript: the supervisor's own lines, and the lines of applications that bring no
 * logging library. A line is formatted on the thread that logs it.
 */
final class LogLines extends UnsynchronizedAppenderBase<ILoggingEvent> implements AutoCloseable {

    private static final Pattern GENERATION = Pattern.compile("generation-(\\d+)");

    private final ch.qos.logback.classic.Logger root;
    private final Optional<Appender<ILoggingEvent>> former;
    private final boolean several;
    private final Consumer<Line> own;
    private final Consumer<Line> applications;

    /**
     * @param several whether lines name their application
     * @param own receives the lines of all threads but those of generations; must not block
     * @param applications receives the lines of generations' threads; may block
     */
    private LogLines(LoggerContext context, boolean several, Consumer<Line> own, Consumer<Line> applications) {
        this.root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        this.former = Optional.ofNullable(root.getAppender(LogConfigurator.STANDARD_ERROR));
        this.several = several;
        this.own = own;
        this.applications = applications;
        setContext(context);
    }

    /** Replaces the appender to standard error for good; the appender of a display replaces the new one in turn. */
    static void replaceAppender(Consumer<Line> lines) {
        LogLines replacing = divert(false, lines, lines);
        replacing.setName(LogConfigurator.STANDARD_ERROR);
    }

    /**
     * Replaces the appender to standard error until the returned appender is closed.
     *
     * @param several whether there are several applications
     */
    static LogLines divert(boolean several, Consumer<Line> own, Consumer<Line> applications) {
        LogLines lines = new LogLines((LoggerContext) LoggerFactory.getILoggerFactory(), several, own, applications);
        lines.start();
        lines.root.addAppender(lines);
        lines.former.ifPresent(lines.root::detachAppender);
        return lines;
    }

    @Override
    protected void append(ILoggingEvent event) {
        Optional<Integer> generation = generationOf(Thread.currentThread());
        Line line = new Line(
                event.getInstant(),
                Line.Level.valueOf(event.getLevel().toString()),
                Line.LOG,
                several ? ApplicationThreads.nameOf(Thread.currentThread()) : Optional.empty(),
                generation,
                Optional.of(event.getLoggerName()),
                textOf(event));
        (generation.isPresent() ? applications : own).accept(line);
    }

    private static String textOf(ILoggingEvent event) {
        return event.getThrowableProxy() == null
                ? event.getFormattedMessage()
                : event.getFormattedMessage() + "\n"
                        + ThrowableProxyUtil.asString(event.getThrowableProxy()).strip();
    }

    /** Returns the number of the thread's generation, from the name of a thread group. */
    private static Optional<Integer> generationOf(Thread thread) {
        ThreadGroup group = thread.getThreadGroup();
        while (group != null) {
            Matcher name = GENERATION.matcher(group.getName());
            if (name.matches()) {
                return Optional.of(Integer.valueOf(name.group(1)));
            }
            group = group.getParent();
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        former.ifPresent(root::addAppender);
        root.detachAppender(this);
        stop();
    }
}
