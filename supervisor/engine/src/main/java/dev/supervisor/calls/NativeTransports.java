package dev.supervisor.calls;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Changes Netty's classes of native transports in a program, of any version and in any package, so that they call {@link
 * NativeTransportCalls}.
 */
final class NativeTransports {

    /** The ends of the internal names of classes that tell whether a transport is available. */
    private static final List<String> TRANSPORTS = List.of(
            "netty/channel/epoll/Epoll",
            "netty/channel/kqueue/KQueue",
            "netty/channel/uring/IoUring",
            "netty/incubator/channel/uring/IOUring");

    private static final List<String> SERVER_CHANNELS = List.of(
            "netty/channel/epoll/EpollServerSocketChannel",
            "netty/channel/kqueue/KQueueServerSocketChannel",
            "netty/channel/uring/IoUringServerSocketChannel",
            "netty/incubator/channel/uring/IOUringServerSocketChannel");

    private static final Set<String> QUESTIONS = Set.of("isAvailable()Z", "unavailabilityCause()Ljava/lang/Throwable;");

    private static final String CALLS = Type.getInternalName(NativeTransportCalls.class);

    private NativeTransports() {}

    private static boolean endsAs(String internalName, List<String> ends) {
        return ends.stream().anyMatch(internalName::endsWith);
    }

    /** Returns whether a class of this name is to be changed. */
    static boolean includes(String internalName) {
        return endsAs(internalName, TRANSPORTS) || endsAs(internalName, SERVER_CHANNELS);
    }

    /** Returns whether a call asks whether a transport is available. */
    static boolean isQuestion(String owner, String name, String descriptor) {
        return QUESTIONS.contains(name + descriptor) && endsAs(owner, TRANSPORTS);
    }

    /** Calls the substitute of a question. */
    static void ask(MethodVisitor code, Type caller, String name, String descriptor) {
        code.visitLdcInsn(caller);
        code.visitMethodInsn(
                Opcodes.INVOKESTATIC,
                CALLS,
                name,
                Type.getMethodDescriptor(Type.getReturnType(descriptor), Type.getType(Class.class)),
                false);
    }

    /** Returns a visitor that changes a method of such a class, or null if the method stays as it is. */
    static @Nullable MethodVisitor changing(MethodVisitor next, Type self, String name, String descriptor) {
        if (name.equals("<clinit>") && endsAs(self.getInternalName(), TRANSPORTS)) {
            return new Initializer(next, self);
        }
        if (name.equals("doBind")
                && descriptor.equals("(Ljava/net/SocketAddress;)V")
                && endsAs(self.getInternalName(), SERVER_CHANNELS)) {
            return new Binding(next, self);
        }
        return null;
    }

    private static final class Initializer extends MethodVisitor {

        private final Type self;

        Initializer(MethodVisitor next, Type self) {
            super(Opcodes.ASM9, next);
            this.self = self;
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            if (name.equals("getBoolean") && owner.endsWith("netty/util/internal/SystemPropertyUtil")) {
                super.visitLdcInsn(self);
                super.visitMethodInsn(
                        Opcodes.INVOKESTATIC, CALLS, "isSwitchedOff", "(Ljava/lang/String;ZLjava/lang/Class;)Z", false);
            } else {
                super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
            }
        }
    }

    /** The method that binds a server channel and listens, with the address as its argument. */
    private static final class Binding extends MethodVisitor {

        private static final int ADDRESS = 1;

        private final Type self;

        Binding(MethodVisitor next, Type self) {
            super(Opcodes.ASM9, next);
            this.self = self;
        }

        @Override
        public void visitCode() {
            super.visitCode();
            super.visitVarInsn(Opcodes.ALOAD, ADDRESS);
            super.visitLdcInsn(self);
            super.visitMethodInsn(
                    Opcodes.INVOKESTATIC,
                    CALLS,
                    "address",
                    "(Ljava/net/SocketAddress;Ljava/lang/Class;)Ljava/net/SocketAddress;",
                    false);
            super.visitVarInsn(Opcodes.ASTORE, ADDRESS);
        }

        @Override
        public void visitInsn(int opcode) {
            if (opcode == Opcodes.RETURN) {
                super.visitVarInsn(Opcodes.ALOAD, 0);
                super.visitLdcInsn(self);
                super.visitMethodInsn(
                        Opcodes.INVOKESTATIC, CALLS, "listening", "(Ljava/lang/Object;Ljava/lang/Class;)V", false);
            }
            super.visitInsn(opcode);
        }
    }
}
