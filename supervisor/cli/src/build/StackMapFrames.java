import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/**
 * Copies a jar whose classes are for Java 5, and gives them the stack map frames of Java 8. Without them a JVM takes none of
 * the classes from a CDS archive, and verifies each with the old, slow verifier: half of the time of {@code supervisor
 * --version}. Run by the build, from this source file.
 */
final class StackMapFrames {

    private StackMapFrames() {}

    public static void main(String[] jars) throws IOException {
        Path from = Path.of(jars[0]);
        Path to = Path.of(jars[1]);
        Files.createDirectories(to.getParent());
        try (URLClassLoader loader = new URLClassLoader(new URL[] {from.toUri().toURL()});
                ZipFile source = new ZipFile(from.toFile());
                OutputStream target = Files.newOutputStream(to);
                ZipOutputStream zip = new ZipOutputStream(target)) {
            for (ZipEntry entry : Collections.list(source.entries())) {
                byte[] bytes = source.getInputStream(entry).readAllBytes();
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTime(entry.getTime());
                zip.putNextEntry(copy);
                zip.write(isClass(entry.getName()) ? withFrames(bytes, loader) : bytes);
                zip.closeEntry();
            }
        }
    }

    private static boolean isClass(String name) {
        return name.endsWith(".class") && !name.endsWith("module-info.class");
    }

    private static byte[] withFrames(byte[] bytes, ClassLoader loader) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
            @Override
            protected ClassLoader getClassLoader() {
                return loader;
            }
        };
        ClassVisitor visitor = new ClassVisitor(Opcodes.ASM9, writer) {
            @Override
            public void visit(int version, int access, String name, String signature, String base, String[] interfaces) {
                super.visit(Math.max(version, Opcodes.V1_8), access, name, signature, base, interfaces);
            }
        };
        new ClassReader(bytes).accept(visitor, ClassReader.SKIP_FRAMES);
        return writer.toByteArray();
    }
}
