package dev.supervisor.maven;

import dev.supervisor.compile.Delegate.Answer;
import dev.supervisor.compile.Project;
import dev.supervisor.compile.ProjectFile;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.project.MavenProject;

/** The project that is run, as its descriptors were when they were good last. Used on the thread of the goal. */
final class RunningProject {

    private final MavenComponents maven;
    private final MavenSession session;
    private final ProjectReader reader;
    private final ModuleBuild builds;
    private final Function<Reactor, ProjectModel> models;
    private final ProjectFile file;
    private Reactor reactor;
    private MavenProject application;

    /**
     * @param application the module that is run
     * @param file kept as the project is
     * @param models describes a reactor
     */
    RunningProject(
            MavenComponents maven,
            MavenSession session,
            Function<Reactor, ProjectModel> models,
            Reactor reactor,
            MavenProject application,
            ProjectFile file) {
        this.maven = maven;
        this.session = session;
        this.reader = new ProjectReader(maven, session);
        this.builds = new ModuleBuild(maven);
        this.reactor = reactor;
        this.application = application;
        this.models = models;
        this.file = file;
    }

    /**
     * Writes the project's description.
     *
     * @param builtAt when all modules were built, in milliseconds since 1970; 0 if they were not
     */
    void write(long builtAt) throws MojoExecutionException {
        write(reactor, application, builtAt);
    }

    private void write(Reactor now, MavenProject runs, long builtAt) throws MojoExecutionException {
        Project project = models.apply(now).of(runs).builtAt(builtAt);
        try {
            file.write(project);
        } catch (IOException e) {
            throw new MojoExecutionException("can't write the description of the project: " + e.getMessage(), e);
        }
    }

    /** Builds a module, all of it. */
    Answer build(String module) throws MojoExecutionException {
        Optional<MavenProject> project = reactor.module(module);
        return project.isEmpty()
                ? new Answer(false, List.of("there is no module '" + module + "' any more"))
                : builds.again(reactor, project.get());
    }

    /** Does what comes before the compilation of a module, and describes the project as it is then. */
    Answer prepare(String module) throws MojoExecutionException {
        Optional<MavenProject> project = reactor.module(module);
        if (project.isEmpty()) {
            return new Answer(false, List.of("there is no module '" + module + "' any more"));
        }
        Answer answer = builds.prepare(reactor, project.get());
        if (answer.good()) {
            write(reactor, application, 0);
        }
        return answer;
    }

    /** Reads the descriptors anew; if they are wrong, all stays as it was. */
    Answer resolve() {
        try {
            Reactor next = new Reactor(maven, session, reader.read());
            MavenProject runs = next.modules().stream()
                    .filter(project -> isSame(project, application))
                    .findFirst()
                    .orElseThrow(() -> new MojoExecutionException("the module " + application.getArtifactId()
                            + ", which is run, is no longer part of the build (end mvn supervisor:run, and start it"
                            + " again)"));
            keepAddedRoots(next);
            write(next, runs, 0);
            reactor = next;
            application = runs;
            return new Answer(true, List.of());
        } catch (MojoExecutionException e) {
            return new Answer(false, ModuleBuild.messages(e));
        }
    }

    /** The roots of sources that goals have added are in no descriptor. */
    private void keepAddedRoots(Reactor next) throws MojoExecutionException {
        for (MavenProject project : next.modules()) {
            BuildPlan plan = next.plan(project);
            boolean isByMaven = !next.within(project, () -> plan.obstacle(session) + plan.preparation(session))
                    .isEmpty();
            if (isByMaven) {
                reactor.modules().stream()
                        .filter(former -> isSame(former, project))
                        .flatMap(former -> former.getCompileSourceRoots().stream())
                        .forEach(project::addCompileSourceRoot);
            }
        }
    }

    private static boolean isSame(MavenProject one, MavenProject other) {
        return one.getGroupId().equals(other.getGroupId())
                && one.getArtifactId().equals(other.getArtifactId());
    }
}
