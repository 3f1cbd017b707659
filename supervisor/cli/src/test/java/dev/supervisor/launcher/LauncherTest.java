package dev.supervisor.launcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.io.DataInputStream;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LauncherTest {

    private static final int CLASS_FILE_MAGIC = 0xCAFEBABE;
    private static final int CLASS_FILE_OF_JAVA_8 = 52;

    @ParameterizedTest
    @ValueSource(strings = {"17", "21", "25"})
    void aJavaThatIsNewEnoughIsNoProblem(String specification) {
        assertNull(Launcher.problemWith(specification, "/java"));
    }

    @ParameterizedTest
    @CsvSource({"1.8,8", "9,9", "11,11", "16,16"})
    void anOldJavaIsToldWhatToDo(String specification, String feature) {
        assertEquals(
                "supervisor: needs Java 17 or newer, but /java is Java " + feature
                        + " (set JAVA_HOME, or put a newer java first on the PATH)",
                Launcher.problemWith(specification, "/java"));
    }

    @Test
    void whatTheLocaleCantNameIsExplained() {
        String[] arguments = {"--app", "Gr\uFFFD\uFFFD.jar"};
        assertEquals(
                "supervisor: can't read the argument 'Gr\uFFFD\uFFFD.jar', since the locale's encoding is ANSI_X3.4-1968"
                        + " (set LC_ALL=C.UTF-8, or start bin/supervisor, which does)",
                Launcher.problemWith(arguments, "/srv", "ANSI_X3.4-1968"));
        assertEquals(
                "supervisor: can't read the working directory '/\uFFFD', since the locale's encoding is ANSI_X3.4-1968"
                        + " (set LC_ALL=C.UTF-8, or start bin/supervisor, which does)",
                Launcher.problemWith(new String[0], "/\uFFFD", "ANSI_X3.4-1968"));
        assertNull(Launcher.problemWith(new String[] {"--app", "Größe.jar"}, "/srv", "UTF-8"));
    }

    @Test
    void anOldJavaCanLoadTheLauncher() throws Exception {
        try (InputStream file = Launcher.class.getResourceAsStream("Launcher.class");
                DataInputStream data = new DataInputStream(Objects.requireNonNull(file))) {
            assertEquals(CLASS_FILE_MAGIC, data.readInt());
            data.readUnsignedShort(); // the minor version
            assertEquals(CLASS_FILE_OF_JAVA_8, data.readUnsignedShort());
        }
    }

    /** It is compiled for Java 8; all else would fail to load there. */
    @Test
    void itNamesNoOtherClassOfTheSupervisor() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.supervisor.launcher", "java..")
                .check(new ClassFileImporter()
                        .withImportOption(new DoNotIncludeTests())
                        .importPackages("dev.supervisor.launcher"));
    }
}
