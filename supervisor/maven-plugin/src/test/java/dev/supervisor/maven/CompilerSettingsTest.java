package dev.supervisor.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.File;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import org.codehaus.plexus.component.configurator.expression.ExpressionEvaluator;
import org.codehaus.plexus.util.xml.Xpp3DomBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompilerSettingsTest {

    @Test
    void aReleaseStandsForSourceAndTarget() throws Exception {
        assertEquals(
                List.of("--release", "17", "-g"),
                settings("<release>17</release><source>8</source><target>8</target>")
                        .options());
        assertEquals(
                List.of("-source", "11", "-target", "11", "-g"),
                settings("<source default-value='1.8'>11</source><target default-value='11'>${none}</target>")
                        .options());
    }

    @Test
    void flagsAreOptions() throws Exception {
        assertEquals(
                List.of(
                        "-encoding",
                        "UTF-8",
                        "-g:lines,vars",
                        "-parameters",
                        "--enable-preview",
                        "-deprecation",
                        "-Werror"),
                settings("<encoding>UTF-8</encoding><debuglevel>lines,vars</debuglevel><parameters>true</parameters>"
                                + "<enablePreview>true</enablePreview><showDeprecation>true</showDeprecation>"
                                + "<failOnWarning>true</failOnWarning>")
                        .options());
        assertEquals(
                List.of("-nowarn", "-implicit:none"),
                settings("<debug>false</debug><showWarnings>false</showWarnings><failOnWarning>true</failOnWarning>"
                                + "<implicit>none</implicit>")
                        .options());
    }

    @Test
    void processorsAreNamedByAParameterOrAnArgument() throws Exception {
        CompilerSettings byParameter =
                settings("<annotationProcessors><annotationProcessor>a.A</annotationProcessor></annotationProcessors>");
        assertEquals(List.of("a.A"), byParameter.processors());
        CompilerSettings byArgument = settings("<compilerArgs><arg>-Xlint</arg><arg>-processor</arg><arg>a.A,b.B</arg>"
                + "<arg>-proc:full</arg><arg>-Ax=y</arg></compilerArgs>");
        assertEquals(List.of("a.A", "b.B"), byArgument.processors());
        assertEquals(Optional.of("full"), byArgument.proc());
        assertEquals(List.of("-g", "-Xlint", "-Ax=y"), byArgument.options());
        assertEquals(Optional.empty(), byArgument.obstacle());
    }

    @Test
    void anArgumentAboutProcessorsIsStrongerThanTheParameter() throws Exception {
        CompilerSettings settings = settings("<proc>full</proc><compilerArgs><arg>-proc:none</arg></compilerArgs>");
        assertEquals(Optional.of("none"), settings.proc());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<compilerId>eclipse</compilerId>",
                "<executable>javac</executable>",
                "<jdkToolchain><version>17</version></jdkToolchain>",
                "<includes><include>a/**</include></includes>",
                "<excludes><exclude>a/**</exclude></excludes>",
                "<multiReleaseOutput>true</multiReleaseOutput>",
                "<skipMain>true</skipMain>",
                "<compilerArguments><Xlint/></compilerArguments>",
                "<compileSourceRoots>src</compileSourceRoots>",
                "<proc>only</proc>",
                "<compilerArgs><arg>-Xplugin:ErrorProne -Xep:A:OFF</arg></compilerArgs>",
                "<compilerArgs><arg>-classpath</arg><arg>a.jar</arg></compilerArgs>",
                "<compilerArgs><arg>-J-Xmx1g</arg></compilerArgs>"
            })
    void whatIsNotTranslatedIsLeftToMaven(String configuration) throws Exception {
        assertNotEquals(Optional.empty(), settings(configuration).obstacle());
    }

    @Test
    void defaultsAreNoObstacle() throws Exception {
        assertEquals(
                Optional.empty(),
                settings("<compilerId default-value='javac'>${maven.compiler.compilerId}</compilerId>"
                                + "<executable>${maven.compiler.executable}</executable><includes/><excludes/>"
                                + "<skipMain>${maven.main.skip}</skipMain><multiReleaseOutput>false</multiReleaseOutput>"
                                + "<compileSourceRoots default-value='src'/><fork default-value='false'>true</fork>")
                        .obstacle());
    }

    private static CompilerSettings settings(String configuration) throws Exception {
        return new CompilerSettings(new MojoSettings(
                Xpp3DomBuilder.build(new StringReader("<configuration>" + configuration + "</configuration>")),
                new NoProperties()));
    }

    /** Leaves expressions as they are, as Maven does with those that have no value. */
    private static final class NoProperties implements ExpressionEvaluator {
        @Override
        public Object evaluate(String expression) {
            return expression;
        }

        @Override
        public File alignToBaseDirectory(File file) {
            return file;
        }
    }
}
