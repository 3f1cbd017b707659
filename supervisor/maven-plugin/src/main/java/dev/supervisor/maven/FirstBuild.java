package dev.supervisor.maven;

import dev.supervisor.compile.Delegate.Answer;
import java.util.List;
import java.util.Optional;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.logging.Log;
import org.apache.maven.project.MavenProject;

/**
 * The build before the application is known, by the goals that Maven would execute; mostly the supervisor builds all. A module
 * that can't be built ends nothing: the supervisor's failure page shows why, until the source is mended.
 */
final class FirstBuild {

    private final MavenComponents maven;
    private final Reactor reactor;
    private final Log log;
    private long builtAt;

    FirstBuild(MavenComponents maven, Reactor reactor, Log log) {
        this.maven = maven;
        this.reactor = reactor;
        this.log = log;
    }

    /** Returns the application, for which all modules are built if none can be known before that. */
    Application run(ApplicationChoice choice) throws MojoExecutionException {
        Optional<Application> known = choice.withoutBuild();
        if (known.isPresent()) {
            return known.get();
        }
        builtAt = System.currentTimeMillis();
        build(reactor.modules());
        return choice.afterBuild();
    }

    /** Returns when the build began, in milliseconds since 1970; 0 if there was none, or if it has failed. */
    long builtAt() {
        return builtAt;
    }

    private void build(List<MavenProject> modules) throws MojoExecutionException {
        ModuleBuild builds = new ModuleBuild(maven);
        for (MavenProject module : modules) {
            log.info("building " + reactor.nameOf(module));
            Answer answer = builds.first(reactor, module);
            if (!answer.good()) {
                answer.lines().forEach(log::error);
                builtAt = 0;
                return; // the modules after it may need it
            }
        }
    }
}
