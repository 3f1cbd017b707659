package dev.supervisor.calls;

import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.Optional;

/**
 * Adds and removes security providers, which the JVM knows by name. A newer generation takes the position of the
 * previous one's provider, and keeps it when the previous one removes its provider at its end.
 */
public final class SecurityCalls {

    private static final int NOT_ADDED = -1;

    private SecurityCalls() {}

    public static int addProvider(Provider provider, Class<?> caller) {
        return insertProviderAt(provider, 0, caller);
    }

    public static synchronized int insertProviderAt(Provider provider, int position, Class<?> caller) {
        int former = positionOfAnothers(provider.getName(), caller);
        if (former == NOT_ADDED) {
            return Security.insertProviderAt(provider, position);
        }
        Security.removeProvider(provider.getName());
        return Security.insertProviderAt(provider, former);
    }

    public static synchronized void removeProvider(String name, Class<?> caller) {
        if (positionOfAnothers(name, caller) == NOT_ADDED) {
            Security.removeProvider(name);
        }
    }

    /**
     * Returns the position, from 1, of the provider with this name if it belongs to another generation; otherwise
     * {@link #NOT_ADDED}.
     */
    private static int positionOfAnothers(String name, Class<?> caller) {
        Provider installed = Security.getProvider(name);
        if (installed == null) {
            return NOT_ADDED;
        }
        Optional<CallingGeneration> owner = CallingGeneration.of(installed.getClass());
        return owner.isEmpty() || owner.equals(CallingGeneration.of(caller))
                ? NOT_ADDED
                : Arrays.asList(Security.getProviders()).indexOf(installed) + 1;
    }
}
