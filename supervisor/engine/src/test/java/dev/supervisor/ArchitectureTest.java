package dev.supervisor;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import dev.supervisor.testing.SameOnEveryJdk;
import java.util.List;
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
                .resideInAnyPackage(
                        "dev.supervisor.spi..",
                        "java..",
                        "javax.net.ssl",
                        "io.netty.bootstrap..",
                        "io.netty.channel..",
                        "io.netty.util..",
                        "io.netty.handler.codec.http",
                        "org.jspecify..")
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

    /** A tool such as japicmp has to look at this package alone. */
    @Test
    void theApiIsMadeOfItsOwnTypes() {
        methods()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage(ROOT)
                .and()
                .arePublic()
                .and()
                .areDeclaredInClassesThat()
                .arePublic()
                .should()
                .haveRawReturnType(ofTheApi())
                .andShould()
                .haveRawParameterTypes(each(ofTheApi()))
                .check(classes);
        long types = classes.stream()
                .filter(type -> type.getPackageName().equals(ROOT)
                        && type.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(JavaClass::isTopLevelClass)
                .count();
        assertTrue(types < 35, () -> types + " public types");
    }

    private static DescribedPredicate<JavaClass> ofTheApi() {
        return DescribedPredicate.describe(
                "of the API or of the JDK",
                type -> type.getBaseComponentType().isPrimitive()
                        || type.getBaseComponentType().getPackageName().equals(ROOT)
                        || type.getBaseComponentType().getPackageName().startsWith("java."));
    }

    private static DescribedPredicate<List<JavaClass>> each(DescribedPredicate<JavaClass> predicate) {
        return DescribedPredicate.describe(
                "each " + predicate.getDescription(), types -> types.stream().allMatch(predicate));
    }

    @Test
    void thePackagesBelowTheRootHaveNoCycles() {
        slices().matching("dev.supervisor.(*)..").should().beFreeOfCycles().check(classes);
    }
}
