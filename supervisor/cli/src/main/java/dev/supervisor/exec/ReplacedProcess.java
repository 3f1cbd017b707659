package dev.supervisor.exec;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;

/** Replaces the program of this process, which is this JVM. */
final class ReplacedProcess {

    private ReplacedProcess() {}

    /**
     * Becomes a program, which has the process id, the standard streams, the working directory and the limits of this
     * process. Signals that are ignored stay ignored, as by {@code nohup}; all others have their default, and none is
     * blocked. No other thread may need a descriptor meanwhile.
     *
     * @return the reason why that has failed
     */
    static String become(
            CLibrary library, Program program, PassedDescriptors descriptors, EnvironmentBlock environment) {
        StringArray words = program.array();
        Program script = program.asScript();
        StringArray wordsOfScript = script.array();
        Pointer none = CLibrary.opaque();
        library.sigemptyset(none);
        library.pthread_sigmask(CLibrary.SIG_SETMASK, none, null); // the program takes the mask of this thread over
        library.execve("", words, environment); // fails, but loads what a call needs
        descriptors.closeOthers();
        Runnable undo = descriptors.place();
        library.execve(program.path(), words, environment);
        int error = Native.getLastError();
        if (error == CLibrary.ENOEXEC) {
            library.execve(script.path(), wordsOfScript, environment);
            error = Native.getLastError();
        }
        undo.run();
        return library.strerror(error);
    }
}
