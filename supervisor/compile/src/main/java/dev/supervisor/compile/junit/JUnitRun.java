package dev.supervisor.compile.junit;

import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs tests. It is loaded beside the tests and the version of JUnit that they use, and so shares only classes of the JDK with
 * the supervisor. Whatever that version is: nothing newer than JUnit 5.8 is used.
 */
public final class JUnitRun implements TestExecutionListener {

    /** The kinds of results: the first element of each. */
    public static final String SUCCEEDED = "succeeded";

    public static final String FAILED = "failed";
    public static final String SKIPPED = "skipped";

    private final Consumer<String[]> results;
    private @Nullable TestPlan plan;

    private JUnitRun(Consumer<String[]> results) {
        this.results = results;
    }

    /**
     * Runs the tests of some classes, one class after the other.
     *
     * @param abandoned asked before each class
     * @param results receives the kind, the class and the name of each test; of one that has failed also the message, the file and
     *     the line
     */
    public static void run(List<String> classes, BooleanSupplier abandoned, Consumer<String[]> results) {
        try (LauncherSession session = LauncherFactory.openSession()) {
            Launcher launcher = session.getLauncher();
            for (String name : classes) {
                if (abandoned.getAsBoolean()) {
                    return;
                }
                launcher.execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(DiscoverySelectors.selectClass(name))
                                .build(),
                        new JUnitRun(results));
            }
        }
    }

    /** Called in place of {@link System#exit}. */
    @SuppressWarnings("DoNotCallSuggester") // tests call it, since they are rewritten
    public static void exit(int status) {
        throw new AssertionError("System.exit(" + status + ") would end the supervisor");
    }

    /** Called in place of {@link Runtime#exit} and {@link Runtime#halt}. */
    @SuppressWarnings("DoNotCallSuggester")
    public static void exit(Runtime runtime, int status) {
        exit(status);
    }

    @Override
    public void testPlanExecutionStarted(TestPlan started) {
        plan = started;
    }

    @Override
    public void executionSkipped(TestIdentifier identifier, String reason) {
        Set<TestIdentifier> below = plan == null ? Set.of() : plan.getDescendants(identifier);
        if (identifier.isTest()) {
            report(SKIPPED, identifier);
        }
        below.stream().filter(TestIdentifier::isTest).forEach(test -> report(SKIPPED, test));
    }

    @Override
    public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
        switch (result.getStatus()) {
            case SUCCESSFUL -> reportTest(SUCCEEDED, identifier);
            case ABORTED -> reportTest(SKIPPED, identifier);
            case FAILED -> reportFailure(identifier, result.getThrowable().orElse(null));
        }
    }

    private void reportTest(String kind, TestIdentifier identifier) {
        if (identifier.isTest()) {
            report(kind, identifier);
        }
    }

    private void report(String kind, TestIdentifier identifier) {
        results.accept(new String[] {kind, classOf(identifier), identifier.getDisplayName()});
    }

    private void reportFailure(TestIdentifier identifier, @Nullable Throwable failure) {
        String type = classOf(identifier);
        StackTraceElement[] stack = failure == null ? new StackTraceElement[0] : failure.getStackTrace();
        String file = "";
        int line = 0;
        for (StackTraceElement frame : stack) {
            boolean isTests =
                    frame.getClassName().equals(type) || frame.getClassName().startsWith(type + "$");
            if (isTests && frame.getFileName() != null) {
                file = frame.getFileName();
                line = Math.max(0, frame.getLineNumber());
                break;
            }
        }
        String test = identifier.isTest() ? identifier.getDisplayName() : "";
        results.accept(new String[] {FAILED, type, test, message(failure), file, Integer.toString(line)});
    }

    private static String message(@Nullable Throwable failure) {
        if (failure == null) {
            return "failed";
        }
        String message = failure.getMessage();
        return failure instanceof AssertionError && message != null && !message.isBlank()
                ? message
                : failure.toString();
    }

    private String classOf(TestIdentifier identifier) {
        TestSource source = identifier.getSource().orElse(null);
        if (source instanceof MethodSource method) {
            return method.getClassName();
        }
        if (source instanceof ClassSource type) {
            return type.getClassName();
        }
        return plan == null ? "" : plan.getParent(identifier).map(this::classOf).orElse("");
    }
}
