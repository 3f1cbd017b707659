package dev.supervisor.compile;

import java.io.IOException;
import java.util.List;

/** The build tool of a project, which does what only it can do. */
public interface Delegate {

    /**
     * What the tool says.
     *
     * @param lines of its output; of an error the message, without escape sequences
     */
    record Answer(boolean good, List<String> lines) {
        public Answer {
            lines = List.copyOf(lines);
        }
    }

    /** Reads the descriptors anew, and writes the project file if they are good. Blocks. */
    Answer resolve() throws IOException;

    /**
     * Makes the resources of a module, and the sources that are made of other files; and writes the project file, since source
     * roots may have been added. Blocks.
     */
    Answer prepare(String module) throws IOException;

    /** Builds a module up to its classes and resources, all of it. Blocks. */
    Answer execute(String module) throws IOException;

    /** Returns one for a project that no tool builds, but javac alone. */
    static Delegate none() {
        return new Delegate() {
            @Override
            public Answer resolve() {
                return new Answer(true, List.of());
            }

            @Override
            public Answer prepare(String module) {
                return execute(module);
            }

            @Override
            public Answer execute(String module) {
                return new Answer(false, List.of("no build tool can be asked to build " + module));
            }
        };
    }
}
