package dev.supervisor.maven;

import dev.supervisor.compile.Delegate;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/** Answers the supervisor's questions, on the thread of the goal. */
final class MavenDelegate implements Delegate {

    private final MojoThread thread;
    private final RunningProject project;

    MavenDelegate(MojoThread thread, RunningProject project) {
        this.thread = thread;
        this.project = project;
    }

    @Override
    public Answer resolve() throws IOException {
        return ask(project::resolve);
    }

    @Override
    public Answer prepare(String module) throws IOException {
        return ask(() -> project.prepare(module));
    }

    @Override
    public Answer execute(String module) throws IOException {
        return ask(() -> project.build(module));
    }

    private Answer ask(Callable<Answer> question) throws IOException {
        try {
            return thread.submit(question).get();
        } catch (ExecutionException e) {
            return new Answer(false, ModuleBuild.messages(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Maven ends", e);
        }
    }
}
