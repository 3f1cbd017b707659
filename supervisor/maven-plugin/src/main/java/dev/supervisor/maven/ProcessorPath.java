package dev.supervisor.maven;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import org.apache.maven.RepositoryUtils;
import org.apache.maven.model.Dependency;
import org.apache.maven.model.DependencyManagement;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.project.MavenProject;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Exclusion;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.resolution.DependencyResolutionException;

/** Where javac finds the annotation processors of a module, by the rules of javac and of maven-compiler-plugin 3. */
final class ProcessorPath {

    /** From this JDK on, processors that happen to be on the class path do not run (JDK-8321314). */
    private static final int EXPLICIT_ONLY = 23;

    private static final String SERVICE = "META-INF/services/javax.annotation.processing.Processor";

    private final RepositorySystem repositories;
    private final RepositorySystemSession session;

    ProcessorPath(RepositorySystem repositories, RepositorySystemSession session) {
        this.repositories = repositories;
        this.session = session;
    }

    /** @param classPath of the compiler */
    List<Path> of(MavenProject project, CompilerSettings settings, List<Path> classPath) throws MojoExecutionException {
        if (settings.proc().filter("none"::equals).isPresent()) {
            return List.of();
        }
        if (!settings.processorPaths().isEmpty()) {
            return resolve(project, settings);
        }
        boolean isAskedFor = !settings.processors().isEmpty() || settings.proc().isPresent();
        boolean mayRun = isAskedFor || Runtime.version().feature() < EXPLICIT_ONLY;
        return mayRun && (!settings.processors().isEmpty() || hasProcessor(classPath)) ? classPath : List.of();
    }

    private static boolean hasProcessor(List<Path> classPath) throws MojoExecutionException {
        for (Path path : classPath) {
            boolean isJar = Files.isRegularFile(path); // a directory of classes may be missing yet
            if (isJar ? jarHasProcessor(path) : Files.exists(path.resolve(SERVICE))) {
                return true;
            }
        }
        return false;
    }

    private static boolean jarHasProcessor(Path path) throws MojoExecutionException {
        try (JarFile jar = new JarFile(path.toFile(), false)) {
            return jar.getEntry(SERVICE) != null;
        } catch (IOException e) {
            throw new MojoExecutionException("can't read " + path + ": " + e.getMessage(), e);
        }
    }

    private List<Path> resolve(MavenProject project, CompilerSettings settings) throws MojoExecutionException {
        CollectRequest collect = new CollectRequest();
        for (MojoSettings path : settings.processorPaths()) {
            collect.addDependency(dependency(project, path));
        }
        if (settings.managesProcessorDependencies()) {
            managed(project)
                    .forEach(dependency -> collect.addManagedDependency(
                            RepositoryUtils.toDependency(dependency, session.getArtifactTypeRegistry())));
        }
        collect.setRepositories(project.getRemoteProjectRepositories());
        try {
            return repositories
                    .resolveDependencies(session, new DependencyRequest(collect, null))
                    .getArtifactResults()
                    .stream()
                    .map(result -> result.getArtifact().getFile())
                    .map(File::toPath)
                    .toList();
        } catch (DependencyResolutionException e) {
            throw new MojoExecutionException(
                    "can't get the annotation processors of " + project.getArtifactId() + ": " + e.getMessage(), e);
        }
    }

    private static org.eclipse.aether.graph.Dependency dependency(MavenProject project, MojoSettings path)
            throws MojoExecutionException {
        String group = path.text("groupId").orElse("");
        String artifact = path.text("artifactId").orElse("");
        String classifier = path.text("classifier").orElse("");
        String type = path.text("type").orElse("jar");
        Optional<String> version =
                path.text("version").or(() -> managedVersion(project, group, artifact, classifier, type));
        if (version.isEmpty()) {
            throw new MojoExecutionException(
                    "the annotation processor " + group + ":" + artifact + " of " + project.getArtifactId()
                            + " has no version (add one to its <path>, or to <dependencyManagement>)");
        }
        List<Exclusion> exclusions = path.elements("exclusions").stream()
                .map(exclusion -> new Exclusion(
                        exclusion.text("groupId").orElse("*"),
                        exclusion.text("artifactId").orElse("*"),
                        exclusion.text("classifier").orElse("*"),
                        exclusion.text("extension").orElse("*")))
                .toList();
        return new org.eclipse.aether.graph.Dependency(
                new DefaultArtifact(group, artifact, classifier, type, version.get()), "runtime", false, exclusions);
    }

    private static Optional<String> managedVersion(
            MavenProject project, String group, String artifact, String classifier, String type) {
        return managed(project).stream()
                .filter(managed -> group.equals(managed.getGroupId())
                        && artifact.equals(managed.getArtifactId())
                        && classifier.equals(
                                Optional.ofNullable(managed.getClassifier()).orElse(""))
                        && type.equals(managed.getType()))
                .findFirst()
                .map(Dependency::getVersion);
    }

    private static List<Dependency> managed(MavenProject project) {
        DependencyManagement management = project.getDependencyManagement();
        return management == null ? List.of() : management.getDependencies();
    }
}
