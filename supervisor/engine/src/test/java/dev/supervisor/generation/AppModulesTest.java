package dev.supervisor.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.supervisor.generation.Applications.NoApplication;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarker;

final class AppModulesTest {

    private static final String LOGGER = Logger.class.getName();
    private static final String LEVEL = Level.class.getName();

    /** Its package is the program's own. */
    private static final Program PROGRAM = new Program(Optional.of(NoApplication.class.getName()), "", List.of());

    private static final Program PROGRAM_WITH_NESTED_JARS =
            new Program(PROGRAM.mainClass(), "", List.of("BOOT-INF/lib/"));

    private static final Program OF_SPI = Program.ofSpi();

    @TempDir
    private Path temp;

    private final AppModules modules = new AppModules(Duration.ZERO);
    private final List<AppModule> linked = new ArrayList<>();
    private int generation;

    @AfterEach
    void close() {
        modules.close();
        linked.forEach(AppModule::close);
    }

    private Path app(String text) throws IOException {
        return Jars.jar().withClasses(NoApplication.class).with("a.txt", text).writeTo(temp.resolve("app.jar"));
    }

    private Path lib(Jars jar) throws IOException {
        return jar.writeTo(temp.resolve("lib.jar"));
    }

    private static Jars library() throws IOException {
        return Jars.jar().withClasses(Logger.class, Marker.class, Level.class);
    }

    private AppModule link(Program program, Snapshot snapshot) throws Exception {
        AppModule module = modules.link("generation-" + ++generation, snapshot, program);
        linked.add(module);
        return module;
    }

    /** Starts a program that loads these classes, and waits until the next module is prepared. */
    private AppModule run(Snapshot snapshot, String... classes) throws Exception {
        return run(PROGRAM, snapshot, classes);
    }

    private AppModule run(Program program, Snapshot snapshot, String... classes) throws Exception {
        AppModule module = link(program, snapshot);
        for (String name : classes) {
            module.classLoader().loadClass(name);
        }
        modules.prepare("generation-" + (generation + 1), module, snapshot, program);
        modules.prepared().orElseThrow().awaitLoaded();
        return module;
    }

    private Snapshot snapshot(Path... roots) throws IOException {
        return Copies.snapshot(temp, roots[0], Copies.of(temp, roots));
    }

    /** A snapshot that shares its libraries with a former one, as those have not changed. */
    private Snapshot next(Snapshot former, Path app) throws IOException {
        List<PrivateCopy> copies = new ArrayList<>(Copies.of(temp, app));
        former.copies().stream().skip(1).filter(PrivateCopy::share).forEach(copies::add);
        return Copies.snapshot(temp, app, copies);
    }

    private static Set<String> loaded(AppModule module) {
        return new TreeSet<>(module.loaded().places().keySet());
    }

    private static String file(String type) {
        return type.replace('.', '/') + ".class";
    }

