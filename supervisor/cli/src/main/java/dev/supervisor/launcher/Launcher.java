package dev.supervisor.launcher;

/**
 * The main class of {@code java -jar supervisor.jar}. It is the only class that is compiled for Java 8, so that an old
 * JVM prints a message instead of an {@code UnsupportedClassVersionError}. It names no other class of the supervisor at
 * compile time.
 */
public final class Launcher {

    private static final int OLDEST_JAVA = 17;

    /** The character that a decoder puts in place of bytes that it can't decode. */
    private static final char REPLACEMENT = '\uFFFD';

    private Launcher() {}

    public static void main(String[] args) throws Exception {
        String problem = problemWith(System.getProperty("java.specification.version"), System.getProperty("java.home"));
        if (problem == null) {
            problem = problemWith(args, System.getProperty("user.dir"), System.getProperty("sun.jnu.encoding"));
        }
        if (problem != null) {
            System.err.println(problem);
            System.exit(1);
        }
        lendSockets();
        Class.forName("dev.supervisor.cli.SupervisorCommand")
                .getMethod("main", String[].class)
                .invoke(null, (Object) args);
    }

    /**
     * Names the JVM's provider of channels, which lends sockets to applications that know nothing of the supervisor, before
     * anything uses channels.
     */
    private static void lendSockets() {
        if (System.getProperty("java.nio.channels.spi.SelectorProvider") == null) {
            System.setProperty("java.nio.channels.spi.SelectorProvider", "dev.supervisor.lending.LendingProvider");
        }
    }

    /**
     * Returns why a JVM of this specification version ({@code 1.8}, {@code 11}, …) can't run the supervisor, or null.
     */
    static String problemWith(String specification, String home) {
        int feature = (int) Double.parseDouble(
                specification.startsWith("1.") ? specification.substring("1.".length()) : specification);
        return feature >= OLDEST_JAVA
                ? null
                : "supervisor: needs Java " + OLDEST_JAVA + " or newer, but " + home + " is Java " + feature
                        + " (set JAVA_HOME, or put a newer java first on the PATH)";
    }

    /**
     * Returns a message about the first text that the JVM could not decode in the locale's encoding, or null. A file
     * with an undecoded name can't be found.
     */
    static String problemWith(String[] args, String directory, String encoding) {
        String problem = undecoded("the working directory", directory, encoding);
        for (int i = 0; i < args.length && problem == null; i++) {
            problem = undecoded("the argument", args[i], encoding);
        }
        return problem;
    }

    private static String undecoded(String what, String text, String encoding) {
        return text.indexOf(REPLACEMENT) < 0
                ? null
                : "supervisor: can't read " + what + " '" + text + "', since the locale's encoding is " + encoding
                        + " (set LC_ALL=C.UTF-8, or start bin/supervisor, which does)";
    }
}
