package dev.supervisor.calls;

import dev.supervisor.lending.LendingServerSocket;
import io.netty.channel.ChannelOption;
import io.netty.util.AttributeKey;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.spi.FileSystemProvider;
import java.security.ProtectionDomain;
import java.security.Security;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.management.MBeanServer;
import javax.management.MBeanServerConnection;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLServerSocketFactory;
import org.jboss.modules.ClassTransformer;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the classes of an application when they are loaded, and redirects their calls to substitutes. A substitute is
 * a static method of the same name; its first argument is the instance, if the original has one, and its last is the
 * calling class. Stack map frames stay as they are, since neither locals nor the stack between instructions change.
 * Method references are redirected too, by a method that is added to the class. Calls of {@code super} are not
 * redirected, since the substitute would call the overriding method again. Reflective calls are not seen.
 *
 * <p>Thread-safe.
 */
public final class CallRedirection implements ClassTransformer {

    private static final Logger LOG = LoggerFactory.getLogger(CallRedirection.class);

    /** The oldest version of a class file whose code can load a class constant: Java 5. */
    private static final int OLDEST_CLASS_FILE = Opcodes.V1_5;

    /** The oldest version of a class file whose interfaces can have methods with code: Java 8. */
    private static final int OLDEST_WITH_METHOD_REFERENCES = Opcodes.V1_8;

    private static final String LAMBDAS = "java/lang/invoke/LambdaMetafactory";

    private static final Map<Called, Target> TARGETS = new HashMap<>();

    /** All but calls of Netty, which is the supervisor's for applications of the SPI only; what is lent differs. */
    private static final Map<Called, Target> TARGETS_OF_PROGRAMS = new HashMap<>();

    static {
        redirect(System.class, SystemCalls.class);
        redirect(Runtime.class, SystemCalls.class);
        redirect(AttributeKey.class, AttributeKeyCalls.class);
        redirect(ChannelOption.class, ChannelOptionCalls.class);
        redirect(Security.class, SecurityCalls.class);
        redirect(MBeanServer.class, MBeanCalls.class);
        redirect(MBeanServerConnection.class, MBeanCalls.class);
        redirect(FileSystems.class, FileSystemCalls.class);
        redirect(FileSystem.class, FileSystemCalls.class);
        redirect(FileSystemProvider.class, FileSystemCalls.class);
        redirect(ServerSocketChannel.class, ChannelCalls.OfServers.class);
        redirect(AsynchronousServerSocketChannel.class, ChannelCalls.OfAsynchronousServers.class);
        redirect(DatagramChannel.class, ChannelCalls.OfDatagrams.class);
        redirect(Selector.class, ChannelCalls.OfSelectors.class);
        redirect(SelectorProvider.class, ChannelCalls.OfSelectors.class);
        redirectIfThere("io.netty.channel.epoll.Epoll", "NativeTransportCalls");
        redirectIfThere("io.netty.channel.uring.IoUring", "NativeTransportCalls");
        redirectIfThere("io.netty.channel.kqueue.KQueue", "NativeTransportCalls");
        redirectIfThere("java.util.logging.Logger", "JulCalls");
        redirectIfThere("com.sun.net.httpserver.HttpServer", "HttpServerCalls");
        redirectIfThere("com.sun.net.httpserver.HttpsServer", "HttpServerCalls$Https");
        redirectIfThere("java.rmi.registry.LocateRegistry", "RmiCalls");
        redirectIfThere("java.rmi.server.UnicastRemoteObject", "RmiCalls");
        TARGETS.forEach((called, target) -> {
            if (isForPrograms(called, target)) {
                TARGETS_OF_PROGRAMS.put(called, target);
            }
        });
        redirect(
                TARGETS_OF_PROGRAMS,
                AsynchronousServerSocketChannel.class,
                ChannelCalls.OfLentAsynchronousServers.class);
        redirect(TARGETS_OF_PROGRAMS, Socket.class, SocketCalls.class);
        redirectIfThere(TARGETS_OF_PROGRAMS, "com.sun.net.httpserver.HttpServer", "HttpServerCalls$OfPrograms");
        redirectIfThere(TARGETS_OF_PROGRAMS, "com.sun.net.httpserver.HttpsServer", "HttpServerCalls$HttpsOfPrograms");
        redirect(TARGETS_OF_PROGRAMS, ServerSocketFactory.class, ServerSocketCalls.class);
        redirect(TARGETS_OF_PROGRAMS, SSLServerSocketFactory.class, ServerSocketCalls.OfTls.class);
        redirect(TARGETS_OF_PROGRAMS, ServerSocket.class, RelayCalls.OfSockets.class);
        redirect(TARGETS_OF_PROGRAMS, SSLServerSocket.class, RelayCalls.OfTlsSockets.class);
        redirect(TARGETS_OF_PROGRAMS, ServerSocketChannel.class, RelayCalls.OfChannels.class);
        redirect(TARGETS_OF_PROGRAMS, AsynchronousServerSocketChannel.class, RelayCalls.OfAsynchronousChannels.class);
    }

