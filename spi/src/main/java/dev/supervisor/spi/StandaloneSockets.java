package dev.supervisor.spi;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * The listening socket of each listener, passed by the parent process or bound.
 *
 * @param sockets by the names of the listeners, in their order
 */
record StandaloneSockets(Transport transport, Map<String, Transport.Listening> sockets) {

    private static final String STALE_FILE = "a file that no process listens on any more must be deleted; ";

    /**
     * Opens all of them, or none.
     *
     * @param addresses of the code, by the names of the listeners
     * @throws IOException that names the listener, and says how to mend it
     * @throws IllegalArgumentException that names the variable or the system property with the wrong value
     */
    static StandaloneSockets open(
            Map<String, SocketAddress> addresses, Map<String, String> environment, Properties properties)
            throws IOException {
        long processId = ProcessHandle.current().pid();
        Map<String, PassedDescriptor> passed = DescriptorAssignment.assign(
                List.copyOf(addresses.keySet()), PassedDescriptor.of(environment, processId));
        StandaloneSockets opened = new StandaloneSockets(
                passed.isEmpty() ? new NioTransport() : Transport.forDescriptors(), new LinkedHashMap<>());
        try {
            for (var each : addresses.entrySet()) {
                String name = each.getKey();
                PassedDescriptor descriptor = passed.get(name);
                opened.sockets.put(
                        name,
                        descriptor != null
                                ? opened.adopt(name, descriptor)
                                : opened.bind(
                                        name,
                                        ListenAddress.override(name, properties, environment)
                                                .orElse(each.getValue())));
            }
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.sockets.values().forEach(Transport.Listening::close);
            throw e;
        }
    }

    private Transport.Listening adopt(String name, PassedDescriptor descriptor) throws IOException {
        try {
            return transport.adopt(descriptor.number());
        } catch (IOException e) {
            throw new IOException(
                    "can't use descriptor " + descriptor.number() + " of the parent process for the listener '" + name
                            + "': " + e.getMessage(),
                    e);
        }
    }

    private Transport.Listening bind(String name, SocketAddress address) throws IOException {
        try {
            if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
                throw new UnknownHostException("the host '" + inet.getHostString() + "' is unknown");
            }
            return transport.bind(address);
        } catch (IOException e) {
            throw new IOException(
                    "can't listen on " + ListenAddress.format(address) + " for the listener '" + name + "': "
                            + e.getMessage() + " (" + (address instanceof UnixDomainSocketAddress ? STALE_FILE : "")
                            + "another address can be set by -D" + ListenAddress.property(name)
                            + " or " + ListenAddress.variable(name) + ")",
                    e);
        }
    }
}
