package dev.supervisor.tls;

import dev.supervisor.SupervisorException;
import dev.supervisor.text.IoReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * The bytes of some files at one moment, or why they could not be read. All that is loaded is taken from here, so that what
 * was compared is what is used. Equal if all bytes are.
 */
record FileContents(Map<Path, ByteBuffer> bytes, Map<Path, String> failures) {

    /** No certificate comes near it; without a limit, a wrong name could have a huge file read. */
    private static final long MOST = 1 << 20;

    static FileContents read(Collection<Path> files) {
        Map<Path, ByteBuffer> bytes = new HashMap<>();
        Map<Path, String> failures = new HashMap<>();
        for (Path file : files) {
            try {
                String wrong = obstacle(file);
                if (wrong.isEmpty()) {
                    bytes.put(file, ByteBuffer.wrap(Files.readAllBytes(file)));
                } else {
                    failures.put(file, wrong);
                }
            } catch (AccessDeniedException e) {
                failures.put(file, denied());
            } catch (IOException e) {
                failures.put(file, IoReason.of(e));
            }
        }
        return new FileContents(Map.copyOf(bytes), Map.copyOf(failures));
    }

    private static String denied() {
        return "permission denied (the user " + System.getProperty("user.name") + " must be able to read it)";
    }

    private static String obstacle(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            return "it is a directory (name the file in it)";
        }
        if (!Files.exists(file)) {
            return Files.isSymbolicLink(file) ? "it is a link that leads nowhere" : "there is no such file";
        }
        if (!Files.isRegularFile(file)) {
            return "it is no regular file";
        }
        if (!Files.isReadable(file)) {
            return denied();
        }
        long size = Files.size(file);
        if (size == 0) {
            return "it is empty";
        }
        return size > MOST ? "it has " + size + " bytes, which is too much" : "";
    }

    /**
     * Returns the bytes of a file that was read.
     *
     * @param what it is, for the message
     * @throws SupervisorException if it could not be read
     */
    byte[] of(Path file, String what) {
        ByteBuffer content = bytes.get(file);
        if (content == null) {
            throw new SupervisorException("can't read the " + what + " '" + file + "': " + failures.get(file));
        }
        byte[] copy = new byte[content.remaining()];
        content.duplicate().get(copy);
        return copy;
    }
}
