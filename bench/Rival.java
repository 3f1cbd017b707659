package bench;

import java.nio.file.Path;
import java.util.List;

/**
 * A way to run the versioned application, and to replace it by its next build while it runs.
 *
 * @param key its name in JSON
 * @param name what it is in the table
 * @param command runs it
 * @param reload the shell's command that puts the build {@code $RELOAD} in place, and says so where nobody watches
 * @param output what it has printed
 */
record Rival(String key, String name, String url, List<String> command, String reload, Path output) {}