    /** Netty's classes are the program's own; and its selectors are closed when its event loops have ended. */
    private static boolean isForPrograms(Called called, Target target) {
        return target.owner().equals(Type.getInternalName(NativeTransportCalls.class))
                || !(called.owner().startsWith("io/netty/")
                        || target.owner().equals(Type.getInternalName(ChannelCalls.OfSelectors.class)));
    }

    private final Map<Called, Target> targets;

    /** Whether {@code new ServerSocket} makes a {@link LendingServerSocket}. */
    private final boolean lends;

    private CallRedirection(Map<Called, Target> targets, boolean lends) {
        this.targets = targets;
        this.lends = lends;
    }

    /** For applications that share the supervisor's Netty. */
    public static CallRedirection ofSpi() {
        return new CallRedirection(TARGETS, false);
    }

    /** For programs, which bring all of their libraries. */
    public static CallRedirection ofPrograms() {
        return new CallRedirection(TARGETS_OF_PROGRAMS, true);
    }

    /** Redirects calls of a class whose module a runtime may lack. */
    private static void redirectIfThere(String original, String substitute) {
        redirectIfThere(TARGETS, original, substitute);
    }

    private static void redirectIfThere(Map<Called, Target> targets, String original, String substitute) {
        try {
            ClassLoader loader = CallRedirection.class.getClassLoader();
            redirect(
                    targets,
                    Class.forName(original, false, loader), // initializing it may load a native library
                    Class.forName(CallRedirection.class.getPackageName() + "." + substitute, false, loader));
        } catch (ClassNotFoundException | LinkageError e) {
            LOG.debug("there is no {}", original, e);
        }
    }

    private static final String SERVER_SOCKET = Type.getInternalName(ServerSocket.class);
    private static final String LENDING_SERVER_SOCKET = Type.getInternalName(LendingServerSocket.class);

    private record Called(String owner, String name, String descriptor) {

        /** A constructor can't be replaced by a method, but its class by a subclass. */
        boolean makesServerSocket() {
            return owner.equals(SERVER_SOCKET) && name.equals("<init>");
        }

        boolean asksForNativeTransport() {
            return NativeTransports.isQuestion(owner, name, descriptor);
        }
    }

    private record Target(String owner, String name, String descriptor) {}

    /** Redirects each method for which the substitute has one with the same name and parameters. */
    private static void redirect(Class<?> original, Class<?> substitute) {
        redirect(TARGETS, original, substitute);
    }

    private static void redirect(Map<Called, Target> targets, Class<?> original, Class<?> substitute) {
        for (Method method : original.getMethods()) {
            substituteOf(method, original, substitute)
                    .ifPresent(target -> targets.put(
                            new Called(
                                    Type.getInternalName(original), method.getName(), Type.getMethodDescriptor(method)),
                            new Target(
                                    Type.getInternalName(substitute),
                                    target.getName(),
                                    Type.getMethodDescriptor(target))));
        }
    }

    private static Optional<Method> substituteOf(Method method, Class<?> original, Class<?> substitute) {
        boolean isStatic = Modifier.isStatic(method.getModifiers());
        int instance = isStatic ? 0 : 1;
        Class<?>[] parameters = new Class<?>[instance + method.getParameterCount() + 1];
        if (!isStatic) {
            parameters[0] = original;
        }
        System.arraycopy(method.getParameterTypes(), 0, parameters, instance, method.getParameterCount());
        parameters[parameters.length - 1] = Class.class;
        return Arrays.stream(substitute.getMethods())
                .filter(candidate -> candidate.getName().equals(method.getName())
                        && candidate.getReturnType() == method.getReturnType() // or the JVM would refuse the class
                        && Arrays.equals(candidate.getParameterTypes(), parameters))
                .findFirst();
    }

