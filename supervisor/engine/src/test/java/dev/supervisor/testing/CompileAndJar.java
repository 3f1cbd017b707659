package dev.supervisor.testing;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;

/** A program that runs {@code javac} and then {@code jar}, in one JVM, which starts but once. */
final class CompileAndJar {

    private static final String BETWEEN = "--then-jar";

    private static final String QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto";

    private CompileAndJar() {}

    /** Of the shell, with this JVM's JDK. */
    static String command() {
        Path classes;
        try {
            classes = Path.of(CompileAndJar.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        return "'%s/bin/java' %s -cp '%s' %s"
                .formatted(System.getProperty("java.home"), QUICK, classes, CompileAndJar.class.getName());
    }

    /** @param arguments of the compiler, {@code --then-jar}, and those of jar */
    public static void main(String[] arguments) {
        List<String> all = List.of(arguments);
        int between = all.indexOf(BETWEEN);
        int code = run("javac", all.subList(0, between));
        System.exit(code == 0 ? run("jar", all.subList(between + 1, all.size())) : code);
    }

    private static int run(String tool, List<String> arguments) {
        return ToolProvider.findFirst(tool).orElseThrow().run(System.out, System.err, arguments.toArray(String[]::new));
    }
}
