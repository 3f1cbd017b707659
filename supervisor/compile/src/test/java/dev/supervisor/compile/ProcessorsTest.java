package dev.supervisor.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.TestBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Annotation processors that tell how far they look, and ones that do not. */
final class ProcessorsTest {

    private static final String LISTED = """
            package lists;
            import java.lang.annotation.*;
            @Retention(RetentionPolicy.SOURCE) public @interface Listed {}
            """;

    /** Makes a class of each annotated one, with the names of its fields, and of the fields of their types. */
    private static final String ISOLATING = """
            package lists;
            import java.io.*;
            import java.util.*;
            import javax.annotation.processing.*;
            import javax.lang.model.SourceVersion;
            import javax.lang.model.element.*;
            import javax.lang.model.type.*;
            import javax.lang.model.util.ElementFilter;
            @SupportedAnnotationTypes("lists.Listed")
            public class Isolating extends AbstractProcessor {
                @Override public SourceVersion getSupportedSourceVersion() { return SourceVersion.latest(); }
                @Override public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
                    for (TypeElement annotation : annotations) {
                        for (TypeElement type : ElementFilter.typesIn(round.getElementsAnnotatedWith(annotation))) {
                            String name = type.getSimpleName() + "List";
                            try (Writer out = processingEnv.getFiler().createSourceFile(
                                    processingEnv.getElementUtils().getPackageOf(type) + "." + name, type).openWriter()) {
                                out.write("package " + processingEnv.getElementUtils().getPackageOf(type) + ";"
                                        + "public class " + name + " { public static final String ALL = \\"" + all(type, 0) + "\\"; }");
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        }
                    }
                    return false;
                }
                private String all(TypeElement type, int depth) {
                    StringBuilder all = new StringBuilder();
                    for (VariableElement field : ElementFilter.fieldsIn(type.getEnclosedElements())) {
                        all.append(field.getSimpleName()).append(' ');
                        if (depth < 4 && field.asType() instanceof DeclaredType declared) {
                            all.append(all((TypeElement) declared.asElement(), depth + 1));
                        }
                    }
                    return all.toString();
                }
            }
            """;

    /** Makes one class with the names of all annotated ones. */
    private static final String AGGREGATING = """
            package lists;
            import java.io.*;
            import java.util.*;
            import javax.annotation.processing.*;
            import javax.lang.model.SourceVersion;
            import javax.lang.model.element.*;
            @SupportedAnnotationTypes("lists.Listed")
            public class Aggregating extends AbstractProcessor {
                private final Set<String> names = new TreeSet<>();
                @Override public SourceVersion getSupportedSourceVersion() { return SourceVersion.latest(); }
                @Override public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
                    annotations.forEach(a -> round.getElementsAnnotatedWith(a).forEach(e -> names.add(e.toString())));
                    if (annotations.isEmpty()) {
                        return false;
                    }
                    try (Writer out = processingEnv.getFiler().createSourceFile("a.All").openWriter()) {
                        out.write("package a; public class All { public static final String ALL = \\"" + names + "\\"; }");
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    return false;
                }
            }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private TestProject project;

    @BeforeEach
    void make() throws IOException {
        project = new TestProject(directory.resolve("project"), "app");
    }

    private void use(String processor, String source, String incremental) throws IOException {
        Path jar = directory.resolve("processor.jar");
        TestBuild.of(LISTED, source)
                .withResource("META-INF/services/javax.annotation.processing.Processor", processor + "\n")
                .withResource("META-INF/gradle/incremental.annotation.processors", incremental)
                .moveTo(jar);
        project.libraries(jar).processors(jar);
    }

    private void useIsolating() throws IOException {
        use("lists.Isolating", ISOLATING, "lists.Isolating,isolating\n");
    }

    @Test
    void anIsolatingProcessorRunsForWhatHasChanged() throws IOException {
        useIsolating();
        project.write("a/A.java", "package a; @lists.Listed class A { int one; }")
                .write("a/B.java", "package a; @lists.Listed class B { int two; String s = AList.ALL; }")
                .write("a/C.java", "package a; @lists.Listed class C { int three; }")
                .good();
        project.write("a/C.java", "package a; @lists.Listed class C { int four; }");
        assertEquals(List.of("app: 1 of 3 sources"), project.good().notes());
        project.write("a/A.java", "package a; @lists.Listed class A { int one; int more; }");
        assertEquals(List.of("app: 2 of 3 sources in 2 rounds"), project.good().notes());
        project.write("a/C.java", "package a; class C { int four; }").good();
        project.write("a/B.java", "package a; class B { }").good();
        project.delete("a/A.java").good();
        assertTrue(Files.notExists(directory.resolve("project/app/generated/a/AList.java")));
    }

    @Test
    void anIsolatingProcessorSeesWhatItsSourceLeadsTo() throws IOException {
        useIsolating();
        project.write("a/A.java", "package a; @lists.Listed class A { B b; }")
                .write("a/B.java", "package a; class B { C c; }")
                .write("a/C.java", "package a; class C { int one; }")
                .write("a/D.java", "package a; class D {}")
                .good();
        project.write("a/C.java", "package a; class C { int other; }");
        assertEquals(List.of("app: 3 of 4 sources in 2 rounds"), project.good().notes());
    }

    @Test
    void whatAnIsolatingProcessorHasMadeIsKnownAfterARestart() throws IOException {
        useIsolating();
        project.write("a/A.java", "package a; @lists.Listed class A { int one; }")
                .write("a/B.java", "package a; class B { String s = AList.ALL; }")
                .good();
        project.reopen();
        assertEquals(List.of(), project.good().notes());
        project.delete("a/A.java").bad();
        project.write("a/B.java", "package a; class B {}").good();
    }

    @Test
    void allSourcesAreCompiledForAProcessorThatLooksAtAllOfThem() throws IOException {
        use("lists.Aggregating", AGGREGATING, "lists.Aggregating,aggregating\n");
        project.write("a/A.java", "package a; @lists.Listed class A {}")
                .write("a/B.java", "package a; class B { String s = All.ALL; }")
                .good();
        project.write("a/C.java", "package a; @lists.Listed class C {}");
        assertEquals(
                List.of("app: 3 of 3 sources, since an annotation processor looks at all of them"),
                project.good().notes());
        project.delete("a/A.java").good();
        assertEquals(List.of(), project.good().notes());
    }

    @Test
    void aProcessorThatDoesNotTellIsTakenForOneThatLooksAtAll() throws IOException {
        use("lists.Aggregating", AGGREGATING, "");
        project.write("a/A.java", "package a; @lists.Listed class A {}")
                .write("a/B.java", "package a; @lists.Listed class B {}")
                .good();
        project.write("a/B.java", "package a; class B {}").good();
    }

    @Test
    void aProcessorThatFailsIsAnErrorOfTheBuild() throws IOException {
        use("lists.Missing", ISOLATING, "");
        project.write("a/A.java", "package a; class A {}");
        assertTrue(project.compile().messages().lines().toString().contains("lists.Missing"));
    }
}
