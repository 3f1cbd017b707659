package dev.supervisor.compile;

import dev.supervisor.compile.junit.JUnitRun;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Loads the tests of one run, all that they need, and {@link JUnitRun}, but nothing else of the supervisor. */
final class TestLoader extends URLClassLoader {

    static {
        registerAsParallelCapable();
    }

    private static final String RUNNER = JUnitRun.class.getName();

    TestLoader(Project.Tests tests) throws MalformedURLException {
        super("tests", urls(tests), ClassLoader.getPlatformClassLoader());
        setDefaultAssertionStatus(true); // as surefire does
    }

    private static URL[] urls(Project.Tests tests) throws MalformedURLException {
        List<Path> path = new ArrayList<>();
        path.add(tests.output());
        path.addAll(tests.classPath());
        path.addAll(tests.launcher());
        URL[] urls = new URL[path.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = path.get(i).toUri().toURL();
        }
        return urls;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (!name.equals(RUNNER) && !name.startsWith(RUNNER + "$")) {
            return super.findClass(name);
        }
        try (InputStream in =
                JUnitRun.class.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] content = in.readAllBytes();
            return defineClass(name, content, 0, content.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
