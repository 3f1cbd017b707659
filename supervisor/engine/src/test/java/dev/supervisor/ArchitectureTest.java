package dev.supervisor;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import dev.supervisor.testing.SameOnEveryJdk;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@SameOnEveryJdk
final class ArchitectureTest {

    private static final String ROOT = "dev.supervisor";

    @SuppressWarnings("NullAway.Init")
    private static JavaClasses classes;

    @BeforeAll
    static void readClasses() {
        classes = new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests())
                .importPackages(ROOT);
    }

    @Test
    void theSpiKnowsNothingOfTheSupervisor() {
        classes()
                .that()
                .resideInAPackage("dev.supervisor.spi..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.supervisor.spi..", "java..", "io.netty.channel..", "org.jspecify..")
                .check(classes);
    }

    @Test
    void socketsAndChangesDontKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage("dev.supervisor.socket..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.supervisor.change..")
                .check(classes);
        noClasses()
                .that()
                .resideInAPackage("dev.supervisor.change..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.supervisor.socket..")
                .check(classes);
    }

    @Test
    void changesAreSeenWithoutNetty() {
        noClasses()
                .that()
                .resideInAPackage("dev.supervisor.change..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(classes);
    }

    @Test
    void socketsKnowNothingOfGenerations() {
        noClasses()
                .that()
                .resideInAPackage("dev.supervisor.socket..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.supervisor.generation..", "dev.supervisor.failure..")
                .check(classes);
    }

    @Test
    void gatesKnowNothingOfNettyChannelsAndHttp() {
        noClasses()
                .that()
                .resideInAPackage("dev.supervisor.socket")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.supervisor.socket.netty..", "dev.supervisor.socket.http..")
                .check(classes);
    }

    @Test
    void lookingIntoTheJvmNeedsNothingElse() {
        classes()
                .that()
                .resideInAPackage("dev.supervisor.inspect..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.supervisor.inspect..", "java..", "io.netty..", "org.slf4j..", "org.jspecify..")
                .check(classes);
    }

    @Test
    void theEntryPointIsUsedByEmbeddersOnly() {
        noClasses()
                .that()
                .resideInAPackage("dev.supervisor.(*)..")
                .should()
                .dependOnClassesThat(equivalentTo(Supervisor.class))
                .check(classes);
    }

    @Test
    void thePackagesBelowTheRootHaveNoCycles() {
        slices().matching("dev.supervisor.(*)..").should().beFreeOfCycles().check(classes);
    }
}
