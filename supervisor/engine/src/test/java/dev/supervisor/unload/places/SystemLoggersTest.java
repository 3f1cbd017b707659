package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class SystemLoggersTest {

    @Test
    void whatIsLoggedGoesWhereTheJdkSendsIt() {
        SystemLoggers.useDefault();
        StringBuilder said = new StringBuilder();
        Logger logger = Logger.getLogger("SystemLoggersTest");
        logger.addHandler(new Handler() {
            @Override
            public void publish(LogRecord entry) {
                said.append(entry.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
        System.getLogger("SystemLoggersTest").log(System.Logger.Level.WARNING, "as on any JVM");
        assertTrue(said.toString().contains("as on any JVM"), said.toString());
    }
}
