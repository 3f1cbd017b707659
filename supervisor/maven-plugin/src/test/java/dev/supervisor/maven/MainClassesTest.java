package dev.supervisor.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

class MainClassesTest {

    private static final int PUBLIC_STATIC = Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC;

    @TempDir
    Path output;

    @Test
    void aPublicStaticMainOfAnArrayOfStringsCounts() throws Exception {
        write("a/Yes", PUBLIC_STATIC, "main", "([Ljava/lang/String;)V");
        write("a/Private", Opcodes.ACC_STATIC, "main", "([Ljava/lang/String;)V");
        write("a/OfInstance", Opcodes.ACC_PUBLIC, "main", "([Ljava/lang/String;)V");
        write("a/OtherArguments", PUBLIC_STATIC, "main", "()V");
        write("a/OtherResult", PUBLIC_STATIC, "main", "([Ljava/lang/String;)I");
        write("a/OtherName", PUBLIC_STATIC, "start", "([Ljava/lang/String;)V");
        assertEquals(List.of("a.Yes"), MainClasses.in(output));
    }

    @Test
    void anOutputThatIsMissingHasNone() throws Exception {
        assertEquals(List.of(), MainClasses.in(output.resolve("missing")));
    }

    private void write(String name, int access, String method, String descriptor) throws IOException {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC | Opcodes.ACC_ABSTRACT, name, null, "java/lang/Object", null);
        writer.visitMethod(access | Opcodes.ACC_NATIVE, method, descriptor, null, null)
                .visitEnd();
        writer.visitEnd();
        Path file = output.resolve(name + ".class");
        Files.createDirectories(file.getParent());
        Files.write(file, writer.toByteArray());
    }
}
