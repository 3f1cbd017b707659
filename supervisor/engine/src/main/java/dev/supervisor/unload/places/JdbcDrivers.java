package dev.supervisor.unload.places;

import dev.supervisor.inspect.GuardedCall;
import dev.supervisor.inspect.InitializedClasses;
import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.Owner;
import java.sql.DriverAction;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The drivers of {@link DriverManager}. They are removed from its private list, since its own method checks the class
 * of its caller.
 */
final class JdbcDrivers implements SharedPlace {

    private static final String MANAGER = "java.sql.DriverManager";
    private static final String REGISTERED = "java.sql.DriverInfo";

    @Override
    public List<String> clear(Owner owner) {
        List<String> left = new ArrayList<>();
        if (!InitializedClasses.maybe(MANAGER)) {
            return left;
        }
        InternalField.field(MANAGER, "registeredDrivers")
                .map(InternalField::get)
                .ifPresent(drivers -> clear(owner, (Collection<?>) drivers, left));
        if (clearLogWriter(owner)) {
            left.add("the JDBC log writer of DriverManager was never set back");
        }
        lookAgain();
        return left;
    }

    /**
     * Makes {@link DriverManager} look for drivers once more. It does so once for each JVM, by the context class loader
     * of its first user; a later generation would have to load its drivers by name. Also called when a generation
     * starts, since another may have used it after the last end of one.
     */
    static void lookAgain() {
        if (InitializedClasses.maybe(MANAGER)) {
            InternalField.field(MANAGER, "driversInitialized").ifPresent(field -> field.set(null, false));
        }
    }

    private static void clear(Owner owner, Collection<?> drivers, List<String> left) {
        for (Object registered : List.copyOf(drivers)) {
            Object driver =
                    InternalField.value(REGISTERED, "driver", registered).orElse(null);
            Object action = InternalField.value(REGISTERED, "da", registered).orElse(null);
            if (driver != null && (owner.owns(driver) || owner.owns(action))) {
                String name = "JDBC driver " + driver.getClass().getName();
                deregister(owner, name, action);
                drivers.remove(registered);
                left.add(name + " was never deregistered");
            }
        }
    }

    private static void deregister(Owner owner, String name, @Nullable Object action) {
        if (action instanceof DriverAction driverAction) {
            GuardedCall.run(owner, "deregister the " + name, driverAction::deregister);
        }
    }

    private static boolean clearLogWriter(Owner owner) {
        boolean its = owner.reaches(DriverManager.getLogWriter());
        if (its) {
            DriverManager.setLogWriter(null);
        }
        return its;
    }
}
