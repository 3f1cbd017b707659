package dev.supervisor.maven;

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

    private KnownGoals() {}

    /** Returns {@code maven-compiler-plugin:compile}. */
    static String name(MojoExecution execution) {
        return execution.getArtifactId() + ":" + execution.getGoal();
    }

    static boolean isCheck(MojoExecution execution) {
        return CHECKS.contains(name(execution));
    }

    /** Returns whether a module can be built without it. */
    static boolean isDispensable(MojoExecution execution) {
        return isCheck(execution) || WITHOUT_CLASSES.contains(name(execution));
    }
}
