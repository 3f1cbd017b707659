package dev.supervisor.cli.upgrade;

import java.util.Base64;
import java.util.List;

/**
 * A message between a supervisor and its successor, which is JSON on the wire. Fields that a type does not use are empty.
 *
 * @param protocol of {@code SOCKETS}: the version of this protocol
 * @param generation of {@code SOCKETS}: the number of the last generation
 * @param own of {@code SOCKETS}: the names of the sockets that no third process has
 * @param names of {@code SOCKETS}: the names by which the successor finds each passed descriptor, empty for one without a
 *     name; of {@code READY}: the names of the successor's sockets; of {@code CONNECTION}: the name of its socket
 * @param text of {@code CONNECTION}: the unread bytes, in Base64; of {@code FAILED}: the reason
 */
record Message(Type type, int protocol, int generation, List<String> names, List<String> own, String text) {

    /** Changes whenever an older or newer supervisor would misunderstand a message. */
    static final int PROTOCOL = 1;

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
        return new Message(Type.SOCKETS, PROTOCOL, lastGeneration, List.copyOf(names), List.copyOf(own), "");
    }

    static Message ready(List<String> names) {
        return new Message(Type.READY, PROTOCOL, 0, List.copyOf(names), List.of(), "");
    }

    static Message failed(String reason) {
        return new Message(Type.FAILED, PROTOCOL, 0, List.of(), List.of(), reason);
    }

    static Message of(Type type) {
        return new Message(type, PROTOCOL, 0, List.of(), List.of(), "");
    }

    static Message connection(String socket, byte[] unread) {
        return new Message(
                Type.CONNECTION,
                PROTOCOL,
                0,
                List.of(socket),
                List.of(),
                Base64.getEncoder().encodeToString(unread));
    }

    byte[] unread() {
        return Base64.getDecoder().decode(text);
    }
}
