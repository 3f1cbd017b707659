package dev.supervisor.calls;

import java.rmi.NoSuchObjectException;
import java.rmi.Remote;
import java.rmi.RemoteException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.ExportException;
import java.rmi.server.RMIClientSocketFactory;
import java.rmi.server.RMIServerSocketFactory;
import java.rmi.server.UnicastRemoteObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Creates and unexports RMI registries. A JVM can have only one for each port, so a newer generation takes over the
 * port of the previous one, which may still be draining. That of another application is in use, as it would be in another JVM.
 */
public final class RmiCalls {

    private static final Duration FREE_WITHIN = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(5);

    private static final Object LOCK = new Object();

    /** The latest registry of each port. Guarded by the lock. */
    private static final Map<Integer, OpenedRegistry> LATEST = new HashMap<>();

    private RmiCalls() {}

    private interface Creation {
        Registry create() throws RemoteException;
    }

    public static Registry createRegistry(int port, Class<?> caller) throws RemoteException {
        return create(port, caller, () -> LocateRegistry.createRegistry(port));
    }

    public static Registry createRegistry(
            int port,
            @Nullable RMIClientSocketFactory clients,
            @Nullable RMIServerSocketFactory servers,
            Class<?> caller)
            throws RemoteException {
        return create(port, caller, () -> LocateRegistry.createRegistry(port, clients, servers));
    }

    private static Registry create(int port, Class<?> caller, Creation creation) throws RemoteException {
        CallingGeneration callingGeneration = CallingGeneration.of(caller).orElse(null);
        if (callingGeneration == null) {
            return creation.create();
        }
        synchronized (LOCK) {
            return create(port, callingGeneration, creation);
        }
    }

    private static Registry create(int port, CallingGeneration callingGeneration, Creation creation)
            throws RemoteException {
        OpenedRegistry former = LATEST.get(port);
        boolean takesOver = former != null
                && former.callingGeneration != callingGeneration
                && former.callingGeneration.isOfSameApplication(callingGeneration);
        if (former != null && takesOver) {
            former.close();
        }
        Registry registry = takesOver ? createSoon(creation) : creation.create();
        OpenedRegistry created = new OpenedRegistry(callingGeneration, port, registry);
        LATEST.put(port, created); // also for port 0: a JVM can have one registry on an anonymous port
        callingGeneration.opened(created);
        return created.registry;
    }

    /** Retries for a second: a port is free only when the accepting thread has noticed that its socket was closed. */
    private static Registry createSoon(Creation creation) throws RemoteException {
        long deadline = System.nanoTime() + FREE_WITHIN.toNanos();
        while (true) {
            try {
                return creation.create();
            } catch (ExportException e) {
                if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    /**
     * Unexports an object. Does nothing for a registry whose port a newer generation has taken over, which has
     * unexported it.
     */
    public static boolean unexportObject(Remote object, boolean force, Class<?> caller) throws NoSuchObjectException {
        OpenedRegistry opened = CallingGeneration.of(caller)
                .flatMap(callingGeneration ->
                        callingGeneration.findOpened(OpenedRegistry.class, candidate -> candidate.registry == object))
                .orElse(null);
        if (opened == null) {
            return UnicastRemoteObject.unexportObject(object, force);
        }
        return opened.unexport(force);
    }

    private static final class OpenedRegistry implements OpenedResource {

        private final CallingGeneration callingGeneration;
        private final int port;
        private final Registry registry;

        /** Written under the lock only. */
        private volatile boolean open = true;

        OpenedRegistry(CallingGeneration callingGeneration, int port, Registry registry) {
            this.callingGeneration = callingGeneration;
            this.port = port;
            this.registry = registry;
        }

        /**
         * Returns whether the registry is exported. Needs no lock: a thread that holds it may be waiting to add its
         * resource.
         */
        @Override
        public boolean isOpen() {
            return open;
        }

        /** Unexports the registry. Returns false if calls are under way and may go on. */
        boolean unexport(boolean force) throws NoSuchObjectException {
            synchronized (LOCK) {
                if (open && UnicastRemoteObject.unexportObject(registry, force)) {
                    open = false;
                    LATEST.remove(port, this);
                }
                return !open;
            }
        }

        @Override
        public void close() throws NoSuchObjectException {
            unexport(true);
        }

        @Override
        public String description() {
            return "RMI registry of port " + port + " was never unexported";
        }
    }
}
