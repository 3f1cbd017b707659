package dev.supervisor.maven;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.PluginParameterExpressionEvaluator;
import org.codehaus.plexus.component.configurator.expression.ExpressionEvaluationException;
import org.codehaus.plexus.component.configurator.expression.ExpressionEvaluator;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a goal of some plugin, as they are when it is executed: configured, or given by a property, or the
 * default. The session's current project must be that of the goal.
 */
final class MojoSettings {

    private static final String DEFAULT = "default-value";

    private final @Nullable Xpp3Dom configuration;
    private final ExpressionEvaluator evaluator;

    MojoSettings(MavenSession session, MojoExecution execution) {
        this(execution.getConfiguration(), new PluginParameterExpressionEvaluator(session, execution));
    }

    MojoSettings(@Nullable Xpp3Dom configuration, ExpressionEvaluator evaluator) {
        this.configuration = configuration;
        this.evaluator = evaluator;
    }

    /** Returns a parameter's value; empty if it has none, or a blank one. */
    Optional<String> text(String name) {
        Xpp3Dom child = configuration == null ? null : configuration.getChild(name);
        return child == null
                ? Optional.empty()
                : evaluate(child.getValue()).or(() -> evaluate(child.getAttribute(DEFAULT)));
    }

    boolean isTrue(String name) {
        return text(name).filter("true"::equalsIgnoreCase).isPresent();
    }

    boolean isFalse(String name) {
        return text(name).filter("false"::equalsIgnoreCase).isPresent();
    }

    /** Returns the elements within a parameter, each with its own. */
    List<MojoSettings> elements(String name) {
        return children(name).stream()
                .map(child -> new MojoSettings(child, evaluator))
                .toList();
    }

    /** Returns the values of the elements within a parameter. */
    List<String> texts(String name) {
        return children(name).stream()
                .flatMap(child -> evaluate(child.getValue()).stream())
                .toList();
    }

    private List<Xpp3Dom> children(String name) {
        Xpp3Dom child = configuration == null ? null : configuration.getChild(name);
        return child == null ? List.of() : Arrays.asList(child.getChildren());
    }

    /** Returns whether the project's description gives the parameter elements or a value of its own. */
    boolean isConfigured(String name) {
        Xpp3Dom child = configuration == null ? null : configuration.getChild(name);
        return child != null
                && (child.getChildCount() > 0 || evaluate(child.getValue()).isPresent());
    }

    private Optional<String> evaluate(@Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            Object value = evaluator.evaluate(text);
            // the evaluator leaves an expression that has no value as it is
            return Optional.ofNullable(value)
                    .map(Object::toString)
                    .map(String::strip)
                    .filter(string -> !string.isEmpty() && !string.startsWith("${"));
        } catch (ExpressionEvaluationException e) {
            return Optional.empty(); // Maven says so when it executes the goal
        }
    }
}
