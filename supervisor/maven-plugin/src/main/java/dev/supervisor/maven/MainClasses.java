package dev.supervisor.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Finds classes with a {@code public static void main(String[])}. */
final class MainClasses {

    private static final int PUBLIC_STATIC = Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC;

    private MainClasses() {}

    /**
     * Returns their names, sorted.
     *
     * @param output a directory of classes; need not exist
     */
    static List<String> in(Path output) throws IOException {
        List<String> names = new ArrayList<>();
        if (Files.isDirectory(output)) {
            for (Path file : classFiles(output)) {
                ClassReader reader = new ClassReader(Files.readAllBytes(file));
                if (hasMain(reader)) {
                    names.add(reader.getClassName().replace('/', '.'));
                }
            }
        }
        return names;
    }

    private static List<Path> classFiles(Path output) throws IOException {
        try (Stream<Path> files = Files.walk(output)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> !file.endsWith("module-info.class"))
                    .filter(file -> !output.relativize(file).startsWith("META-INF"))
                    .sorted()
                    .toList();
        }
    }

    private static boolean hasMain(ClassReader reader) {
        Search search = new Search();
        reader.accept(search, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return search.found;
    }

    private static final class Search extends ClassVisitor {

        private boolean found;

        Search() {
            super(Opcodes.ASM9);
        }

        @Override
        public @Nullable MethodVisitor visitMethod(
                int access, String name, String descriptor, @Nullable String signature, String[] exceptions) {
            found |= (access & PUBLIC_STATIC) == PUBLIC_STATIC
                    && name.equals("main")
                    && descriptor.equals("([Ljava/lang/String;)V");
            return null;
        }
    }
}
