package dev.supervisor.tls;

import java.nio.file.Path;

/** A file as one word of a shell's command, for commands that messages advise. */
final class ShellWord {

    private ShellWord() {}

    static String of(Path file) {
        String name = file.toString();
        return name.matches("[A-Za-z0-9_./:@%+=-]+") ? name : "'" + name.replace("'", "'\\''") + "'";
    }
}
