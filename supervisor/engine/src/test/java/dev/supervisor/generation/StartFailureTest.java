package dev.supervisor.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class StartFailureTest {

    private static String summary(Throwable failure) {
        return StartFailure.summary("app.jar", failure, List.of(), false);
    }

    @Test
    void aBuildForANewerJavaIsToldWhichToUse() {
        int running = Runtime.version().feature();
        String message = "a/B has been compiled by a more recent version of the Java Runtime (class file version 69.0),"
                + " this version of the Java Runtime only recognizes class file versions up to 61.0";
        assertEquals(
                "app.jar was compiled for Java 25, but the supervisor runs on Java " + running
                        + " (compile it with --release " + running + ", or start the supervisor with a newer java)",
                summary(new Error(new UnsupportedClassVersionError(message))));
        assertTrue(summary(new UnsupportedClassVersionError("odd")).contains("was compiled for a newer Java"));
    }

    @Test
    void aClassThatIsNotFoundIsNamedWithAdvice() {
        String expected = "app.jar needs a class that it does not find: a.b.C"
                + " (is a ‹library› missing, or an entry in the jar's Class-Path?)";
        assertEquals(expected, summary(new NoClassDefFoundError("a/b/C")));
        assertEquals(expected, summary(new IllegalStateException(new ClassNotFoundException("a.b.C"))));
    }

    @Test
    void whatIsNamedAsALibraryAndNotThereIsSaidWhenAClassIsMissing() {
        assertEquals(
                "app.jar needs a class that it does not find: a.b.C (‹library› or a jar's Class-Path names what does not"
                        + " exist: lib, a.jar, a.jar, a.jar, a.jar and 2 more)",
                StartFailure.summary(
                        "app.jar",
                        new ClassNotFoundException("a.b.C"),
                        Stream.concat(
                                        Stream.of("lib"),
                                        Stream.generate(() -> "a.jar").limit(6))
                                .map(Path::of)
                                .toList(),
                        false));
    }

    @Test
    void aClassWhoseInitializerFailedIsNotCalledMissing() {
        assertEquals(
                "app.jar failed to start: java.lang.NoClassDefFoundError: Could not initialize class a.b.C",
                summary(new NoClassDefFoundError("Could not initialize class a.b.C")));
    }

    @Test
    void anErrorOfTheServiceFileIsTold() {
        assertEquals(
                "can't make the application of app.jar: no such provider",
                summary(new ServiceConfigurationError("no such provider")));
    }

    @Test
    void whatTheJvmHasNoMoreOfIsTold() {
        assertEquals(
                "app.jar failed to start: out of memory: unable to create native thread: possibly out of memory or"
                        + " process/resource limits reached (no more threads can be started: raise ulimit -u, or the pids"
                        + " limit of the container)",
                summary(new OutOfMemoryError("unable to create native thread: possibly out of memory or"
                        + " process/resource limits reached")));
        assertTrue(summary(new IllegalStateException(new OutOfMemoryError("Metaspace")))
                .startsWith("app.jar failed to start: out of memory: Metaspace (former generations that could not be"));
    }

    @Test
    void whateverElseFailsIsTold() {
        assertEquals(
                "app.jar failed to start: java.lang.IllegalStateException: no luck",
                summary(new IllegalStateException("no luck")));
    }

    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void causesThatGoRoundInACircleAreSearchedOnce() {
        Exception inner = new Exception("inner");
        Exception outer = new Exception("outer", inner);
        inner.initCause(outer);
        assertEquals("app.jar failed to start: java.lang.Exception: outer", summary(outer));
    }

    @Test
    void anExceptionThatCantDescribeItselfIsNamed() {
        assertEquals("app.jar failed to start: " + Speechless.class.getName(), summary(new Speechless()));
    }

    private static final class Speechless extends Exception {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("speechless");
        }
    }
}
