package dev.supervisor.compile;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Puts an error in the place of calls that end the JVM, which is that of the supervisor too. */
final class ExitCalls extends ClassVisitor {

    private static final String SYSTEM = Type.getInternalName(System.class);
    private static final String RUNTIME = Type.getInternalName(Runtime.class);
    private static final String RUNNER = TestLoader.RUNNER.replace('.', '/');

    private ExitCalls(ClassWriter writer) {
        super(Opcodes.ASM9, writer);
    }

    static byte[] without(byte[] classFile) {
        ClassReader reader = new ClassReader(classFile);
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(new ExitCalls(writer), 0);
        return writer.toByteArray();
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String name, String descriptor, @Nullable String signature, String @Nullable [] exceptions) {
        return new MethodVisitor(Opcodes.ASM9, super.visitMethod(access, name, descriptor, signature, exceptions)) {
            @Override
            public void visitMethodInsn(int opcode, String owner, String called, String type, boolean ofInterface) {
                boolean ends = called.equals("exit") || called.equals("halt");
                if (ends && owner.equals(SYSTEM)) {
                    super.visitMethodInsn(Opcodes.INVOKESTATIC, RUNNER, "exit", type, false);
                } else if (ends && owner.equals(RUNTIME)) {
                    String withRuntime = "(L" + RUNTIME + ";" + type.substring(1);
                    super.visitMethodInsn(Opcodes.INVOKESTATIC, RUNNER, "exit", withRuntime, false);
                } else {
                    super.visitMethodInsn(opcode, owner, called, type, ofInterface);
                }
            }
        };
    }
}
