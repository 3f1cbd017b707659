package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.ErrorManager;
import java.util.logging.Filter;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.MemoryHandler;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class JulHandlersTest {

    private static final String ME = JulHandlersTest.class.getName();

    private final JulHandlers julHandlers = new JulHandlers();
    private final Logger root = Logger.getLogger("");
    private final Logger logger = Logger.getLogger("test.shared");
    private final Handler ofTheJvm = new StreamHandler(OutputStream.nullOutputStream(), new SimpleFormatter());

    @BeforeEach
    void addOneOfTheJvm() {
        logger.addHandler(ofTheJvm);
        logger.setLevel(Level.FINE);
    }

    @AfterEach
    void removeIt() {
        logger.removeHandler(ofTheJvm);
        logger.setLevel(null);
        logger.setFilter(null);
    }

    @Test
    void aHandlerThatWasNeverRemovedIsAndIsClosed() throws Exception {
        RegistryTenant tenant = RegistryTenant.thatRan(AddsHandlers.class);
        tenant.assertHeld();
        assertEquals(
                List.of(
                        "java.util.logging handler " + ME + "$OwnHandler on the logger 'test.shared' was never removed",
                        "java.util.logging handler " + ME + "$OwnHandler on the root logger was never removed"),
                julHandlers.clear(tenant.owner()).stream().sorted().toList());
        assertEquals("true", System.clearProperty("test.closed"), "it was not closed");
        tenant.assertCollected();
        assertEquals(List.of(ofTheJvm), List.of(logger.getHandlers()));
    }

    @Test
    void aHandlerOfTheJdkThatPassesOnOrWritesToOneIsRemoved() throws Exception {
        int before = root.getHandlers().length;
        RegistryTenant tenant = RegistryTenant.thatRan(AddsHandlersOfTheJdk.class);
        tenant.assertHeld();
        assertEquals(
                List.of(
                        "java.util.logging handler java.util.logging.MemoryHandler on the root logger was never removed",
                        "java.util.logging handler java.util.logging.StreamHandler on the root logger was never removed"),
                julHandlers.clear(tenant.owner()));
        tenant.assertCollected();
        assertEquals(before, root.getHandlers().length);
    }

    @Test
    void whatIsPluggedIntoAHandlerOfOthersIsTakenBack() throws Exception {
        RegistryTenant tenant = RegistryTenant.thatRan(PlugsIn.class);
        tenant.assertHeld();
        String handler = " of java.util.logging handler java.util.logging.StreamHandler on the logger 'test.shared'";
        assertEquals(
                List.of(
                        "filter " + ME + "$OwnFilter" + handler + " was never taken back",
                        "formatter " + ME + "$OwnFormatter" + handler + " was never taken back",
                        "error manager " + ME + "$OwnErrorManager" + handler + " was never taken back",
                        "level " + ME + "$OwnLevel" + handler + " was never taken back"),
                julHandlers.clear(tenant.owner()));
        tenant.assertCollected();
        assertEquals(List.of(ofTheJvm), List.of(logger.getHandlers()));
        assertEquals(SimpleFormatter.class, ofTheJvm.getFormatter().getClass());
    }

    @Test
    void aFilterAndALevelOfALoggerAreTakenBack() throws Exception {
        RegistryTenant tenant = RegistryTenant.thatRan(PlugsIntoLogger.class);
        tenant.assertHeld();
        assertEquals(
                List.of(
                        "java.util.logging filter " + ME
                                + "$OwnFilter of the logger 'test.shared' was never taken back",
                        "java.util.logging level " + ME + "$OwnLevel of the logger 'test.shared' was never taken back"),
                julHandlers.clear(tenant.owner()));
        tenant.assertCollected();
        assertNull(logger.getLevel());
    }

    @Test
    void aConfigurationListenerThatWasNeverRemovedIs() throws Exception {
        boolean[] told = new boolean[1];
        Runnable listener = () -> told[0] = true;
        LogManager.getLogManager().addConfigurationListener(listener);
        try {
            RegistryTenant tenant = RegistryTenant.thatRan(Listens.class);
            tenant.assertHeld();
            assertEquals(
                    List.of("java.util.logging configuration listener " + ME + "$OwnListener was never removed"),
                    julHandlers.clear(tenant.owner()));
            tenant.assertCollected();
            LogManager.getLogManager().updateConfiguration(key -> (before, after) -> before);
            assertTrue(told[0]);
        } finally {
            LogManager.getLogManager().removeConfigurationListener(listener);
        }
    }

    @Test
    void whatOthersHavePutThereStays() throws Exception {
        logger.setFilter(logRecord -> true);
        int before = root.getHandlers().length;
        assertEquals(List.of(), julHandlers.clear(new RegistryTenant(JulHandlersTest.class).owner()));
        assertEquals(Level.FINE, logger.getLevel());
        assertTrue(logger.getFilter() != null);
        assertTrue(Arrays.asList(logger.getHandlers()).contains(ofTheJvm));
        assertEquals(before, root.getHandlers().length);
    }

    static final class OwnHandler extends Handler {
        @Override
        public void publish(LogRecord logRecord) {}

        @Override
        public void flush() {}

        @Override
        public void close() {
            System.setProperty("test.closed", "true");
            throw new IllegalStateException("and yet it moves");
        }
    }

    static final class OwnFilter implements Filter {
        @Override
        public boolean isLoggable(LogRecord logRecord) {
            return true;
        }
    }

    static final class OwnFormatter extends Formatter {
        @Override
        public String format(LogRecord logRecord) {
            return "";
        }
    }

    static final class OwnErrorManager extends ErrorManager {}

    static final class OwnLevel extends Level {
        OwnLevel() {
            super("OWN", 1234);
        }
    }

    static final class OwnListener implements Runnable {
        @Override
        public void run() {}
    }

    static final class AddsHandlers implements Callable<Object> {
        @Override
        public Object call() {
            Logger.getLogger("").addHandler(new OwnHandler());
            Logger.getLogger("test.shared").addHandler(new OwnHandler());
            return "";
        }
    }

    static final class AddsHandlersOfTheJdk implements Callable<Object> {
        static final class Sink extends OutputStream {
            @Override
            public void write(int b) {}
        }

        @Override
        public Object call() {
            Logger.getLogger("").addHandler(new MemoryHandler(new OwnHandler(), 1, Level.OFF));
            Logger.getLogger("").addHandler(new StreamHandler(new Sink(), new SimpleFormatter()));
            return "";
        }
    }

    static final class PlugsIn implements Callable<Object> {
        @Override
        public Object call() {
            Handler handler = Logger.getLogger("test.shared").getHandlers()[0];
            handler.setFilter(new OwnFilter());
            handler.setFormatter(new OwnFormatter());
            handler.setErrorManager(new OwnErrorManager());
            handler.setLevel(new OwnLevel());
            return "";
        }
    }

    static final class PlugsIntoLogger implements Callable<Object> {
        @Override
        public Object call() {
            Logger.getLogger("test.shared").setFilter(new OwnFilter());
            Logger.getLogger("test.shared").setLevel(new OwnLevel());
            return "";
        }
    }

    static final class Listens implements Callable<Object> {
        @Override
        public Object call() {
            return LogManager.getLogManager().addConfigurationListener(new OwnListener());
        }
    }
}
