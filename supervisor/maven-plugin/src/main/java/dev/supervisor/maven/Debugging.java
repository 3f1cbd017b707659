package dev.supervisor.maven;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.maven.plugin.MojoExecutionException;

/**
 * How a debugger can attach to the supervisor's JVM.
 *
 * @param port on the loopback interface
 * @param suspend whether the JVM waits for the debugger at its start
 */
record Debugging(int port, boolean suspend) {

    private static final int DEFAULT_PORT = 5005;
    private static final int LAST_PORT = 65535;
    private static final String SUSPEND = "suspend";

    /**
     * Parses {@code 5005}, {@code suspend}, {@code 5006,suspend}, {@code true} or {@code false}.
     *
     * @return empty if nobody wants to debug
     */
    static Optional<Debugging> parse(String text) throws MojoExecutionException {
        List<String> words = Arrays.stream(text.split(","))
                .map(word -> word.strip().toLowerCase(Locale.ROOT))
                .filter(word -> !word.isEmpty())
                .toList();
        if (words.contains("false")) {
            return Optional.empty();
        }
        int port = DEFAULT_PORT;
        for (String word : words) {
            if (!word.equals(SUSPEND) && !word.equals("true")) {
                port = port(word, text);
            }
        }
        return Optional.of(new Debugging(port, words.contains(SUSPEND)));
    }

    private static int port(String word, String text) throws MojoExecutionException {
        try {
            int port = Integer.parseInt(word);
            if (port >= 0 && port <= LAST_PORT) {
                return port;
            }
        } catch (NumberFormatException e) { // said below
            assert !word.isEmpty();
        }
        throw new MojoExecutionException("'" + text + "' says not how to debug"
                + " (try -Ddebug=5005, -Ddebug=suspend, -Ddebug=5006,suspend or -Ddebug=false)");
    }

    /** Returns the same with a port that is free, which is this one if it is. Another process may take it meanwhile. */
    Debugging onFreePort() throws MojoExecutionException {
        try {
            return new Debugging(bind(port), suspend);
        } catch (IOException e) {
            return onAnyPort(e);
        }
    }

    private Debugging onAnyPort(IOException taken) throws MojoExecutionException {
        try {
            return new Debugging(bind(0), suspend);
        } catch (IOException e) {
            e.addSuppressed(taken);
            throw new MojoExecutionException("no port is free for a debugger (try -Ddebug=false)", e);
        }
    }

    private static int bind(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket.getLocalPort();
        }
    }

    /** Returns the option of the JVM. Quiet, since the JVM would print the address without saying what is meant. */
    String jvmOption() {
        return "-agentlib:jdwp=transport=dt_socket,server=y,quiet=y,suspend=" + (suspend ? "y" : "n")
                + ",address=localhost:" + port;
    }
}
