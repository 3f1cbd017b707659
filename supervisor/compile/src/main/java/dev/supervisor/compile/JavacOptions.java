package dev.supervisor.compile;

import java.util.ArrayList;
import java.util.List;

/** The options of javac as a run within this JVM needs them. */
final class JavacOptions {

    private static final String RELEASE = "--release";
    private static final String CURRENT = String.valueOf(Runtime.version().feature());

    private JavacOptions() {}

    /**
     * Returns these with what each run needs. {@code --release} of this JVM's own version means the same as source and target,
     * and costs javac a third of its time for one source, since it reads the descriptions of that release anew.
     *
     * @param processes whether annotation processors run
     */
    static List<String> of(List<String> options, boolean processes) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < options.size(); i++) {
            boolean isCurrent = options.get(i).equals(RELEASE)
                    && i + 1 < options.size()
                    && options.get(i + 1).equals(CURRENT);
            if (isCurrent) {
                all.addAll(List.of("-source", CURRENT, "-target", CURRENT));
                i++;
            } else {
                all.add(options.get(i));
            }
        }
        all.add("-implicit:none");
        if (!processes) {
            all.add("-proc:none");
        }
        return all;
    }
}
