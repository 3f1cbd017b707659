package dev.supervisor.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.generation.ApplicationProvider.NoApplicationException;
import dev.supervisor.generation.Applications.Failing;
import dev.supervisor.generation.Applications.Good;
import dev.supervisor.generation.Applications.NoApplication;
import dev.supervisor.generation.Applications.Second;
import dev.supervisor.generation.Applications.WithParameter;
import dev.supervisor.spi.Application;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ApplicationProviderTest {

    @TempDir
    Path temp;

    private @Nullable AppModule module;

    @AfterEach
    void close() {
        if (module != null) {
            module.close();
        }
    }

    private Application instantiate(Jars jar, @Nullable String className) throws Exception {
        Path app = jar.writeTo(temp.resolve("app.jar"));
        Snapshot snapshot = Copies.snapshot(temp, app, Copies.of(temp, app));
        module = AppModule.link("provider-test", AppModule.open(snapshot, Program.ofSpi()), Program.ofSpi());
        return ApplicationProvider.instantiate(module.classLoader(), Optional.ofNullable(className), "app.jar");
    }

    private String problemWith(Jars jar, @Nullable String className) {
        return String.valueOf(assertThrows(NoApplicationException.class, () -> instantiate(jar, className))
                .getMessage());
    }

    private static Jars jarOf(Class<?>... types) throws Exception {
        return Jars.jar().withClasses(types);
    }

    @Test
    void theOneProviderOfTheServiceIsTheApplication() throws Exception {
        Application application = instantiate(jarOf(Good.class).withService(Good.class), null);
        assertEquals(Good.class.getName(), application.getClass().getName());
        assertNotSame(Good.class, application.getClass());
        assertSame(
                Objects.requireNonNull(module).classLoader(),
                application.getClass().getClassLoader());
    }

    @Test
    void aBuildWithoutAProviderIsToldHowToNameOne() throws Exception {
        assertEquals(
                "there is no application in app.jar: it names no Main-Class, and no"
                        + " META-INF/services/dev.supervisor.spi.Application names an application (name a class with a main"
                        + " by ‹mainClass›, or an implementation of dev.supervisor.spi.Application by ‹appClass›)",
                problemWith(jarOf(Good.class), null));
        assertTrue(problemWith(jarOf(Good.class).withService(), null).startsWith("there is no application in app.jar"));
    }

    @Test
    void severalProvidersAreNamed() throws Exception {
        Jars jar = jarOf(Good.class, Second.class).withService(Good.class, Second.class);
        assertEquals(
                "there are 2 applications in app.jar: " + Good.class.getName() + ", " + Second.class.getName()
                        + " (say which with ‹appClass›)",
                problemWith(jar, null));
    }

    @Test
    void theClassThatIsAskedForWins() throws Exception {
        Jars jar = jarOf(Good.class, Second.class).withService(Good.class, Second.class);
        assertEquals(
                Second.class.getName(),
                instantiate(jar, Second.class.getName()).getClass().getName());
    }

    @Test
    void aClassThatIsNotThereIsNamed() throws Exception {
        assertEquals(
                "there is no class a.B in app.jar (check ‹appClass›, and ‹library› if it is in a library)",
                problemWith(jarOf(Good.class).withService(Good.class), "a.B"));
    }

    @Test
    void aClassThatIsNoApplicationIsNamed() throws Exception {
        assertEquals(
                NoApplication.class.getName() + " in app.jar does not implement dev.supervisor.spi.Application",
                problemWith(jarOf(NoApplication.class), NoApplication.class.getName()));
    }

    @Test
    void aServiceThatNamesAClassThatIsNotThereIsAnError() throws Exception {
        Jars jar = jarOf(Good.class).withService(Second.class);
        assertThrows(ServiceConfigurationError.class, () -> instantiate(jar, null));
    }

    @Test
    void whatAConstructorThrowsIsPassedOn() throws Exception {
        Jars jar = jarOf(Good.class, Failing.class).withService(Failing.class);
        InvocationTargetException e = assertThrows(InvocationTargetException.class, () -> instantiate(jar, null));
        assertInstanceOf(IllegalStateException.class, e.getCause());
    }

    @Test
    void aConstructorMustTakeNoParameters() throws Exception {
        Jars jar = jarOf(Good.class, WithParameter.class);
        assertThrows(NoSuchMethodException.class, () -> instantiate(jar, WithParameter.class.getName()));
    }
}
