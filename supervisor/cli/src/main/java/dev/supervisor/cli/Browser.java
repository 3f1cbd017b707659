package dev.supervisor.cli;

import dev.supervisor.Event;
import dev.supervisor.Protocol;
import dev.supervisor.process.CommandWords;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Opens the URL of the first HTTP socket in the user's browser. Thread-safe. */
final class Browser {

    private final Consumer<String> complaint;
    private volatile Optional<String> url = Optional.empty();

    /** @param complaint receives a line if there is no browser, or nothing to open */
    Browser(Consumer<String> complaint) {
        this.complaint = complaint;
    }

    void accept(Event event) {
        if (url.isEmpty()
                && event instanceof Event.Listening listening
                && (listening.protocol() == Protocol.HTTP || listening.protocol() == Protocol.HTTPS)
                && listening.address() instanceof InetSocketAddress address) {
            url = Optional.of(urlOf(listening.protocol(), address));
        }
    }

    /**
     * Returns the URL of a listening socket. A wildcard address becomes the loopback address, since not every system
     * can connect to a wildcard address.
     */
    static String urlOf(Protocol protocol, InetSocketAddress socket) {
        InetAddress address = socket.getAddress();
        InetAddress reachable = !address.isAnyLocalAddress()
                ? address
                : address instanceof Inet6Address ? NetUtil.LOCALHOST6 : NetUtil.LOCALHOST4;
        return protocol + "://" + NetUtil.toSocketAddressString(new InetSocketAddress(reachable, socket.getPort()))
                + "/";
    }

    /** Opens the browser, and returns the URL without waiting; a failure is reported later. */
    Optional<String> open() {
        url.ifPresentOrElse(this::open, () -> complaint.accept("there is no socket for HTTP to open (--port N)"));
        return url;
    }

    private void open(String address) {
        List<String> command = command(System.getProperty("os.name"), address);
        try {
            Process process = new ProcessBuilder(CommandWords.apart(command))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            var unused = process.onExit().thenAccept(ended -> {
                if (ended.exitValue() != 0) {
                    complaint.accept("'" + String.join(" ", command) + "' failed with exit code " + ended.exitValue());
                }
            });
        } catch (IOException e) {
            complaint.accept("can't open a browser by '" + command.get(0) + "': " + e.getMessage());
        }
    }

    static List<String> command(String system, String address) {
        if (system.startsWith("Windows")) {
            return List.of("cmd", "/c", "start", "", address);
        }
        return List.of(system.startsWith("Mac") ? "open" : "xdg-open", address);
    }
}
