package dev.supervisor.cli;

import dev.supervisor.SupervisorOptions;
import dev.supervisor.SupervisorOptions.Refresh;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options about the failure page and about pages that refresh themselves. */
final class BrowserArguments {

    @Option(
            names = "--details",
            description =
                    "Have the failure page show why a build does not serve: source excerpts, stack traces, the output"
                            + " of the build. On with --build. For browsers and programs of this machine only, and not through a"
                            + " proxy; all others are told just that no build serves.")
    private boolean details;

    @Option(
            names = "--editor",
            paramLabel = "COMMAND",
            description = "Open a source position that is clicked on the failure page with this command, such as"
                    + " 'code -g {file}:{line}:{column}'. For browsers of this machine; started without a"
                    + " shell. Needs --build or --details.")
    private @Nullable String editor;

    @Option(
            names = "--refresh",
            paramLabel = "inject",
            arity = "0..1",
            fallbackValue = "script",
            description = "Have pages refresh themselves after a swap: pages that include the script whose address is"
                    + " printed, or, with inject, each page of an http socket (text/html by HTTP/1, to a"
                    + " browser of this machine).")
    private @Nullable RefreshChoice refresh;

    @Option(
            names = "--refresh-port",
            paramLabel = "N",
            description = "The port of the --refresh script, on 127.0.0.1. Default: 0, which picks a port.")
    private @Nullable Integer refreshPort;

    enum RefreshChoice {
        SCRIPT,
        INJECT
    }

    void addTo(SupervisorOptions.Builder options) {
        options.details(details);
        Optional.ofNullable(editor).ifPresent(options::editor);
        refresh().ifPresent(options::refresh);
    }

    private Optional<Refresh> refresh() {
        return refresh == null
                ? Optional.empty()
                : Optional.of(new Refresh(refresh == RefreshChoice.INJECT, refreshPort == null ? 0 : refreshPort));
    }
}
