package dev.supervisor.socket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The datagrams that Linux has dropped for one socket, since its receive buffer was full: the last column of {@code
 * /proc/net/udp}, in the line of the socket's inode. On other systems there are none. Thread-safe.
 */
final class LostDatagrams {

    private static final Logger LOG = LoggerFactory.getLogger(LostDatagrams.class);

    private static final List<Path> TABLES = List.of(Path.of("/proc/net/udp"), Path.of("/proc/net/udp6"));
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int INODE = 9;
    private static final int DROPS = 12;

    private final int descriptor;

    /** Guarded by this. */
    private long told;

    /** @param descriptor of the socket */
    LostDatagrams(int descriptor) {
        this.descriptor = descriptor;
    }

    /** Returns how many were dropped since the last call. */
    synchronized long take() {
        long all = drops().orElse(told);
        long since = all - told;
        told = all;
        return since;
    }

    private OptionalLong drops() {
        try {
            String link = Files.readSymbolicLink(DESCRIPTORS.resolve(Integer.toString(descriptor)))
                    .toString(); // socket:[INODE]
            String inode = link.substring(link.indexOf('[') + 1, link.length() - 1);
            for (Path table : TABLES) {
                OptionalLong drops = drops(table, inode);
                if (drops.isPresent()) {
                    return drops;
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("the number of lost datagrams is unknown", e);
        }
        return OptionalLong.empty();
    }

    private static OptionalLong drops(Path table, String inode) throws IOException {
        if (!Files.exists(table)) { // there is no IPv6
            return OptionalLong.empty();
        }
        try (Stream<String> lines = Files.lines(table)) {
            return lines.map(line -> line.strip().split(" +"))
                    .filter(columns -> columns.length > DROPS && columns[INODE].equals(inode))
                    .mapToLong(columns -> Long.parseLong(columns[DROPS]))
                    .findFirst();
        }
    }
}
