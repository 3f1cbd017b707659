package dev.supervisor.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.List;
import org.slf4j.Logger;

/**
 * Configures the command's logback, which finds it through {@code META-INF/services}. An application has a logback of its own, with
 * its own settings; that one does not see this class.
 *
 * <p>This is no XML, for which logback loads a parser and some 500 classes at each start.
 */
public final class LogConfigurator extends ContextAwareBase implements Configurator {

    /** Names the appender to standard error. */
    static final String STANDARD_ERROR = "stderr";

    /** The supervisor prints its transcript by itself; it only warns in the log. */
    private static final List<String> ONLY_WARNING = List.of("dev.supervisor", "io.netty", "io.methvin", "org.jboss");

    /** The supervisor says by itself what this one has to say of rules that can't be understood. */
    private static final String SILENT = "dev.supervisor.shaded.jgit";

    /** Called by logback. */
    public LogConfigurator() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        PatternLayout layout = new PatternLayout();
        layout.setContext(context);
        layout.setPattern("%d{HH:mm:ss.SSS} %-5level %logger{30} - %msg%n");
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setLayout(layout);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName(STANDARD_ERROR);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        ONLY_WARNING.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
        context.getLogger(SILENT).setLevel(Level.OFF);
        ch.qos.logback.classic.Logger root =
                context.getLogger(Logger.ROOT_LOGGER_NAME); // of applications that bring no logging
        root.setLevel(Level.INFO);
        root.addAppender(appender);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