    private static String text(AppModule module) throws IOException {
        try (var resource = module.classLoader().getResourceAsStream("a.txt")) {
            assertNotNull(resource);
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void classesOfLibrariesAreLoadedInAdvanceAndThoseOfTheProgramAreNot() throws Exception {
        Snapshot first = snapshot(app("1"), lib(library()));
        AppModule former = run(first, NoApplication.class.getName(), LOGGER, LEVEL);
        AppModule module = link(PROGRAM, next(first, app("2")));
        assertEquals(Set.of(file(LOGGER), file(LEVEL)), loaded(module));
        assertEquals("2", text(module));
        assertEquals("1", text(former));
        assertEquals("generation-2", module.classLoader().getName());
        Class<?> logger = module.classLoader().loadClass(LOGGER);
        assertSame(module.classLoader(), logger.getClassLoader());
        assertNotSame(former.classLoader(), logger.getClassLoader());
        assertSame(
                module.classLoader(),
                module.classLoader().loadClass(NoApplication.class.getName()).getClassLoader());
    }

    /** The next one is prepared with what the last one had loaded, whether in advance or not. */
    @Test
    void soItGoesOn() throws Exception {
        Snapshot first = snapshot(app("1"), lib(library()));
        run(first, LOGGER);
        Snapshot second = next(first, app("2"));
        run(second, LEVEL);
        assertEquals(Set.of(file(LOGGER), file(LEVEL)), loaded(link(PROGRAM, next(second, app("3")))));
    }

    @Test
    void aChangedClassOfALibraryIsLoadedAnew() throws Exception {
        run(snapshot(app("1"), lib(library())), LOGGER, LEVEL);
        AppModule module = link(PROGRAM, snapshot(app("1"), lib(library().with(file(LOGGER), "changed"))));
        assertEquals(Set.of(), loaded(module));
        assertThrows(ClassFormatError.class, () -> module.classLoader().loadClass(LOGGER));
    }

    @Test
    void aLibraryThatIsCopiedAnewNeedNotHaveChanged() throws Exception {
        run(snapshot(app("1"), lib(library())), LOGGER);
        assertEquals(Set.of(file(LOGGER)), loaded(link(PROGRAM, snapshot(app("2"), lib(library())))));
    }

    @Test
    void aClassThatIsNoLongerThereIsNot() throws Exception {
        run(snapshot(app("1"), lib(library())), LOGGER);
        AppModule module = link(PROGRAM, snapshot(app("1"), lib(Jars.jar().withClasses(Level.class))));
        assertThrows(ClassNotFoundException.class, () -> module.classLoader().loadClass(LOGGER));
    }

    @Test
    void aClassOfTheProgramThatComesBeforeThatOfALibraryWins() throws Exception {
        Snapshot first = snapshot(app("1"), lib(library()));
        run(first, LOGGER);
        Path app = Jars.jar().with(file(LOGGER), "mine").writeTo(temp.resolve("app.jar"));
        AppModule module = link(PROGRAM, next(first, app));
        assertThrows(ClassFormatError.class, () -> module.classLoader().loadClass(LOGGER));
    }

    @Test
    void soDoesOneOfADirectoryWithTheSameBytes() throws Exception {
        Path classes = Files.createDirectories(temp.resolve("classes"));
        Path lib = lib(library());
        run(snapshot(classes, lib), LOGGER);
        library().unpackTo(classes);
        AppModule module = link(PROGRAM, snapshot(classes, lib));
        Class<?> logger = module.classLoader().loadClass(LOGGER);
        assertEquals(
                classes.toUri().toURL(),
                logger.getProtectionDomain().getCodeSource().getLocation());
    }

    /** A jar with everything in it: where classes have changed once, they may change again. */
    @Test
    void ofAJarWithAllLibrariesThePackagesThatDoNotChangeAreLoadedInAdvance() throws Exception {
        Jars jar = library().withClasses(NoApplication.class);
        Path app = jar.writeTo(temp.resolve("app.jar"));
        run(snapshot(app), NoApplication.class.getName(), LOGGER, LEVEL);
        jar.with(file(LEVEL), "changed").writeTo(app);
        AppModule second = run(snapshot(app), LOGGER);
        assertThrows(ClassFormatError.class, () -> second.classLoader().loadClass(LEVEL));
        jar.withClasses(Level.class).with("b.txt", "x").writeTo(app);
        AppModule third = run(snapshot(app), LOGGER, LEVEL);
        assertEquals(Set.of(file(LOGGER), file(LEVEL)), loaded(third));
        AppModule fourth = link(PROGRAM, snapshot(app));
        assertEquals(Set.of(file(LOGGER)), loaded(fourth));
    }

    /** The application may have it before the JDK does, but what was loaded in advance has the JDK's already. */
    @Test
    void aPackageOfTheJdkThatTheNextBuildBringsIsNotMissed() throws Exception {
        Snapshot first = snapshot(app("1"), lib(library()));
        run(first, LOGGER);
        Path app = Jars.jar().with("org/w3c/dom/Node.class", "mine").writeTo(temp.resolve("app.jar"));
        Snapshot second = next(first, app);
        run(second, LOGGER);
        Path another = Jars.jar().with("org/w3c/dom/Attr.class", "mine").writeTo(temp.resolve("app.jar"));
        assertEquals(Set.of(), loaded(link(PROGRAM, next(second, another))));
    }

    @Test
    void librariesInAnotherOrderAreOthers() throws Exception {
        Path other = Jars.jar().with(file(LOGGER), "other").writeTo(temp.resolve("other.jar"));
        Path lib = lib(library());
        Snapshot first = snapshot(app("1"), lib, other);
        run(first, LOGGER);
        List<PrivateCopy> copies = new ArrayList<>(first.copies());
        copies.forEach(PrivateCopy::share);
        Collections.swap(copies, 1, 2);
        AppModule module = link(PROGRAM, Copies.snapshot(temp, temp.resolve("app.jar"), copies));
        assertThrows(ClassFormatError.class, () -> module.classLoader().loadClass(LOGGER));
    }

    @Test
    void aPackageOfAnotherVersionIsAnotherOne() throws Exception {
        run(snapshot(app("1"), lib(version("1", library()))), LOGGER);
        AppModule module = link(PROGRAM, snapshot(app("1"), lib(version("2", library()))));
        assertEquals("2", module.classLoader().loadClass(LOGGER).getPackage().getImplementationVersion());
    }

    private static Jars version(String version, Jars jar) {
        return jar.with(
                "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\nImplementation-Version: " + version + "\r\n\r\n");
    }

    /** Its class of the library would have the module dropped at each build otherwise. */
    @Test
    void aClassThatLoadsOneThatChangesIsLeftOut() throws Exception {
        Jars jar = library().withClasses(BasicMarker.class, NoApplication.class);
        Path app = jar.writeTo(temp.resolve("app.jar"));
        run(snapshot(app), BasicMarker.class.getName(), LOGGER);
        jar.with(file(Marker.class.getName()), "changed").writeTo(app);
        AppModule second = run(snapshot(app));
        assertEquals(Set.of(), loaded(second));
        jar.withClasses(Marker.class)
                .with(file(Marker.class.getName()), "changed again")
                .writeTo(app);
        assertEquals(Set.of(), loaded(link(PROGRAM, snapshot(app))));
    }

    @Test
    void afterTheEndNothingIsPrepared() throws Exception {
        Snapshot first = snapshot(app("1"), lib(library()));
        AppModule module = link(PROGRAM, first);
        modules.close();
        modules.prepare("generation-2", module, first, PROGRAM);
        assertFalse(modules.prepared().isPresent());
    }

    @Test
    void anotherNumberIsAnotherModule() throws Exception {
        Snapshot first = snapshot(app("1"), lib(library()));
        run(first, LOGGER);
        generation++;
        AppModule module = link(PROGRAM, next(first, app("2")));
        assertEquals("generation-3", module.classLoader().getName());
        assertEquals(Set.of(), loaded(module));
    }

    @Test
    void forAnApplicationOfTheSpiNothingIsPrepared() throws Exception {
        Snapshot first = snapshot(app("1"), lib(library()));
        AppModule module = link(OF_SPI, first);
        module.classLoader().loadClass(NoApplication.class.getName());
        modules.prepare("generation-2", module, first, OF_SPI);
        assertFalse(modules.prepared().isPresent());
        assertEquals(Set.of(), loaded(module));
    }

    @Test
    void theFilesAreKeptUntilTheNextBuildAndNoLonger() throws Exception {
        NestedJars nestedJars = new NestedJars(WorkDirectory.create(Optional.of(temp), Map.of()));
        Path boot = temp.resolve("boot.jar");
        Path nested = lib(library());
        Jars jar = Jars.jar().withFile("BOOT-INF/lib/lib.jar", nested);
        jar.with("a.txt", "1").writeTo(boot);
        Snapshot first = Copies.snapshot(boot, Copies.of(temp, boot), nestedJars);
        run(PROGRAM_WITH_NESTED_JARS, first, LOGGER);
        linked.remove(0).close();
        first.close();
        assertEquals(2, jars());
        jar.with("a.txt", "2").writeTo(boot);
        Snapshot second = Copies.snapshot(boot, Copies.of(temp, boot), nestedJars);
        AppModule module = link(PROGRAM_WITH_NESTED_JARS, second);
        assertEquals(Set.of(file(LOGGER)), loaded(module));
        assertEquals("2", text(module));
        assertEquals(2, jars());
        module.classLoader().loadClass(LEVEL);
        second.close();
        assertEquals(0, jars());
    }

    /** How many private jars there are. */
    private long jars() throws IOException {
        try (Stream<Path> files = Files.walk(temp)) {
            return files.filter(file -> file.toString().endsWith(".jar") && !temp.equals(file.getParent()))
                    .count();
        }
    }

    @Test
    void aClassThatCantBeLoadedInAdvanceIsLoadedWhenItIsNeeded() throws Exception {
        Path classes = Jars.jar().withClasses(Marker.class).unpackTo(temp.resolve("classes"));
        Path lib = lib(Jars.jar().withClasses(BasicMarker.class));
        run(snapshot(classes, lib), BasicMarker.class.getName());
        AppModule module = link(PROGRAM, snapshot(classes, lib));
        assertNotNull(module.classLoader().loadClass(BasicMarker.class.getName()));
        assertNotNull(module.classLoader().loadClass(Marker.class.getName()));
    }
}
