package dev.supervisor.bench.tools;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** The programs that benchmarks start. */
public final class Programs {

    /** A missing program, which the user can install. */
    public static class Missing extends RuntimeException {

        private static final long serialVersionUID = 1;

        public Missing(String message) {
            super(message);
        }
    }

    private Programs() {}

    /** Returns a program of the JDK that runs this. */
    public static String ofJdk(String name) {
        return System.getProperty("java.home") + "/bin/" + name;
    }

    /** Returns a program on the PATH, or in the directory in which Debian keeps servers. */
    public static String installed(String name, String debianPackage) {
        return Stream.concat(Arrays.stream(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin"))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new Missing("there is no " + name
                        + " on the PATH (install it, as by: apt-get install " + debianPackage + ")"))
                .toString();
    }
}
