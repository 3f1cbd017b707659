package dev.supervisor.compile;

import dev.supervisor.BuiltFiles;
import dev.supervisor.BuiltFiles.Changes;
import dev.supervisor.BuiltFiles.ClassPath;
import dev.supervisor.compile.Project.Module;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What has been written since a build was last reported: builds that were outdated are not. Belongs to the building thread. */
final class ChangesOfOutputs {

    private final Map<Path, Optional<byte[]>> changes = new HashMap<>();
    private final Set<Path> unknown = new HashSet<>();
    private @Nullable ClassPath last;

    void add(ProjectCompiler.Result result) {
        changes.putAll(result.changes());
        unknown.addAll(result.written());
    }

    /** Returns what has changed since the last call; nothing of outputs to which the build tool has written, which must be looked at. */
    BuiltFiles take(Project project) {
        Map<Path, Changes> byDirectory = new HashMap<>();
        for (Module module : project.modules()) {
            if (!module.isDelegated() && !unknown.contains(module.output())) {
                byDirectory.put(module.output(), changesIn(module.output()));
            }
        }
        changes.clear();
        unknown.clear();
        ClassPath now = new ClassPath(project.app(), project.libraries());
        boolean same = last == null || now.equals(last); // the first one is that of the options
        last = now;
        return new BuiltFiles(byDirectory, same ? Optional.empty() : Optional.of(now));
    }

    private Changes changesIn(Path directory) {
        Map<Path, byte[]> written = new HashMap<>();
        Set<Path> deleted = new HashSet<>();
        changes.forEach((file, content) -> {
            if (file.startsWith(directory)) {
                Path name = directory.relativize(file);
                content.ifPresentOrElse(bytes -> written.put(name, bytes), () -> deleted.add(name));
            }
        });
        return new Changes(written, deleted);
    }
}
