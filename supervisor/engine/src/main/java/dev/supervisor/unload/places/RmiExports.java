package dev.supervisor.unload.places;

import dev.supervisor.inspect.GuardedCall;
import dev.supervisor.inspect.InitializedClasses;
import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.Owner;
import dev.supervisor.inspect.SourceName;
import java.lang.ref.Reference;
import java.rmi.NoSuchObjectException;
import java.rmi.Remote;
import java.rmi.server.UnicastRemoteObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exported RMI objects. The JDK's table holds the class loader that an object was exported with, and so the object too
 * if anything of its application does. After that, RMI's caches of the application's classes. A runtime may lack that
 * module.
 */
final class RmiExports implements SharedPlace {

    private static final Logger LOG = LoggerFactory.getLogger(RmiExports.class);
    private static final String TABLE = "sun.rmi.transport.ObjectTable";
    private static final String TARGET = "sun.rmi.transport.Target";
    private static final String ENDPOINT = "sun.rmi.transport.tcp.TCPEndpoint";

    @Override
    public List<String> clear(Owner owner) {
        List<String> left = new ArrayList<>();
        if (InitializedClasses.maybe(TABLE)) {
            targets().forEach(target -> clear(owner, target, left));
            clearEndpoints(owner);
            clearMethods("sun.rmi.server.UnicastServerRef", "hashToMethod_Maps", owner);
        }
        clearMethods("java.rmi.server.RemoteObjectInvocationHandler", "methodToHash_Maps", owner);
        return left;
    }

    private static List<Object> targets() {
        Object lock =
                InternalField.field(TABLE, "tableLock").map(InternalField::get).orElseGet(Object::new);
        synchronized (lock) { // as the JDK does
            return InternalField.field(TABLE, "objTable")
                    .map(InternalField::get)
                    .map(table -> List.<Object>copyOf(((Map<?, ?>) table).values()))
                    .orElse(List.of());
        }
    }

    private static void clear(Owner owner, Object target, List<String> left) {
        Object exported = InternalField.value(TARGET, "weakImpl", target)
                .map(reference -> ((Reference<?>) reference).get())
                .orElse(null);
        boolean its = owner.owns(exported)
                || InternalField.value(TARGET, "ccl", target)
                        .filter(owner::owns)
                        .isPresent();
        if (its && exported instanceof Remote remote) {
            String name = "RMI object of " + SourceName.of(remote.getClass());
            GuardedCall.run(owner, "unexport the " + name, () -> unexport(remote));
            left.add(name + " was never unexported");
        }
    }

    private static void unexport(Remote remote) {
        try {
            UnicastRemoteObject.unexportObject(remote, true);
        } catch (NoSuchObjectException e) { // unexported by other code meanwhile
            LOG.debug("it is not exported any more", e);
        }
    }

    /** Removes endpoints with socket factories of the application; without its objects they can't be reached. */
    private static void clearEndpoints(Owner owner) {
        Optional<Object> endpoints = InitializedClasses.maybe(ENDPOINT)
                ? InternalField.field(ENDPOINT, "localEndpoints").map(InternalField::get)
                : Optional.empty();
        endpoints.map(Map.class::cast).ifPresent(map -> {
            synchronized (map) { // as the JDK does
                ((Map<?, ?>) map).keySet().removeIf(endpoint -> hasFactoryOf(owner, endpoint));
            }
        });
    }

    private static boolean hasFactoryOf(Owner owner, Object endpoint) {
        return InternalField.value(ENDPOINT, "csf", endpoint)
                        .filter(owner::owns)
                        .isPresent()
                || InternalField.value(ENDPOINT, "ssf", endpoint)
                        .filter(owner::owns)
                        .isPresent();
    }

    /** Clears maps by class whose values hold the class's methods softly, for as long as there is memory. */
    private static void clearMethods(String className, String field, Owner owner) {
        if (InitializedClasses.maybe(className)) {
            InternalField.field(className, field)
                    .map(InternalField::get)
                    .flatMap(maps -> InternalField.value("sun.rmi.server.WeakClassHashMap", "internalMap", maps))
                    .ifPresent(maps -> {
                        synchronized (maps) { // as the JDK does
                            ((Map<?, ?>) maps).keySet().removeIf(owner::owns);
                        }
                    });
        }
    }
}
