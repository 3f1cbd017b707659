package dev.supervisor.compile;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Loads the tests of one run, all that they need, and what drives JUnit, but nothing else of the supervisor. */
final class TestLoader extends URLClassLoader {

    static {
        registerAsParallelCapable();
    }

    /** Not by its class, which the supervisor's own loader can't load: JUnit is not there. */
    static final String RUNNER = "dev.supervisor.compile.junit.JUnitRun";

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
        try {
            if (name.equals(RUNNER) || name.startsWith(RUNNER + "$")) {
                return define(name, TestLoader.class.getResource("/" + name.replace('.', '/') + ".class"));
            }
            URL file = findResource(name.replace('.', '/') + ".class");
            if (file == null || !file.getProtocol().equals("file")) {
                return super.findClass(name);
            }
            try (InputStream in = file.openStream()) {
                byte[] content = ExitCalls.without(in.readAllBytes());
                return defineClass(name, content, 0, content.length, domain(name, file));
            }
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private Class<?> define(String name, @Nullable URL file) throws IOException {
        if (file == null) {
            throw new IOException(name + " is missing");
        }
        try (InputStream in = file.openStream()) {
            byte[] content = in.readAllBytes();
            return defineClass(name, content, 0, content.length);
        }
    }

    /** Tests ask for it to find files beside the classes. */
    private static ProtectionDomain domain(String name, URL file) throws MalformedURLException {
        String text = file.toString();
        String directory = text.substring(0, text.length() - name.length() - ".class".length());
        return new ProtectionDomain(new CodeSource(new URL(directory), (Certificate[]) null), null);
    }
}
