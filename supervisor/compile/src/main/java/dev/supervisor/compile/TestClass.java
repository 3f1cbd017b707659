package dev.supervisor.compile;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Opcodes;

/**
 * What the head of a class says.
 *
 * @param superName with slashes; empty for {@code Object}
 * @param annotations their names with slashes
 */
record TestClass(boolean isAbstract, Optional<String> superName, Set<String> annotations) {

    static TestClass of(byte[] classFile) {
        Head head = new Head();
        new ClassReader(classFile)
                .accept(head, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return new TestClass(head.isAbstract, head.superName, head.annotations);
    }

    private static final class Head extends ClassVisitor {

        private boolean isAbstract;
        private Optional<String> superName = Optional.empty();
        private final Set<String> annotations = new HashSet<>();

        Head() {
            super(Opcodes.ASM9);
        }

        @Override
        public void visit(
                int version,
                int access,
                String name,
                @Nullable String signature,
                @Nullable String parent,
                String @Nullable [] interfaces) {
            isAbstract = (access & Opcodes.ACC_ABSTRACT) != 0;
            superName = Optional.ofNullable(parent);
        }

        @Override
        public @Nullable AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
            annotations.add(descriptor.substring(1, descriptor.length() - 1));
            return null;
        }
    }
}
