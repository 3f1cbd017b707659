package dev.supervisor.exec;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * An environment for another program, in the form of C: that of this process, byte by byte, whatever its encoding, with
 * some variables changed.
 */
final class EnvironmentBlock extends Memory {

    /** The block points to them, so that they must not be freed before it. */
    private final List<Memory> added;

    private EnvironmentBlock(List<Pointer> inherited, List<Memory> added) {
        super((long) Native.POINTER_SIZE * (inherited.size() + added.size() + 1));
        this.added = List.copyOf(added);
        List<Pointer> variables = new ArrayList<>(inherited);
        variables.addAll(this.added);
        clear(); // the last is null
        write(0, variables.toArray(Pointer[]::new), 0, variables.size());
    }

    /** @param removed tells by its name whether a variable of this process is left out */
    static EnvironmentBlock without(Predicate<String> removed, Map<String, String> added) {
        List<Pointer> inherited = new ArrayList<>();
        Pointer environment = ofThisProcess();
        for (long at = 0; environment.getPointer(at) != null; at += Native.POINTER_SIZE) {
            Pointer variable = environment.getPointer(at);
            String name =
                    variable.getString(0, StandardCharsets.ISO_8859_1.name()).split("=", 2)[0];
            if (!removed.test(name) && !added.containsKey(name)) {
                inherited.add(variable);
            }
        }
        return new EnvironmentBlock(
                inherited,
                added.entrySet().stream()
                        .map(variable -> text(variable.getKey() + "=" + variable.getValue()))
                        .toList());
    }

    private static Pointer ofThisProcess() {
        NativeLibrary library = NativeLibrary.getInstance(Platform.C_LIBRARY_NAME);
        Pointer variable = Platform.isMac()
                ? library.getFunction("_NSGetEnviron").invokePointer(new Object[0])
                : library.getGlobalVariableAddress("environ");
        return variable.getPointer(0);
    }

    private static Memory text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Memory memory = new Memory(bytes.length + 1L);
        memory.clear();
        memory.write(0, bytes, 0, bytes.length);
        return memory;
    }
}
