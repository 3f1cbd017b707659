package dev.supervisor.launcher;

/**
 * Where {@code java -jar supervisor.jar} begins. The one class that is compiled for Java 8, so that an old JVM gets an
 * answer instead of an {@code UnsupportedClassVersionError}; it names no other class of the supervisor at compile time.
 */
public final class Launcher {

    private static final int OLDEST_JAVA = 17;

    private Launcher() {}

    public static void main(String[] args) throws Exception {
        String problem = problemWith(System.getProperty("java.specification.version"), System.getProperty("java.home"));
        if (problem != null) {
            System.err.println(problem);
            System.exit(1);
        }
        Class.forName("dev.supervisor.cli.SupervisorCommand")
                .getMethod("main", String[].class)
                .invoke(null, (Object) args);
    }

    /** Says what is wrong with a JVM of this specification version ({@code 1.8}, {@code 11}, …), or null. */
    static String problemWith(String specification, String home) {
        int feature = (int) Double.parseDouble(
                specification.startsWith("1.") ? specification.substring("1.".length()) : specification);
        return feature >= OLDEST_JAVA
                ? null
                : "supervisor: needs Java " + OLDEST_JAVA + " or newer, but " + home + " is Java " + feature
                        + " (set JAVA_HOME, or put a newer java first on the PATH)";
    }
}
