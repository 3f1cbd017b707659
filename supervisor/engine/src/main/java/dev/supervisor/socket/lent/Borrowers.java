package dev.supervisor.socket.lent;

import dev.supervisor.lending.Borrower;
import dev.supervisor.lending.LendingProvider;
import dev.supervisor.lending.Relay;
import java.io.IOException;
import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Tells for which application a thread works that opens a channel. Thread-safe. */
public final class Borrowers {

    private static final Map<ClassLoader, Borrower> BY_LOADER = new ConcurrentHashMap<>();
    private static final Map<ThreadGroup, Borrower> BY_GROUP = new ConcurrentHashMap<>();
    private static final StackWalker STACK = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE);
    private static final ThreadLocal<Boolean> LENDS = new ThreadLocal<>();

    /** What the lender does on a thread of a borrower. */
    interface LenderWork<T> {
        T run() throws IOException;
    }

    private Borrowers() {}

    /**
     * From now on, channels that code of this application opens are lent.
     *
     * @param loader loads its classes
     * @param threads the group of its threads
     * @return ends that
     */
    public static Runnable enter(Borrower borrower, ClassLoader loader, ThreadGroup threads) {
        LendingProvider.lendTo(Borrowers::current);
        BY_LOADER.put(loader, borrower);
        BY_GROUP.put(threads, borrower);
        return () -> {
            BY_LOADER.remove(loader, borrower);
            BY_GROUP.remove(threads, borrower);
        };
    }

    /** Runs work in which the calling thread opens channels for the lender, and not for its own application. */
    static <T> T asLender(LenderWork<T> work) throws IOException {
        LENDS.set(true);
        try {
            return work.run();
        } finally {
            LENDS.remove();
        }
    }

    /** Returns the application whose code is running. */
    static Optional<Borrower> current() {
        if (BY_LOADER.isEmpty() || LENDS.get() != null) {
            return Optional.empty();
        }
        return Optional.ofNullable(ofGroup(Thread.currentThread().getThreadGroup()))
                .or(() -> STACK.walk(frames -> frames.map(StackFrame::getDeclaringClass)
                        .map(Class::getClassLoader)
                        .filter(Objects::nonNull)
                        .distinct()
                        .map(Borrowers::ofLoader)
                        .filter(Objects::nonNull)
                        .findFirst()));
    }

    /**
     * Connects a socket of a program to the server that it has on this address, whichever generation serves that by now.
     *
     * @return whether it has one
     */
    public static boolean connectToItself(@Nullable ClassLoader program, Socket socket, SocketAddress address)
            throws IOException {
        return ofLoader(program) instanceof Borrowings borrowings
                && asLender(() -> borrowings.connectToItself(socket, address));
    }

    /**
     * Returns how a server of a program is relayed to, if it binds an address at which a socket would be lent to others.
     *
     * @param isLendable whether sockets can be lent to servers of its kind
     */
    public static Optional<Relay> relay(
            @Nullable ClassLoader program, @Nullable SocketAddress address, int backlog, boolean isLendable)
            throws IOException {
        if (address == null || !(ofLoader(program) instanceof Borrowings borrowings)) {
            return Optional.empty();
        }
        return isLendable ? borrowings.relay(address, backlog) : borrowings.relayToAny(address, backlog);
    }

    /** Returns whether this class loader is that of a program, or within it. */
    public static boolean isProgram(@Nullable ClassLoader loader) {
        return ofLoader(loader) != null;
    }

    private static @Nullable Borrower ofGroup(@Nullable ThreadGroup group) {
        for (ThreadGroup ancestor = group; ancestor != null; ancestor = ancestor.getParent()) {
            Borrower borrower = BY_GROUP.get(ancestor);
            if (borrower != null) {
                return borrower;
            }
        }
        return null;
    }

    private static @Nullable Borrower ofLoader(@Nullable ClassLoader loader) {
        for (ClassLoader ancestor = loader; ancestor != null; ancestor = ancestor.getParent()) {
            Borrower borrower = BY_LOADER.get(ancestor);
            if (borrower != null) {
                return borrower;
            }
        }
        return null;
    }
}
