package dev.supervisor.compile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.ModuleVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.RecordComponentVisitor;
import org.objectweb.asm.TypePath;

/** Describes what the compiler sees of a class when it compiles another one: no code, and nothing private. */
final class ClassAbi extends ClassVisitor {

    private static final int API = Opcodes.ASM9;

    /** The order of members in a class file means nothing. */
    private final List<String> members = new ArrayList<>();

    private boolean local;

    private ClassAbi() {
        super(API);
    }

    /** Returns the description; empty for a class that only one method can see. */
    static Optional<String> of(byte[] classFile) {
        ClassAbi abi = new ClassAbi();
        new ClassReader(classFile)
                .accept(abi, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        Collections.sort(abi.members);
        return abi.local ? Optional.empty() : Optional.of(String.join("\n", abi.members));
    }

    private void add(@Nullable Object... parts) {
        StringBuilder line = new StringBuilder();
        for (@Nullable Object part : parts) {
            line.append(part instanceof Object[] array ? Arrays.toString(array) : part)
                    .append(' ');
        }
        members.add(line.toString());
    }

    private static boolean isHidden(int access) {
        return (access & (Opcodes.ACC_PRIVATE | Opcodes.ACC_SYNTHETIC)) != 0;
    }

    @Override
    public void visit(
            int version,
            int access,
            String name,
            @Nullable String signature,
            @Nullable String superName,
            String @Nullable [] interfaces) {
        add("class", access, name, signature, superName, interfaces);
    }

    @Override
    public void visitOuterClass(String owner, @Nullable String name, @Nullable String descriptor) {
        local = true;
    }

    @Override
    public @Nullable ModuleVisitor visitModule(String name, int access, @Nullable String version) {
        return new Module();
    }

    @Override
    public void visitPermittedSubclass(String permitted) {
        add("permits", permitted);
    }

    @Override
    public void visitInnerClass(String name, @Nullable String outer, @Nullable String inner, int access) {
        if (outer != null && inner != null && !isHidden(access)) {
            add("nested", name, access);
        }
    }

    @Override
    public AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
        return new Annotation("on the class", descriptor);
    }

    @Override
    public AnnotationVisitor visitTypeAnnotation(
            int reference, @Nullable TypePath path, String descriptor, boolean visible) {
        return new Annotation("on a type of the class " + reference + path, descriptor);
    }

    @Override
    public @Nullable RecordComponentVisitor visitRecordComponent(
            String name, String descriptor, @Nullable String signature) {
        members.add("component "
                + members.stream().filter(line -> line.startsWith("component")).count() + " " + name + " " + descriptor
                + " " + signature); // their order counts
        return null;
    }

    @Override
    public @Nullable FieldVisitor visitField(
            int access, String name, String descriptor, @Nullable String signature, @Nullable Object value) {
        if (isHidden(access)) {
            return null;
        }
        add("field", access, name, descriptor, signature, value, value == null ? "" : value.getClass());
        return new FieldVisitor(API) {
            @Override
            public AnnotationVisitor visitAnnotation(String annotation, boolean visible) {
                return new Annotation("on the field " + name, annotation);
            }

            @Override
            public AnnotationVisitor visitTypeAnnotation(
                    int reference, @Nullable TypePath path, String annotation, boolean visible) {
                return new Annotation("on a type of the field " + name + reference + path, annotation);
            }
        };
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
            int access, String name, String descriptor, @Nullable String signature, String @Nullable [] exceptions) {
        if (isHidden(access) || name.equals("<clinit>")) {
            return null;
        }
        add("method", access, name, descriptor, signature, exceptions);
        return new Method(name + descriptor);
    }

    private final class Method extends MethodVisitor {

        private final String name;

        Method(String name) {
            super(API);
            this.name = name;
        }

        @Override
        public AnnotationVisitor visitAnnotationDefault() {
            return new Annotation("default of " + name, "");
        }

        @Override
        public AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
            return new Annotation("on " + name, descriptor);
        }

        @Override
        public AnnotationVisitor visitTypeAnnotation(
                int reference, @Nullable TypePath path, String descriptor, boolean visible) {
            return new Annotation("on a type of " + name + reference + path, descriptor);
        }

        @Override
        public AnnotationVisitor visitParameterAnnotation(int parameter, String descriptor, boolean visible) {
            return new Annotation("on parameter " + parameter + " of " + name, descriptor);
        }
    }

    private final class Module extends ModuleVisitor {

        Module() {
            super(API);
        }

        @Override
        public void visitRequire(String module, int access, @Nullable String version) {
            add("requires", access, module);
        }

        @Override
        public void visitExport(String packaze, int access, String @Nullable ... modules) {
            add("exports", access, packaze, modules);
        }

        @Override
        public void visitOpen(String packaze, int access, String @Nullable ... modules) {
            add("opens", access, packaze, modules);
        }

        @Override
        public void visitUse(String service) {
            add("uses", service);
        }

        @Override
        public void visitProvide(String service, String... providers) {
            add("provides", service, providers);
        }
    }

    private final class Annotation extends AnnotationVisitor {

        private final StringBuilder text;

        /** Of annotations and arrays within it that have not ended. */
        private int depth;

        Annotation(String place, String descriptor) {
            super(API);
            this.text = new StringBuilder("@ ").append(place).append(' ').append(descriptor);
        }

        private AnnotationVisitor append(@Nullable Object... parts) {
            for (@Nullable Object part : parts) {
                text.append(' ').append(part);
            }
            return this;
        }

        private static String shown(Object value) {
            return value.getClass().isArray() ? Arrays.deepToString(new Object[] {value}) : String.valueOf(value);
        }

        @Override
        public void visit(@Nullable String name, Object value) {
            append(name, value.getClass(), shown(value));
        }

        @Override
        public void visitEnum(@Nullable String name, String descriptor, String value) {
            append(name, descriptor, value);
        }

        @Override
        public AnnotationVisitor visitAnnotation(@Nullable String name, String descriptor) {
            depth++;
            return append(name, descriptor, "(");
        }

        @Override
        public AnnotationVisitor visitArray(@Nullable String name) {
            depth++;
            return append(name, "[");
        }

        @Override
        public void visitEnd() {
            if (depth == 0) {
                members.add(text.toString());
            } else {
                depth--;
                append("]");
            }
        }
    }
}
