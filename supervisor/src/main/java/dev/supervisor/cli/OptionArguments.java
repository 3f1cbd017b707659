package dev.supervisor.cli;

import dev.supervisor.SupervisorException;
import dev.supervisor.SupervisorOptions;
import java.util.List;
import picocli.CommandLine.ArgGroup;

/**
 * The options of the command line, filled in by picocli, in the groups and the order in which {@code --help} shows them.
 * The groups have no other meaning: any options go together.
 */
final class OptionArguments {

    @ArgGroup(validate = false, order = 1, heading = "%nSockets:%n")
    private SocketArguments sockets = new SocketArguments();

    @ArgGroup(validate = false, order = 2, heading = "%nThe application:%n")
    private ApplicationArguments application = new ApplicationArguments();

    @ArgGroup(validate = false, order = 3, heading = "%nBuilding and watching:%n")
    private BuildArguments builds = new BuildArguments();

    @ArgGroup(validate = false, order = 4, heading = "%nSwaps:%n")
    private SwapArguments swaps = new SwapArguments();

    @ArgGroup(validate = false, order = 5, heading = "%nBrowsers:%n")
    private BrowserArguments browsers = new BrowserArguments();

    @ArgGroup(validate = false, order = 6, heading = "%nWhat former generations leave behind:%n")
    private UnloadArguments unloading = new UnloadArguments();

    @ArgGroup(validate = false, order = 7, heading = "%nOutput:%n")
    private OutputArguments output = new OutputArguments();

    /** @throws SupervisorException that names the option that makes no sense */
    SupervisorOptions toOptions(List<String> applicationArguments) {
        SupervisorOptions.Builder options = application.builder().arguments(applicationArguments);
        sockets.addTo(options);
        builds.addTo(options);
        swaps.addTo(options);
        browsers.addTo(options);
        unloading.addTo(options);
        return options.build();
    }

    OutputArguments output() {
        return output;
    }
}
