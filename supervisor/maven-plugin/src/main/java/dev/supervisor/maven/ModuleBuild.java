package dev.supervisor.maven;

import dev.supervisor.compile.Delegate.Answer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.maven.plugin.AbstractMojoExecutionException;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.project.MavenProject;

/** Builds modules in this Maven: all goals of their plan, one after the other. */
final class ModuleBuild {

    private final MavenComponents maven;

    /** Executions of goals that need not be repeated, by their modules. */
    private final Set<String> done = new HashSet<>();

    ModuleBuild(MavenComponents maven) {
        this.maven = maven;
    }

    /**
     * Builds a module as Maven does, printing what goals print.
     *
     * @throws MojoExecutionException if a check of the project fails; a module that can't be built is an answer
     */
    Answer first(Reactor reactor, MavenProject project) throws MojoExecutionException {
        reactor.resolve(project);
        for (MojoExecution execution : reactor.plan(project).executions()) {
            try {
                execute(reactor, project, execution);
            } catch (MojoExecutionException e) {
                if (KnownGoals.isCheck(execution)) {
                    throw e;
                }
                return new Answer(false, longMessage(e).orElseGet(() -> messages(e)));
            }
        }
        return new Answer(true, List.of());
    }

    /** Builds a module again, but for its checks, and prints nothing. */
    Answer again(Reactor reactor, MavenProject project) throws MojoExecutionException {
        return run(reactor, project, reactor.plan(project).executions());
    }

    /** Does what comes before the compilation of a module, but for its checks, and prints nothing. */
    Answer prepare(Reactor reactor, MavenProject project) throws MojoExecutionException {
        return run(reactor, project, reactor.plan(project).beforeCompilation());
    }

    private Answer run(Reactor reactor, MavenProject project, List<MojoExecution> executions)
            throws MojoExecutionException {
        try (MojoOutput output = new MojoOutput()) {
            try {
                reactor.resolve(project);
                for (MojoExecution execution : executions) {
                    String once = project.getId() + " " + KnownGoals.name(execution) + " " + execution.getExecutionId();
                    if (!KnownGoals.isCheck(execution) && !done.contains(once)) {
                        execute(reactor, project, execution);
                        if (KnownGoals.isOnceEnough(execution)) {
                            done.add(once);
                        }
                    }
                }
                return new Answer(true, List.of());
            } catch (MojoExecutionException e) {
                return new Answer(false, marked(longMessage(e).orElseGet(() -> withMessages(output.errors(), e))));
            }
        }
    }

    private void execute(Reactor reactor, MavenProject project, MojoExecution execution) throws MojoExecutionException {
        reactor.within(project, () -> {
            maven.plugins().executeMojo(reactor.session(), execution);
            return execution;
        });
    }

    /** Returns all details of a failure, if its goal gives them: maven-compiler-plugin lists the errors of javac. */
    private static Optional<List<String>> longMessage(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof AbstractMojoExecutionException mojo
                    && mojo.getLongMessage() != null
                    && !mojo.getLongMessage().isBlank()) {
                return Optional.of(mojo.getLongMessage().lines().toList());
            }
        }
        return Optional.empty();
    }

    /** Marks errors as Maven does in its output, by which the supervisor finds their places; details are indented. */
    private static List<String> marked(List<String> lines) {
        return lines.stream()
                .map(line -> line.startsWith(" ") ? line : MojoOutput.ERROR + " " + line)
                .toList();
    }

    private static List<String> withMessages(List<String> errors, Throwable failure) {
        List<String> lines = new ArrayList<>(errors);
        messages(failure).stream().filter(line -> !lines.contains(line)).forEach(lines::add);
        return lines;
    }

    /** Returns the messages of a failure and its causes; each line once, since most of them cite their cause. */
    static List<String> messages(Throwable failure) {
        List<String> lines = new ArrayList<>();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
            message.lines()
                    .map(String::stripTrailing)
                    .filter(line -> !line.isEmpty() && lines.stream().noneMatch(said -> said.contains(line)))
                    .forEach(lines::add);
        }
        return lines;
    }
}
