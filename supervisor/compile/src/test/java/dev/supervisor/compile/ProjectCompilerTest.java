package dev.supervisor.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Diagnostic;
import dev.supervisor.testing.TestBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProjectCompilerTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private TestProject project;

    @BeforeEach
    void make() throws IOException {
        project = new TestProject(directory, "lib", "app");
    }

    @AfterEach
    void close() {
        project.close();
    }

    private static String body(String packageAndName, String members) {
        int dot = packageAndName.lastIndexOf('.');
        return "package " + packageAndName.substring(0, dot) + ";\npublic class " + packageAndName.substring(dot + 1)
                + " {\n" + members + "\n}\n";
    }

    @Test
    void aChangedBodyCompilesNothingElse() throws IOException {
        project.write("a/A.java", body("a.A", "public int value() { return 1; }"))
                .write("a/B.java", body("a.B", "public int twice() { return 2 * new A().value(); }"))
                .good();
        project.write("a/A.java", body("a.A", "public int value() { return 2; }"));
        assertEquals(List.of("app: 1 of 2 sources"), project.good().notes());
    }

    @Test
    void nothingIsCompiledIfNothingHasChanged() throws IOException {
        project.write("a/A.java", body("a.A", "")).good();
        assertEquals(List.of(), project.good().notes());
        Files.setLastModifiedTime(project.file("a/A.java"), FileTime.fromMillis(0));
        assertEquals(List.of(), project.good().notes());
    }

    @Test
    void aRestartCompilesOnlyWhatHasChangedSince() throws IOException {
        project.write("a/A.java", body("a.A", "public static final int K = 1;"))
                .write("a/B.java", body("a.B", "public int k() { return A.K; }"))
                .write("a/C.java", body("a.C", ""))
                .good();
        project.reopen();
        assertEquals(List.of(), project.good().notes());
        project.close();
        project.write("a/A.java", body("a.A", "public static final int K = 2;"));
        project.reopen();
        assertEquals(List.of("app: 2 of 3 sources in 2 rounds"), project.good().notes());
    }

    @Test
    void anOutputThatOthersHaveChangedIsMadeAgain() throws IOException {
        project.write("a/A.java", body("a.A", ""))
                .write("a/B.java", body("a.B", ""))
                .good();
        Files.delete(project.output("app").resolve("a/A.class"));
        project.reopen();
        assertEquals(List.of("app: 1 of 2 sources"), project.good().notes());
    }

    @Test
    void aResourceThatOthersHaveDeletedIsCopiedAgain() throws IOException {
        Path resource = directory.resolve("app/resources/x.txt");
        Files.createDirectories(resource.getParent());
        Files.writeString(resource, "x");
        project.write("a/A.java", body("a.A", "")).good();
        Files.delete(project.output("app").resolve("x.txt"));
        project.reopen();
        project.good();
        Files.delete(resource);
        project.good();
    }

    @Test
    void anOutputThatIsDeletedMeanwhileIsMadeAgain() throws IOException {
        Path resource = directory.resolve("app/resources/x.txt");
        Files.createDirectories(resource.getParent());
        Files.writeString(resource, "x");
        project.write("lib/l/L.java", body("l.L", ""))
                .write("a/A.java", body("a.A", "l.L l;"))
                .write("a/B.java", body("a.B", ""))
                .good();
        for (String module : List.of("lib", "app")) {
            TestProject.delete(project.output(module));
        }
        project.write("a/A.java", body("a.A", "int i; l.L l;")).good();
    }

    @Test
    void aConstantIsCopiedAgain() throws IOException {
        project.write("lib/l/K.java", body("l.K", "public static final String K = \"1\";"))
                .write("a/A.java", body("a.A", "String k = l.K.K;"))
                .good();
        project.write("lib/l/K.java", body("l.K", "public static final String K = \"2\";"))
                .good();
    }

    @Test
    void anOverloadIsChosenAnew() throws IOException {
        project.write("lib/l/O.java", body("l.O", "public static String of(Object o) { return \"object\"; }"))
                .write("a/A.java", body("a.A", "String k = l.O.of(1);"))
                .good();
        project.write(
                        "lib/l/O.java",
                        body(
                                "l.O",
                                "public static String of(Object o) { return \"object\"; }\n"
                                        + "public static String of(int i) { return \"int\"; }"))
                .good();
    }

    @Test
    void aDeletedSourceIsMissed() throws IOException {
        project.write("lib/l/L.java", body("l.L", "class Nested {}"))
                .write("a/A.java", body("a.A", "l.L l;"))
                .good();
        project.delete("lib/l/L.java").bad();
        project.write("a/A.java", body("a.A", "")).good();
        assertTrue(Files.notExists(project.output("lib").resolve("l/L$Nested.class")));
    }

    @Test
    void anErrorInALaterModuleLeavesTheEarlierOneAsItWas() throws IOException {
        project.write("lib/l/L.java", body("l.L", "public void one() {}"))
                .write("a/A.java", body("a.A", "void a(l.L l) { l.one(); }"))
                .good();
        project.write("lib/l/L.java", body("l.L", "public void two() {}")).bad();
        project.write("a/A.java", body("a.A", "void a(l.L l) { l.two(); }")).good();
    }

    @Test
    void aNewTypeShadowsAnotherOne() throws IOException {
        project.write("lib/l/T.java", body("l.T", "public static String s() { return \"l\"; }"))
                .write("a/A.java", "package a; import l.*; class A { String s = T.s(); }")
                .good();
        project.write("a/T.java", body("a.T", "public static String s() { return \"a\"; }"))
                .good();
        project.delete("a/T.java").good();
    }

    @Test
    void aTypeThatMovesToAnotherFileStays() throws IOException {
        project.write("a/A.java", "package a; class A {} class Moved {}")
                .write("a/B.java", "package a; class B {}")
                .good();
        project.write("a/B.java", "package a; class B {} class Moved {}").bad();
        project.write("a/A.java", "package a; class A {}").good();
    }

    @Test
    void aSubtypeChangesWithItsSupertype() throws IOException {
        project.write("lib/l/Super.java", body("l.Super", ""))
                .write("lib/l/Sub.java", "package l; public class Sub extends Super {}")
                .write("a/A.java", body("a.A", "static int f(Object o) { return 1; } int i = new l.Sub().hashCode();"))
                .good();
        project.write("lib/l/Super.java", body("l.Super", "public final int hashCode() { return 1; }"))
                .good();
        project.write("lib/l/Super.java", body("l.Super", "public abstract void f();"))
                .bad();
    }

    @Test
    void aSealedTypeAndASwitchFollowItsCases() throws IOException {
        project.write("a/E.java", "package a; enum E { ONE, TWO }")
                .write(
                        "a/S.java",
                        "package a; class S { int f(E e) { return switch (e) { case ONE -> 1; case TWO -> 2; }; } }")
                .good();
        project.write("a/E.java", "package a; enum E { ONE, TWO, THREE }").bad();
        project.write("a/E.java", "package a; enum E { TWO, ONE }").good();
    }

    @Test
    void aPackagesAnnotationFollowsItsConstant() throws IOException {
        project.write(
                        "a/N.java",
                        "package a; import java.lang.annotation.*; @Retention(RetentionPolicy.RUNTIME) @interface N { String value(); }")
                .write("a/K.java", body("a.K", "static final String K = \"1\";"))
                .write("a/package-info.java", "@N(K.K) package a;")
                .good();
        project.write("a/K.java", body("a.K", "static final String K = \"2\";")).good();
        project.write("a/package-info.java", "package a;").good();
    }

    @Test
    void anOptionIsUsedFromTheNextBuildOn() throws IOException {
        project.write("a/A.java", body("a.A", "void f(int parameter) {}")).good();
        project.options("-parameters");
        assertEquals(List.of("app: 1 of 1 source"), project.good().notes());
    }

    @Test
    void aJarThatHasChangedIsReadAnew() throws IOException {
        Path jar = directory.resolve("x.jar");
        TestBuild.of("package x; public class X { public static final int K = 1; }")
                .moveTo(jar);
        project.libraries(jar).write("a/A.java", body("a.A", "int k = x.X.K;")).good();
        TestBuild.of("package x; public class X { public static final int K = 22222; }")
                .moveTo(jar);
        project.good();
    }

    @Test
    void namedModulesAreCompiledAsSuch() throws IOException {
        project.write("lib/module-info.java", "module lib { exports l; }")
                .write("lib/l/L.java", body("l.L", "public static final int K = 1;"))
                .write("module-info.java".replace("module", "app/module"), "module app { requires lib; }")
                .write("a/A.java", body("a.A", "int k = l.L.K; B b;"))
                .write("a/B.java", body("a.B", ""))
                .good();
        project.write("lib/l/L.java", body("l.L", "public static final int K = 2;"))
                .good();
        project.write("lib/module-info.java", "module lib { }").bad();
    }

    @Test
    void anErrorTellsAllThatItMeans() throws IOException {
        project.write("a/A.java", "package a;\nclass A {\n\tint i = \"a\" + 1;\n\tint j = \"\".missing();\n}\n");
        List<Diagnostic> errors = project.compile().messages().errors();
        assertEquals(List.of(3, 4), errors.stream().map(Diagnostic::line).toList());
        assertEquals(Optional.of(new Diagnostic.Range(10, 17)), errors.get(0).range());
        assertEquals(14, errors.get(0).column());
        assertEquals(Optional.of(new Diagnostic.Range(12, 20)), errors.get(1).range());
        assertTrue(errors.get(1).message().contains("cannot find symbol"));
    }
}
