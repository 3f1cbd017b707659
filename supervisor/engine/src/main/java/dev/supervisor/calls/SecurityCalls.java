package dev.supervisor.calls;

import java.security.Provider;
import java.security.Security;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Adds and removes security providers, which the JVM knows by name. A newer generation takes the position of the
 * previous one's provider, and keeps it when the previous one removes its provider at its end. If the newer one ends first,
 * because it has failed or is of another application, the provider that it has replaced comes back.
 */
public final class SecurityCalls {

    /** A provider that another one of the same name has replaced. */
    private record Displaced(Provider provider, CallingGeneration owner) {}

    /** By the name; the last one that was replaced comes first. Guarded by this class. */
    private static final Map<String, Deque<Displaced>> DISPLACED = new HashMap<>();

    private SecurityCalls() {}

    public static int addProvider(Provider provider, Class<?> caller) {
        return insertProviderAt(provider, 0, caller);
    }

    public static synchronized int insertProviderAt(Provider provider, int position, Class<?> caller) {
        Optional<Displaced> former = ofAnother(provider.getName(), caller);
        if (former.isEmpty()) {
            return Security.insertProviderAt(provider, position);
        }
        DISPLACED
                .computeIfAbsent(provider.getName(), name -> new ArrayDeque<>())
                .push(former.get());
        return replace(former.get().provider(), provider);
    }

    private static int replace(Provider installed, Provider by) {
        int position = Arrays.asList(Security.getProviders()).indexOf(installed) + 1;
        Security.removeProvider(installed.getName());
        return Security.insertProviderAt(by, position);
    }

    public static synchronized void removeProvider(String name, Class<?> caller) {
        if (ofAnother(name, caller).isEmpty() && !putBack(name)) {
            Security.removeProvider(name);
        }
    }

    /** Returns the provider with this name if it belongs to another generation. */
    private static Optional<Displaced> ofAnother(String name, Class<?> caller) {
        Provider installed = Security.getProvider(name);
        if (installed == null) {
            return Optional.empty();
        }
        return CallingGeneration.of(installed.getClass())
                .filter(owner -> !Optional.of(owner).equals(CallingGeneration.of(caller)))
                .map(owner -> new Displaced(installed, owner));
    }

    /** Puts the provider back that the installed one has replaced, if its generation still lives. */
    private static boolean putBack(String name) {
        Provider installed = Security.getProvider(name);
        Deque<Displaced> displaced = DISPLACED.getOrDefault(name, new ArrayDeque<>());
        while (installed != null && !displaced.isEmpty()) {
            Displaced last = displaced.pop();
            if (last.owner().isLiving()) {
                replace(installed, last.provider());
                return true;
            }
        }
        return false;
    }

    /** Puts back what the generation has replaced, and describes its providers that are removed by that. */
    static synchronized List<String> clear(CallingGeneration generation) {
        List<String> left = new ArrayList<>();
        DISPLACED.values().forEach(displaced -> displaced.removeIf(each -> each.owner() == generation));
        for (String name : List.copyOf(DISPLACED.keySet())) {
            Provider installed = Security.getProvider(name);
            if (installed != null && generation.owns(installed) && putBack(name)) {
                left.add("security provider " + name + " ("
                        + installed.getClass().getName() + ") was never removed");
            }
        }
        DISPLACED.values().removeIf(Deque::isEmpty);
        return left;
    }
}
