package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JdbcDriversTest {

    private static final String OWN = JdbcDriversTest.class.getName() + "$OwnDriver";

    private final JdbcDrivers drivers = new JdbcDrivers();

    @Test
    void aDriverThatWasNeverDeregisteredIs() throws Exception {
        Driver ofTheJvm = new FakeDriver();
        DriverManager.registerDriver(ofTheJvm);
        try {
            RegistryTenant tenant = RegistryTenant.thatRan(Registers.class);
            tenant.assertHeld();
            assertEquals(List.of("JDBC driver " + OWN + " was never deregistered"), drivers.clear(tenant.owner()));
            assertEquals("true", System.clearProperty("test.deregistered"), "its action was not run");
            tenant.assertCollected();
            assertTrue(Collections.list(DriverManager.getDrivers()).contains(ofTheJvm));
        } finally {
            DriverManager.deregisterDriver(ofTheJvm);
        }
    }

    @Test
    void aDriverThatThrowsWhenItIsDeregisteredIsRemovedAllTheSame() throws Exception {
        RegistryTenant tenant = RegistryTenant.thatRan(RegistersAndRefuses.class);
        tenant.assertHeld();
        assertEquals(List.of("JDBC driver " + OWN + " was never deregistered"), drivers.clear(tenant.owner()));
        tenant.assertCollected();
    }

    @Test
    void theLogWriterIsSetBack() throws Exception {
        RegistryTenant tenant = RegistryTenant.thatRan(Logs.class);
        tenant.assertHeld();
        assertEquals(List.of("the JDBC log writer of DriverManager was never set back"), drivers.clear(tenant.owner()));
        tenant.assertCollected();
    }

    @Test
    void theLogWriterOfOthersStays() throws Exception {
        PrintWriter ofTheJvm = new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        DriverManager.setLogWriter(ofTheJvm);
        try {
            assertEquals(List.of(), drivers.clear(new RegistryTenant(JdbcDriversTest.class).owner()));
            assertEquals(ofTheJvm, DriverManager.getLogWriter());
        } finally {
            DriverManager.setLogWriter(null);
        }
    }

    @Test
    void aDriverThatALaterGenerationNamesIsFound(@TempDir Path directory) throws Exception {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve("java.sql.Driver"), NamedDriver.class.getName());
        RegistryTenant first = new RegistryTenant(JdbcDriversTest.class);
        assertEquals(0, first.run(CountsDrivers.class));
        drivers.clear(first.owner());
        RegistryTenant second =
                new RegistryTenant(JdbcDriversTest.class, directory.toUri().toURL());
        assertEquals(1, second.run(CountsDrivers.class));
        drivers.clear(second.owner());
    }

    static final class OwnDriver extends FakeDriver {}

    static final class Registers implements Callable<Object> {
        @Override
        public Object call() throws Exception {
            DriverManager.registerDriver(new OwnDriver(), () -> System.setProperty("test.deregistered", "true"));
            return "";
        }
    }

    static final class RegistersAndRefuses implements Callable<Object> {
        @Override
        public Object call() throws Exception {
            DriverManager.registerDriver(new OwnDriver(), () -> {
                throw new IllegalStateException("not now");
            });
            return "";
        }
    }

    static final class Logs implements Callable<Object> {
        static final class Sink extends OutputStream {
            @Override
            public void write(int b) {}
        }

        @Override
        public Object call() {
            DriverManager.setLogWriter(new PrintWriter(new Sink(), false, StandardCharsets.UTF_8));
            return "";
        }
    }

    public static final class NamedDriver extends FakeDriver {
        static {
            try {
                DriverManager.registerDriver(new NamedDriver());
            } catch (SQLException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }

    static final class CountsDrivers implements Callable<Object> {
        @Override
        public Object call() {
            return (int) DriverManager.drivers()
                    .filter(driver -> driver.getClass().getName().endsWith("$NamedDriver"))
                    .count();
        }
    }
}
