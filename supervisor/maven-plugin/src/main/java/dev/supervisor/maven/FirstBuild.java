package dev.supervisor.maven;

import dev.supervisor.compile.Delegate.Answer;
import dev.supervisor.compile.Project;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.logging.Log;
import org.apache.maven.project.MavenProject;

/**
 * The build before the application starts, by the goals that Maven would execute. A module that can't be built ends nothing: the
 * supervisor's failure page shows why, until the source is mended.
 */
final class FirstBuild {

    private final MavenComponents maven;
    private final Reactor reactor;
    private final ProjectModel model;
    private final Log log;

    FirstBuild(MavenComponents maven, Reactor reactor, ProjectModel model, Log log) {
        this.maven = maven;
        this.reactor = reactor;
        this.model = model;
        this.log = log;
    }

    /** Returns the application, for which all modules are built if none can be known before that. */
    Application run(ApplicationChoice choice) throws MojoExecutionException {
        Optional<Application> known = choice.beforeBuild();
        build(known.isPresent() ? needed(known.get()) : reactor.modules());
        return known.isPresent() ? known.get() : choice.afterBuild();
    }

    private List<MavenProject> needed(Application application) throws MojoExecutionException {
        List<MavenProject> needed = new ArrayList<>();
        for (Project.Module module : model.needed(application.module())) {
            needed.add(reactor.module(module.name()).orElseThrow());
        }
        return needed;
    }

    private void build(List<MavenProject> modules) throws MojoExecutionException {
        ModuleBuild builds = new ModuleBuild(maven);
        for (MavenProject module : modules) {
            log.info("building " + reactor.nameOf(module));
            Answer answer = builds.first(reactor, module);
            if (!answer.good()) {
                answer.lines().forEach(log::error);
                return; // the modules after it may need it
            }
        }
    }
}
