package dev.supervisor.maven;

import java.util.Locale;
import java.util.Set;
import org.apache.maven.plugin.MojoExecution;

/** Goals up to {@code process-classes} that the supervisor's compiler stands for, or that make nothing of a module's classes. */
final class KnownGoals {

    static final String COMPILE = "maven-compiler-plugin:compile";
    static final String RESOURCES = "maven-resources-plugin:resources";

    /** Goals that find fault with the project, or look after its files. Once, at the start, is enough. */
    private static final Set<String> CHECKS = Set.of(
            "apache-rat-plugin:check",
            "fmt-maven-plugin:check",
            "formatter-maven-plugin:validate",
            "forbiddenapis:check",
            "impsort-maven-plugin:check",
            "license-maven-plugin:check",
            "maven-checkstyle-plugin:check",
            "maven-enforcer-plugin:display-info",
            "maven-enforcer-plugin:enforce",
            "maven-pmd-plugin:check",
            "sortpom-maven-plugin:verify",
            "spring-javaformat-maven-plugin:validate",
            "spotless-maven-plugin:check");

    /** Goals that set properties, or write for others than the application. Filtered resources are an obstacle by themselves. */
    private static final Set<String> WITHOUT_CLASSES = Set.of(
            "build-helper-maven-plugin:parse-version",
            "build-helper-maven-plugin:regex-property",
            "build-helper-maven-plugin:reserve-network-port",
            "build-helper-maven-plugin:timestamp-property",
            "buildnumber-maven-plugin:create",
            "buildnumber-maven-plugin:create-timestamp",
            "flatten-maven-plugin:clean",
            "flatten-maven-plugin:flatten",
            "jacoco-maven-plugin:prepare-agent",
            "maven-dependency-plugin:properties",
            "properties-maven-plugin:read-project-properties");

    /** Goals that are called as if they compiled, and make sources of files that are none of Java's. */
    private static final Set<String> GENERATORS = Set.of("protobuf-maven-plugin:compile");

    /** Goals whose result hardly changes while one works, and which take long: once, at the start, is enough. */
    private static final Set<String> ONCE = Set.of(
            "cyclonedx-maven-plugin:makeAggregateBom",
            "cyclonedx-maven-plugin:makeBom",
            "git-commit-id-maven-plugin:revision",
            "git-commit-id-plugin:revision",
            "spotless-maven-plugin:apply",
            "spring-boot-maven-plugin:build-info",
            "spring-javaformat-maven-plugin:apply");

    /** Goals that look at sources of Java, and make others of them. */
    private static final Set<String> READERS = Set.of("apt-maven-plugin:process");

    private KnownGoals() {}

    /** Returns {@code maven-compiler-plugin:compile}. */
    static String name(MojoExecution execution) {
        return execution.getArtifactId() + ":" + execution.getGoal();
    }

    static boolean isCheck(MojoExecution execution) {
        return CHECKS.contains(name(execution));
    }

    /** Returns whether it need not be executed again. */
    static boolean isOnceEnough(MojoExecution execution) {
        return ONCE.contains(name(execution));
    }

    /** Returns whether it may depend on sources of Java, as Kotlin's compiler does. */
    static boolean isCompiler(MojoExecution execution) {
        String name = name(execution);
        return READERS.contains(name)
                || (execution.getGoal().toLowerCase(Locale.ROOT).contains("compile") && !GENERATORS.contains(name));
    }

    /** Returns whether a module can be built without it. */
    static boolean isDispensable(MojoExecution execution) {
        return isCheck(execution) || WITHOUT_CLASSES.contains(name(execution));
    }
}
