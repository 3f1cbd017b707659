package dev.supervisor.maven;

import java.util.List;
import org.apache.maven.plugin.MojoExecutionException;
import org.codehaus.plexus.util.cli.CommandLineUtils;

/** Arguments in one line, as for a shell: {@code --name "two words"}. */
final class ShellLine {

    private ShellLine() {}

    /**
     * @param line may have breaks, as in a POM
     * @param what the parameter, for the message
     */
    static List<String> split(String line, String what) throws MojoExecutionException {
        try {
            return List.of(CommandLineUtils.translateCommandline(line.strip().replaceAll("\\s", " ")));
        } catch (Exception e) { // so it is declared
            throw new MojoExecutionException("can't read " + what + " '" + line + "': " + e.getMessage(), e);
        }
    }
}
