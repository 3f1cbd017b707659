package dev.supervisor.bench;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;

final class PackagesTest {

    @Test
    void thePackagesHaveNoCycles() {
        var classes = new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests())
                .importPackages("dev.supervisor.bench");
        slices().matching("dev.supervisor.bench.(*)..")
                .should()
                .beFreeOfCycles()
                .check(classes);
    }
}
