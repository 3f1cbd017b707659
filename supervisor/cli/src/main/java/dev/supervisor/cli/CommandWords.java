package dev.supervisor.cli;

import java.util.List;
import java.util.Map;

/** The command line of this process, for a command that reads it by itself. */
interface CommandWords {

    /** Returns the words after the program, those of files that are named on the command line among them. */
    List<String> words();

    /** Returns the environment of this process, with the variables of its service manager. */
    Map<String, String> environment();
}
