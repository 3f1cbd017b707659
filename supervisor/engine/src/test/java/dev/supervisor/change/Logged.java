package dev.supervisor.change;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What a class logs, until this is closed. */
final class Logged implements AutoCloseable {

    private final Logger logger;
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    Logged(Class<?> logging) {
        logger = (Logger) LoggerFactory.getLogger(logging);
        log.start();
        logger.addAppender(log);
    }

    List<String> messages() {
        return List.copyOf(log.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Override
    public void close() {
        logger.detachAppender(log);
    }
}
