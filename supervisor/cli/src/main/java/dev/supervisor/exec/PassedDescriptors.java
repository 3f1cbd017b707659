package dev.supervisor.exec;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.supervisor.SupervisorException;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Descriptors for another program, which has them as 3, 4, and so on. Here they are copies above these numbers, so that
 * none is overwritten while they are moved to their places.
 */
final class PassedDescriptors {

    /** The first that is passed: the ones before are the standard streams. */
    private static final int FIRST = 3;

    private static final File OWN = new File("/proc/self/fd");
    private static final File OWN_ON_MACOS = new File("/dev/fd");

    private final CLibrary library;
    private final List<Integer> copies;

    /** Makes the copies, which stay open for the rest of this process's life. */
    PassedDescriptors(CLibrary library, List<Integer> descriptors) {
        this.library = library;
        int firstCopy = FIRST + descriptors.size();
        copies = descriptors.stream()
                .map(descriptor -> copy(descriptor, firstCopy))
                .toList();
    }

    private int copy(int descriptor, int least) {
        int copy = library.fcntl(descriptor, CLibrary.F_DUPFD_CLOEXEC, least);
        if (copy < 0) {
            throw new SupervisorException(
                    "can't copy descriptor " + descriptor + ": " + library.strerror(Native.getLastError()));
        }
        return copy;
    }

    int count() {
        return copies.size();
    }

    /** Has all descriptors of this process be closed in a program that it becomes or starts, but the standard streams. */
    void closeOthers() {
        String[] names = (OWN.isDirectory() ? OWN : OWN_ON_MACOS).list();
        if (names == null) {
            throw new SupervisorException("can't list the open descriptors in " + OWN + " (is /proc mounted?)");
        }
        Stream.of(names)
                .mapToInt(Integer::parseInt)
                .filter(descriptor -> descriptor >= FIRST)
                .forEach(descriptor -> library.fcntl(descriptor, CLibrary.F_SETFD, CLibrary.FD_CLOEXEC));
    }

    /** Adds the moves to what a new process does before it becomes its program. */
    void addTo(Pointer actions) {
        for (int i = 0; i < copies.size(); i++) {
            library.posix_spawn_file_actions_adddup2(actions, copies.get(i), FIRST + i);
        }
    }

    /**
     * Moves the descriptors to their places in this process. Those of the JVM that were there, such as its jars, can't be
     * used before the returned action has put them back: no class can be loaded meanwhile.
     */
    Runnable place() {
        List<Runnable> undo = new ArrayList<>();
        for (int i = 0; i < copies.size(); i++) {
            int target = FIRST + i;
            int former = library.fcntl(target, CLibrary.F_DUPFD_CLOEXEC, FIRST + copies.size());
            undo.add(former < 0 ? () -> library.close(target) : () -> library.dup2(former, target));
            library.dup2(copies.get(i), copies.get(i)); // does nothing, but loads what a call needs
        }
        for (int i = 0; i < copies.size(); i++) {
            library.dup2(copies.get(i), FIRST + i);
        }
        return () -> undo.forEach(Runnable::run);
    }
}
