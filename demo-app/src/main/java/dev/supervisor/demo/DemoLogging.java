package dev.supervisor.demo;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * Configures the application's own logback, found through {@code META-INF/services}. The prefix distinguishes its lines
 * from those of the supervisor, in whose process it runs.
 *
 * <p>A {@code logback.xml} would do the same, but each generation loads its libraries anew, and for XML and patterns
 * logback loads 500 classes instead of 80: a swap would take some 50 ms more.
 */
public final class DemoLogging extends ContextAwareBase implements Configurator {

    /** Called by logback. */
    public DemoLogging() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        Line line = new Line();
        line.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setLayout(line);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setEncoder(encoder);
        console.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(console);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static final class Line extends LayoutBase<ILoggingEvent> {

        private static final DateTimeFormatter TIME =
                DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

        @Override
        public String doLayout(ILoggingEvent event) {
            String time = TIME.format(Instant.ofEpochMilli(event.getTimeStamp()));
            String line = "[demo-app] " + time + " " + event.getLevel() + " " + event.getFormattedMessage() + "\n";
            return event.getThrowableProxy() == null ? line : line + stackOf(event) + "\n";
        }

        private static String stackOf(ILoggingEvent event) {
            return ThrowableProxyUtil.asString(event.getThrowableProxy());
        }
    }
}
