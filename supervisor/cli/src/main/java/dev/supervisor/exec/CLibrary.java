package dev.supervisor.exec;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import com.sun.jna.ptr.IntByReference;
import dev.supervisor.SupervisorException;
import org.jspecify.annotations.Nullable;

/**
 * The functions of the C library that Java does not offer (POSIX.1-2017). Those whose names begin with {@code
 * posix_spawn} return the number of an error; the others -1, and the number by {@link Native#getLastError()}. Constants
 * are those of Linux and macOS.
 */
interface CLibrary extends Library {

    int EINTR = 4;
    int ENOEXEC = 8;
    int FD_CLOEXEC = 1;
    int F_SETFD = 2;
    int F_DUPFD_CLOEXEC = Platform.isMac() ? 67 : 1030;
    int SIG_SETMASK = Platform.isMac() ? 3 : 2;
    short POSIX_SPAWN_SETSIGDEF = 0x04;
    short POSIX_SPAWN_SETSIGMASK = 0x08;
    short POSIX_SPAWN_SETSID = (short) (Platform.isMac() ? 0x400 : 0x80); // glibc 2.26, macOS 10.15

    /**
     * Returns the library of this process.
     *
     * @throws SupervisorException if it can't be called
     */
    static CLibrary load() {
        if (Platform.isWindows()) {
            throw new SupervisorException(
                    "Windows can't pass sockets to another program as descriptors (use Linux or macOS, or WSL)");
        }
        try {
            return Native.load(Platform.C_LIBRARY_NAME, CLibrary.class);
        } catch (LinkageError e) { // another libc, or a temporary directory mounted noexec
            throw new SupervisorException(
                    "can't call the C library: " + e.getMessage()
                            + " (its binding, JNA, needs glibc, and a directory for temporary files from which"
                            + " libraries can be loaded: SUPERVISOR_JAVA_OPTS=-Djna.tmpdir=DIR)",
                    e);
        }
    }

    /** Returns memory for a value whose size depends on the system: a set of signals, or an object of posix_spawn. */
    static Memory opaque() {
        Memory memory = new Memory(512); // the largest, posix_spawnattr_t, has 336 bytes with glibc
        memory.clear();
        return memory;
    }

    /** @param argument an int, if the command needs one */
    int fcntl(int descriptor, int command, Object... argument);

    int dup2(int descriptor, int target);

    int unsetenv(String name);

    int close(int descriptor);

    int sigemptyset(Pointer signals);

    int pthread_sigmask(int how, Pointer signals, @Nullable Pointer former);

    int execve(String path, StringArray words, Pointer environment);

    int posix_spawn(
            IntByReference pid,
            String path,
            Pointer actions,
            Pointer attributes,
            StringArray words,
            Pointer environment);

    int posix_spawn_file_actions_init(Pointer actions);

    int posix_spawn_file_actions_adddup2(Pointer actions, int descriptor, int target);

    int posix_spawn_file_actions_destroy(Pointer actions);

    int posix_spawnattr_init(Pointer attributes);

    int posix_spawnattr_setflags(Pointer attributes, short flags);

    int posix_spawnattr_setsigmask(Pointer attributes, Pointer signals);

    int posix_spawnattr_setsigdefault(Pointer attributes, Pointer signals);

    int posix_spawnattr_destroy(Pointer attributes);

    int waitpid(int pid, IntByReference status, int options);

    String strerror(int error);
}
