package dev.supervisor.compile;

import java.io.IOException;

/** Where a project comes from. Belongs to the thread that builds. */
public interface ProjectSource {

    /** Returns the project as it was last resolved. */
    Project read() throws IOException;

    /** Returns whether what describes the project has changed since it was read, so that it must be resolved anew. */
    boolean isOutdated() throws IOException;

    /** Returns the tool that resolves the project, and that builds what only it can build. */
    Delegate delegate();
}