    @Override
    public ByteBuffer transform(
            ClassLoader loader, String className, @Nullable ProtectionDomain domain, ByteBuffer classFile) {
        CallingGeneration.defining(loader);
        byte[] bytes = new byte[classFile.remaining()];
        classFile.duplicate().get(bytes);
        try {
            ClassReader reader = new ClassReader(bytes);
            return mentionsTarget(reader) || isChanged(reader.getClassName())
                    ? ByteBuffer.wrap(redirected(reader))
                    : classFile;
        } catch (RuntimeException e) { // newer than ASM knows; or broken: the JVM reports that better
            LOG.debug("calls of {} are not redirected", className, e);
            return classFile;
        }
    }

    private boolean isChanged(String className) {
        return lends && (KnownServers.includes(className) || NativeTransports.includes(className));
    }

    /**
     * Returns whether the class calls a redirected method. Few classes do; the constant pool tells, without reading the
     * code.
     */
    private boolean mentionsTarget(ClassReader reader) {
        char[] buffer = new char[reader.getMaxStringLength()];
        for (int i = 1; i < reader.getItemCount(); i++) {
            int offset = reader.getItem(i);
            if (offset > 0 && isMethod(reader.readByte(offset - 1)) && isReplaced(called(reader, offset, buffer))) {
                return true;
            }
        }
        return false;
    }

    private boolean isReplaced(Called called) {
        return targets.containsKey(called)
                || (lends && (called.makesServerSocket() || called.asksForNativeTransport()));
    }

    private static boolean isMethod(int tag) {
        return tag == 10 || tag == 11; // JVMS 4.4: CONSTANT_Methodref, CONSTANT_InterfaceMethodref
    }

    private static Called called(ClassReader reader, int offset, char[] buffer) {
        int nameAndType = reader.getItem(reader.readUnsignedShort(offset + 2));
        return new Called(
                reader.readClass(offset, buffer),
                reader.readUTF8(nameAndType, buffer),
                reader.readUTF8(nameAndType + 2, buffer));
    }

    private byte[] redirected(ClassReader reader) {
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        reader.accept(new RedirectedClass(writer, targets, lends), 0);
        return writer.toByteArray();
    }

    /**
     * A method reference in the class.
     *
     * @param parameters the parameters of the bridge that is added for it
     */
    private record Reference(Handle original, List<Type> parameters) {}

    /** A method that is added to the class, and the substitute that it calls. */
    private record Bridge(Handle handle, Target target) {}

    private static final class RedirectedClass extends ClassVisitor {

        /** The added methods, by the method reference that each replaces. */
        private final Map<Reference, Bridge> bridges = new HashMap<>();

        private Type self = Type.VOID_TYPE;
        private int version;
        private boolean isInterface;

        private final Map<Called, Target> targets;
        private final boolean lends;

        RedirectedClass(ClassVisitor next, Map<Called, Target> targets, boolean lends) {
            super(Opcodes.ASM9, next);
            this.targets = targets;
            this.lends = lends;
        }

        /** Returns the class that takes the place of this one, of which an instance is made. */
        private @Nullable String madeInstead(@Nullable String type) {
            return lends && SERVER_SOCKET.equals(type) ? LENDING_SERVER_SOCKET : type;
        }

        @Override
        public void visit(
                int classVersion,
                int access,
                String name,
                @Nullable String signature,
                @Nullable String superName,
                String @Nullable [] interfaces) {
            self = Type.getObjectType(name);
            version = classVersion & 0xFFFF;
            isInterface = (access & Opcodes.ACC_INTERFACE) != 0;
            super.visit(classVersion, access, name, signature, madeInstead(superName), interfaces);
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
            if (lends && name.equals("<init>") && KnownServers.includes(self.getInternalName())) {
                next = new ReportingConstructor(next, self);
            }
            MethodVisitor changing = lends ? NativeTransports.changing(next, self, name, descriptor) : null;
            if (changing != null) {
                return changing;
            }
            return version < OLDEST_CLASS_FILE ? next : new RedirectedMethod(next, this);
        }

        @Override
        public void visitEnd() {
            bridges.values().forEach(this::addBridge);
            super.visitEnd();
        }

        /** Adds the method that a method reference refers to instead, since a reference can't add an argument. */
        private void addBridge(Bridge bridge) {
            Handle handle = bridge.handle();
            MethodVisitor code = super.visitMethod(
                    Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC,
                    handle.getName(),
                    handle.getDesc(),
                    null,
                    null);
            code.visitCode();
            int local = 0;
            for (Type argument : Type.getArgumentTypes(handle.getDesc())) {
                code.visitVarInsn(argument.getOpcode(Opcodes.ILOAD), local);
                local += argument.getSize();
            }
            call(code, bridge.target());
            code.visitInsn(Type.getReturnType(handle.getDesc()).getOpcode(Opcodes.IRETURN));
            code.visitMaxs(0, 0);
            code.visitEnd();
        }

