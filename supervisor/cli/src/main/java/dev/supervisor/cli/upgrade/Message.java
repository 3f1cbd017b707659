package dev.supervisor.cli.upgrade;

import dev.supervisor.ProxyProtocol.Addresses;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message between a supervisor and its successor, which is JSON on the wire. Fields that a type does not use are empty.
 *
 * @param protocol of {@code SOCKETS}: the version of this protocol
 * @param generation of {@code SOCKETS}: the number of the last generation
 * @param own of {@code SOCKETS}: the names of the sockets that no third process has
 * @param names of {@code SOCKETS}: the names by which the successor finds each passed descriptor, empty for one without a
 *     name; of {@code READY}: the names of the successor's sockets; of {@code CONNECTION}: the name of its socket
 * @param text of {@code CONNECTION}: the unread bytes, in Base64; of {@code FAILED}: the reason
 * @param proxied of {@code CONNECTION}: what its proxy has told, empty without one; of {@code READY}: not empty, since the
 *     successor understands that. Null in each message of a version that does not know it
 */
record Message(
        Type type,
        int protocol,
        int generation,
        List<String> names,
        List<String> own,
        String text,
        @Nullable String proxied) {

    /** Changes whenever an older or newer supervisor would misunderstand a message. */
    static final int PROTOCOL = 1;

    private static final String KNOWN = "known";

    /** The types, in the order of the protocol. */
    enum Type {
        /** With the descriptors of the listening sockets. */
        SOCKETS,
        /** Its first generation serves. */
        READY,
        /** It gives up. */
        FAILED,
        /** The successor is to accept. */
        GO,
        /** The successor is not wanted any more. */
        CANCEL,
        /** With one descriptor. */
        CONNECTION,
        /** All that could move has moved. */
        DONE
    }

    static Message sockets(int lastGeneration, List<String> names, List<String> own) {
        return new Message(Type.SOCKETS, PROTOCOL, lastGeneration, List.copyOf(names), List.copyOf(own), "", "");
    }

    static Message ready(List<String> names) {
        return new Message(Type.READY, PROTOCOL, 0, List.copyOf(names), List.of(), "", KNOWN);
    }

    static Message failed(String reason) {
        return new Message(Type.FAILED, PROTOCOL, 0, List.of(), List.of(), reason, "");
    }

    static Message of(Type type) {
        return new Message(type, PROTOCOL, 0, List.of(), List.of(), "", "");
    }

    static Message connection(String socket, byte[] unread, Optional<Addresses> proxied) {
        return new Message(
                Type.CONNECTION,
                PROTOCOL,
                0,
                List.of(socket),
                List.of(),
                Base64.getEncoder().encodeToString(unread),
                proxied.map(ProxiedText::of).orElse(""));
    }

    /** Returns whether the successor that is {@code READY} understands what a proxy has told. */
    boolean knowsProxies() {
        return proxied != null && !proxied.isEmpty();
    }

    /** @throws IOException if it is none of this protocol */
    Optional<Addresses> addresses() throws IOException {
        return proxied == null || proxied.isEmpty() ? Optional.empty() : Optional.of(ProxiedText.parse(proxied));
    }

    byte[] unread() {
        return Base64.getDecoder().decode(text);
    }
}
