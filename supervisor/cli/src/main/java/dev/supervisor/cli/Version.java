package dev.supervisor.cli;

import dev.supervisor.client.VersionText;
import picocli.CommandLine.IVersionProvider;

/** {@link VersionText} for picocli. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return VersionText.lines().toArray(String[]::new);
    }
}