        private void call(MethodVisitor code, Target target) {
            code.visitLdcInsn(self);
            code.visitMethodInsn(Opcodes.INVOKESTATIC, target.owner(), target.name(), target.descriptor(), false);
        }

        /** @param captured the types of the values that a lambda captures; none for other uses of a handle */
        private Object redirected(Object argument, Type[] captured) {
            if (argument instanceof Handle handle
                    && handle.getTag() == Opcodes.H_NEWINVOKESPECIAL
                    && lends
                    && handle.getOwner().equals(SERVER_SOCKET)) {
                return new Handle(
                        handle.getTag(),
                        LENDING_SERVER_SOCKET,
                        handle.getName(),
                        handle.getDesc(),
                        handle.isInterface());
            }
            if (argument instanceof Handle handle
                    && handle.getTag() != Opcodes.H_INVOKESPECIAL
                    && version >= OLDEST_WITH_METHOD_REFERENCES) {
                Target target = targets.get(new Called(handle.getOwner(), handle.getName(), handle.getDesc()));
                if (target != null) {
                    return bridges.computeIfAbsent(
                                    new Reference(handle, parameters(handle, target, captured)),
                                    reference -> bridgeTo(reference, target))
                            .handle();
                }
            }
            return argument;
        }

        /**
         * Returns the target's parameters without the calling class. A captured receiver may be of a subclass, and the
         * parameter of a static method must be of exactly the captured type.
         */
        private static List<Type> parameters(Handle handle, Target target, Type[] captured) {
            Type[] arguments = Type.getArgumentTypes(target.descriptor());
            Type[] parameters = Arrays.copyOf(arguments, arguments.length - 1);
            if (captured.length > 0 && handle.getTag() != Opcodes.H_INVOKESTATIC) {
                parameters[0] = captured[0];
            }
            return List.of(parameters);
        }

        private Bridge bridgeTo(Reference reference, Target target) {
            Handle original = reference.original();
            return new Bridge(
                    new Handle(
                            Opcodes.H_INVOKESTATIC,
                            self.getInternalName(),
                            "redirected$" + bridges.size() + "$" + original.getName(),
                            Type.getMethodDescriptor(
                                    Type.getReturnType(target.descriptor()),
                                    reference.parameters().toArray(Type[]::new)),
                            isInterface),
                    target);
        }
    }

    /** A constructor that reports what it has made. */
    private static final class ReportingConstructor extends MethodVisitor {

        private final Type type;

        ReportingConstructor(MethodVisitor next, Type type) {
            super(Opcodes.ASM9, next);
            this.type = type;
        }

        @Override
        public void visitInsn(int opcode) {
            if (opcode == Opcodes.RETURN) {
                super.visitVarInsn(Opcodes.ALOAD, 0);
                super.visitLdcInsn(type);
                super.visitMethodInsn(
                        Opcodes.INVOKESTATIC,
                        Type.getInternalName(KnownServers.class),
                        "made",
                        "(Ljava/lang/Object;Ljava/lang/Class;)V",
                        false);
            }
            super.visitInsn(opcode);
        }
    }

    private static final class RedirectedMethod extends MethodVisitor {

        private final RedirectedClass type;

        RedirectedMethod(MethodVisitor next, RedirectedClass type) {
            super(Opcodes.ASM9, next);
            this.type = type;
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            Called called = new Called(owner, name, descriptor);
            Target target = opcode == Opcodes.INVOKESPECIAL ? null : type.targets.get(called);
            if (target == null && type.lends && called.asksForNativeTransport()) {
                NativeTransports.ask(mv, type.self, name, descriptor);
            } else if (target == null) {
                String actual = name.equals("<init>") ? String.valueOf(type.madeInstead(owner)) : owner;
                super.visitMethodInsn(opcode, actual, name, descriptor, isInterface);
            } else {
                type.call(mv, target);
            }
        }

        @Override
        public void visitTypeInsn(int opcode, String made) {
            super.visitTypeInsn(opcode, opcode == Opcodes.NEW ? String.valueOf(type.madeInstead(made)) : made);
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
            Type[] captured = bootstrap.getOwner().equals(LAMBDAS) ? Type.getArgumentTypes(descriptor) : new Type[0];
            super.visitInvokeDynamicInsn(
                    name,
                    descriptor,
                    bootstrap,
                    Arrays.stream(arguments)
                            .map(argument -> type.redirected(argument, captured))
                            .toArray());
        }
    }
}
