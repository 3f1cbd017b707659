package dev.supervisor.exec;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;

final class ExecPackageTest {

    /** Netty and a framework for logging would cost most of the time in which a command is started. */
    @Test
    void itKnowsNeitherTheCommandLineNorNettyNorALog() {
        var classes = new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests())
                .importPackages("dev.supervisor.exec");
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.supervisor.exec",
                        "dev.supervisor",
                        "dev.supervisor.process",
                        "dev.supervisor.socket",
                        "dev.supervisor.swap",
                        "com.sun.jna..",
                        "java..",
                        "org.jspecify..")
                .check(classes);
    }
}
