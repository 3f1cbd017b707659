package dev.supervisor.exec;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import dev.supervisor.process.SupervisorThreads;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A child with the standard streams of this process and with descriptors that are passed, which {@link ProcessBuilder}
 * can't do. It leads a session and a process group of its own. Its signals are as a program expects them: HotSpot blocks
 * some in its threads. A thread waits for its end. Thread-safe.
 */
final class SpawnedProcess extends Process {

    private static final int SIGNALS_SIZE = 128; // of a sigset_t, at most
    private static final int SIGNAL = 0x7f;
    private static final int EXIT_CODE_OF_SIGNAL_0 = 128;

    private final CLibrary library;
    private final ProcessHandle handle;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();

    private SpawnedProcess(CLibrary library, int pid) {
        this.library = library;
        this.handle = ProcessHandle.of(pid).orElseThrow(); // nobody has reaped it yet
        SupervisorThreads.thread("supervisor-exec-wait", this::reap).start();
    }

    /** @throws IOException if the program can't be started; its message is the reason */
    static SpawnedProcess start(
            CLibrary library, Program program, PassedDescriptors descriptors, EnvironmentBlock environment)
            throws IOException {
        Pointer actions = CLibrary.opaque();
        Pointer attributes = CLibrary.opaque();
        Pointer signals = CLibrary.opaque();
        library.posix_spawn_file_actions_init(actions);
        library.posix_spawnattr_init(attributes);
        try {
            descriptors.addTo(actions);
            library.posix_spawnattr_setflags(attributes, (short)
                    (CLibrary.POSIX_SPAWN_SETSID | CLibrary.POSIX_SPAWN_SETSIGMASK | CLibrary.POSIX_SPAWN_SETSIGDEF));
            library.sigemptyset(signals);
            library.posix_spawnattr_setsigmask(attributes, signals);
            signals.setMemory(0, SIGNALS_SIZE, (byte) 0xff); // not by sigfillset: glibc's own would be ignored
            library.posix_spawnattr_setsigdefault(attributes, signals);
            descriptors.closeOthers();
            IntByReference pid = new IntByReference();
            int error = library.posix_spawn(pid, program.path(), actions, attributes, program.array(), environment);
            if (error == CLibrary.ENOEXEC) {
                Program script = program.asScript();
                error = library.posix_spawn(pid, script.path(), actions, attributes, script.array(), environment);
            }
            if (error != 0) {
                throw new IOException(library.strerror(error));
            }
            return new SpawnedProcess(library, pid.getValue());
        } finally {
            library.posix_spawnattr_destroy(attributes);
            library.posix_spawn_file_actions_destroy(actions);
        }
    }

    private void reap() {
        IntByReference status = new IntByReference();
        int reaped;
        do {
            reaped = library.waitpid((int) pid(), status, 0);
        } while (reaped < 0 && Native.getLastError() == CLibrary.EINTR);
        exit.complete(exitCode(status.getValue()));
    }

    private static int exitCode(int status) {
        int signal = status & SIGNAL;
        return signal == 0 ? status >> 8 & 0xff : EXIT_CODE_OF_SIGNAL_0 + signal;
    }

    @Override
    public long pid() {
        return handle.pid();
    }

    @Override
    public ProcessHandle toHandle() {
        return handle;
    }

    @Override
    public CompletableFuture<Process> onExit() {
        return exit.thenApply(code -> this);
    }

    @Override
    public int waitFor() throws InterruptedException {
        try {
            return exit.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public int exitValue() {
        if (!exit.isDone()) {
            throw new IllegalThreadStateException("process " + pid() + " runs");
        }
        return exit.join();
    }

    @Override
    public void destroy() {
        handle.destroy();
    }

    @Override
    public OutputStream getOutputStream() {
        return OutputStream.nullOutputStream();
    }

    @Override
    public InputStream getInputStream() {
        return InputStream.nullInputStream();
    }

    @Override
    public InputStream getErrorStream() {
        return InputStream.nullInputStream();
    }
}
