package dev.supervisor.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.generation.Applications.Good;
import dev.supervisor.generation.Applications.NoApplication;
import dev.supervisor.generation.Applications.Second;
import dev.supervisor.spi.Application;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;

final class AppModuleTest {

    @TempDir
    Path temp;

    private @Nullable AppModule module;

    @AfterEach
    void close() {
        if (module != null) {
            module.close();
        }
    }

    private ClassLoader link(Path... roots) throws Exception {
        return link(roots[0], Copies.of(temp, roots));
    }

    private ClassLoader link(Path app, List<PrivateCopy> copies) throws Exception {
        return link(Copies.snapshot(temp, app, copies), Program.ofSpi());
    }

    private ClassLoader link(Snapshot snapshot, Program program) throws Exception {
        module = AppModule.link("generation-7", AppModule.open(snapshot, program), program);
        return module.classLoader();
    }

    private Path jar(Jars jar) throws IOException {
        return jar.writeTo(temp.resolve("app.jar"));
    }

    @Test
    void anApplicationLoadsItsOwnClassesAndResources() throws Exception {
        ClassLoader loader = link(jar(Jars.jar().withClasses(Good.class).with("a.txt", "mine")));
        Class<?> mine = loader.loadClass(Good.class.getName());
        assertNotSame(Good.class, mine);
        assertEquals("generation-7", loader.getName());
        try (var resource = loader.getResourceAsStream("a.txt")) {
            assertNotNull(resource);
            assertEquals("mine", new String(resource.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void soItDoesFromADirectoryOfClasses() throws Exception {
        ClassLoader loader = link(Jars.jar().withClasses(Good.class).unpackTo(temp.resolve("classes")));
        assertSame(loader, loader.loadClass(Good.class.getName()).getClassLoader());
    }

    @Test
    void nettyAndTheSpiAreTheSupervisorsEvenIfTheJarBringsThem() throws Exception {
        ClassLoader loader = link(jar(Jars.jar().withClasses(Channel.class, Application.class)));
        assertSame(Channel.class, loader.loadClass(Channel.class.getName()));
        assertSame(Application.class, loader.loadClass(Application.class.getName()));
    }

    @Test
    void aForcedClassThatTheSupervisorLacksIsNotTakenFromTheJarEither() throws Exception {
        ClassLoader loader =
                link(jar(Jars.jar().with("io/netty/old/Gone.class", "x").with("a.txt", "x")));
        assertThrows(ClassNotFoundException.class, () -> loader.loadClass("io.netty.old.Gone"));
        assertNull(loader.getResource("io/netty/old/Gone.class"));
        assertNotNull(loader.getResource("a.txt"));
    }

    /** Netty asks for this one, and defines it anew where it is not found: the native library is the generation's then. */
    @Test
    void whatLoadsNativeLibrariesIsNotTheSupervisors() throws Exception {
        ClassLoader loader = link(jar(Jars.jar()));
        Class.forName("io.netty.util.internal.NativeLibraryLoader", false, loader);
        assertThrows(ClassNotFoundException.class, () -> loader.loadClass("io.netty.util.internal.NativeLibraryUtil"));
    }

    @Test
    void nettysTlsIsTheGenerationsOwnIfTheApplicationBringsTcnative() throws Exception {
        String name = SslHandler.class.getName();
        assertSame(SslHandler.class, link(jar(Jars.jar())).loadClass(name));
        Path app = Jars.jar()
                .with("io/netty/internal/tcnative/SSLContext.class", "x")
                .with("io/netty/handler/ssl/SslHandler.class", "of another version")
                .writeTo(temp.resolve("other.jar"));
        ClassLoader loader = link(app);
        assertSame(loader, loader.loadClass(name).getClassLoader());
        assertSame(SslHandler.class.getSuperclass(), loader.loadClass(name).getSuperclass());
        assertNotNull(loader.getResource("io/netty/internal/tcnative/SSLContext.class"));
    }

    @Test
    void slf4jIsTheApplicationsIfItBringsIt() throws Exception {
        assertSame(Logger.class, link(jar(Jars.jar())).loadClass(Logger.class.getName()));
        ClassLoader own = link(Jars.jar().withClasses(Logger.class).writeTo(temp.resolve("other.jar")));
        assertNotSame(Logger.class, own.loadClass(Logger.class.getName()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"java.sql.Connection", "java.net.http.HttpClient", "javax.management.MBeanServer"})
    void theJdkCanBeSeen(String name) throws Exception {
        assertSame(Class.forName(name), link(jar(Jars.jar())).loadClass(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"dev.supervisor.Supervisor", "io.methvin.watcher.DirectoryWatcher", "org.jboss.modules.Module"})
    void theSupervisorCannot(String name) throws Exception {
        Class.forName(name);
        ClassLoader loader = link(jar(Jars.jar()));
        assertThrows(ClassNotFoundException.class, () -> loader.loadClass(name));
    }

    @Test
    void theFirstRootThatHasAClassWins() throws Exception {
        Path first = Jars.jar().with("a.txt", "first").writeTo(temp.resolve("1.jar"));
        Path second = Jars.jar().with("a.txt", "second").writeTo(temp.resolve("2.jar"));
        try (var resource = link(first, second).getResourceAsStream("a.txt")) {
            assertNotNull(resource);
            assertEquals("first", new String(resource.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void whatIsNoJarCannotBeLinked() throws Exception {
        Path broken = Files.writeString(temp.resolve("app.jar"), "no zip");
        assertThrows(ZipException.class, () -> link(broken));
    }

    @Test
    void aClassComesFromTheOriginalPlaceAsAFile() throws Exception {
        Path jar = jar(Jars.jar().withClasses(Good.class));
        Path classes = Jars.jar().withClasses(Second.class).unpackTo(temp.resolve("classes"));
        ClassLoader loader = link(jar, classes);
        assertEquals(jar.toUri().toURL(), location(loader.loadClass(Good.class.getName())));
        assertEquals(classes.toUri().toURL(), location(loader.loadClass(Second.class.getName())));
        assertEquals(
                classes,
                Path.of(location(loader.loadClass(Second.class.getName())).toURI()));
    }

    private static URL location(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    @Test
    void classesOfOneJarHaveOneProtectionDomain() throws Exception {
        ClassLoader loader = link(jar(Jars.jar().withClasses(Good.class, Second.class)));
        assertSame(
                loader.loadClass(Good.class.getName()).getProtectionDomain(),
                loader.loadClass(Second.class.getName()).getProtectionDomain());
    }

    @Test
    void theManifestTellsTheVersionOfAPackageAndMaySealIt() throws Exception {
        ClassLoader loader = link(
                jar(withVersion(Jars.jar()).withClasses(Good.class)),
                withVersion(Jars.jar()).withClasses(Logger.class).unpackTo(temp.resolve("classes")));
        Package ofGood = loader.loadClass(Good.class.getName()).getPackage();
        assertEquals("1.2.3", ofGood.getImplementationVersion());
        assertTrue(ofGood.isSealed());
        assertEquals(
                "1.2.3", loader.loadClass(Logger.class.getName()).getPackage().getImplementationVersion());
    }

    @Test
    void soDoesThatOfASpringBootJar() throws Exception {
        Path jar = jar(withVersion(Jars.jar()).withClassesIn("BOOT-INF/classes/", NoApplication.class));
        Program program = new Program(Optional.of("app.Main"), "BOOT-INF/classes/", List.of("BOOT-INF/lib/"));
        Class<?> type = link(Copies.snapshot(temp, jar, Copies.of(temp, jar)), program)
                .loadClass(NoApplication.class.getName());
        assertEquals("1.2.3", type.getPackage().getImplementationVersion());
    }

    private static Jars withVersion(Jars jar) {
        return jar.with(
                "META-INF/MANIFEST.MF",
                "Manifest-Version: 1.0\r\nImplementation-Version: 1.2.3\r\nSealed: true\r\n\r\n");
    }

    @Test
    void aPackageThatIsThereForNewerVersionsOnlyIsFound() throws Exception {
        ClassLoader loader = link(jar(Jars.jar()
                .with("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\nMulti-Release: true\r\n\r\n")
                .with("META-INF/versions/9/only/here/a.txt", "x")));
        assertNotNull(loader.getResource("only/here/a.txt"));
    }

    @Test
    void ofADirectoryInPlaceClassesAreCopiedAndResourcesAreNot() throws Exception {
        Path beside = Jars.jar().withClasses(Good.class).with("conf/a.txt", "x").unpackTo(temp.resolve("beside"));
        PrivateCopy copy = Copies.make(new ClassPathRoot(beside, true), temp);
        ClassLoader loader = link(beside, List.of(copy));
        assertEquals(beside.resolve("conf/a.txt").toUri().toURL(), loader.getResource("conf/a.txt"));
        assertNull(loader.getResource("conf/b.txt"));
        Files.delete(beside.resolve(Good.class.getName().replace('.', '/') + ".class"));
        assertSame(loader, loader.loadClass(Good.class.getName()).getClassLoader());
        RequestedResources asked = copy.asked().orElseThrow();
        assertTrue(asked.includes(beside.resolve("conf/a.txt")));
        assertTrue(asked.includes(beside.resolve("conf/b.txt")));
    }
}
