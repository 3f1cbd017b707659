package dev.supervisor.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The Maven that runs the tests, for a build within one of them. It works offline, so its projects may use only the
 * plugins that the outer build has used, in the same versions.
 */
public final class Maven {

    private Maven() {}

    /** Skips the test, loudly, if it has not been started by Maven. */
    public static void assumeThere() {
        boolean there = System.getProperty("outer.maven.home") != null;
        if (!there) {
            System.err.println("TEST SKIPPED: it needs the properties that the build sets (mvn verify)");
        }
        assumeTrue(there, "it needs the properties that the build sets (mvn verify)");
    }

    /** A command of the shell that runs it on this JDK. */
    public static String command(String arguments) {
        return "JAVA_HOME='" + System.getProperty("java.home") + "' '" + outer("maven.home") + "/bin/mvn' -o -B"
                + " '-Dmaven.repo.local=" + outer("maven.repository") + "'"
                // or what was downloaded from another mirror would count as missing
                + " -Daether.enhancedLocalRepository.trackingFilename=unknown " + arguments;
    }

    /** Of a project with its sources in {@code src} and other files of the jar in {@code resources}. */
    public static String pom() {
        return """
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>app</groupId>
                  <artifactId>app</artifactId>
                  <version>1</version>
                  <properties>
                    <maven.compiler.release>17</maven.compiler.release>
                    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
                  </properties>
                  <build>
                    <sourceDirectory>src</sourceDirectory>
                    <resources><resource><directory>resources</directory></resource></resources>
                    <plugins>
                      <plugin>
                        <groupId>org.apache.maven.plugins</groupId>
                        <artifactId>maven-resources-plugin</artifactId>
                        <version>%s</version>
                      </plugin>
                      <plugin>
                        <groupId>org.apache.maven.plugins</groupId>
                        <artifactId>maven-compiler-plugin</artifactId>
                        <version>%s</version>
                        <configuration>
                          <compilerArgs>
                            <arg>-classpath</arg>
                            <arg>${project.build.outputDirectory}%s%s</arg>
                          </compilerArgs>
                        </configuration>
                      </plugin>
                    </plugins>
                  </build>
                </project>
                """.formatted(outer("resources-plugin"), outer("compiler-plugin"), File.pathSeparator, classPath());
    }

    /** Of this test, instead of dependencies, which would have to be installed. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(path -> path.replace("&", "&amp;").replace("<", "&lt;"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String outer(String name) {
        return Objects.requireNonNull(System.getProperty("outer." + name));
    }
}
