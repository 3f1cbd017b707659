package dev.supervisor.leaks;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The stack traces in a heap dump, which the library leaves out. The format is in the JDK's {@code heapDumper.cpp}:
 * records of a tag, a time, a length and a body, most of which are skipped.
 */
final class DumpedStacks {

    private static final int STRING = 0x01;
    private static final int LOAD_CLASS = 0x02;
    private static final int FRAME = 0x04;
    private static final int TRACE = 0x05;

    private record Frame(long method, long file, int type, int line) {}

    private final Map<Long, String> strings = new HashMap<>();
    private final Map<Integer, Long> classNames = new HashMap<>();
    private final Map<Long, Frame> frames = new HashMap<>();
    private final Map<Integer, long[]> traces = new HashMap<>();

    private DumpedStacks() {}

    static DumpedStacks read(Path file) throws IOException {
        DumpedStacks stacks = new DumpedStacks();
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            while (in.read() > 0) {} // the name of the format
            int idSize = in.readInt();
            in.skipNBytes(Long.BYTES);
            for (int tag = in.read(); tag >= 0; tag = in.read()) {
                in.skipNBytes(Integer.BYTES);
                stacks.readRecord(in, tag, Integer.toUnsignedLong(in.readInt()), idSize);
            }
        }
        return stacks;
    }

    private void readRecord(DataInputStream in, int tag, long length, int idSize) throws IOException {
        switch (tag) {
            case STRING -> strings.put(id(in, idSize), string(in, length - idSize));
            case LOAD_CLASS -> {
                int serial = in.readInt();
                in.skipNBytes(idSize + Integer.BYTES);
                classNames.put(serial, id(in, idSize));
            }
            case FRAME -> {
                long frame = id(in, idSize);
                long method = id(in, idSize);
                in.skipNBytes(idSize);
                frames.put(frame, new Frame(method, id(in, idSize), in.readInt(), in.readInt()));
            }
            case TRACE -> {
                int serial = in.readInt();
                in.skipNBytes(Integer.BYTES);
                traces.put(serial, ids(in, idSize));
            }
            default -> in.skipNBytes(length);
        }
    }

    private static long id(DataInputStream in, int size) throws IOException {
        return size == Integer.BYTES ? Integer.toUnsignedLong(in.readInt()) : in.readLong();
    }

    private static long[] ids(DataInputStream in, int size) throws IOException {
        long[] ids = new long[in.readInt()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = id(in, size);
        }
        return ids;
    }

    private static String string(DataInputStream in, long length) throws IOException {
        return new String(in.readNBytes(Math.toIntExact(length)), StandardCharsets.UTF_8);
    }

    /** Returns a frame of a trace, as {@code com.acme.Reports.poll(Reports.java:42)}. */
    Optional<String> frame(int trace, int depth) {
        long[] stack = traces.getOrDefault(trace, new long[0]);
        return depth >= 0 && depth < stack.length
                ? Optional.ofNullable(frames.get(stack[depth])).map(this::words)
                : Optional.empty();
    }

    private String words(Frame frame) {
        String type = text(classNames.getOrDefault(frame.type(), 0L)).replace('/', '.');
        String line = frame.line() > 0 ? ":" + frame.line() : "";
        return type + "." + text(frame.method()) + "(" + text(frame.file()) + line + ")";
    }

    private String text(long string) {
        return strings.getOrDefault(string, "unknown");
    }
}
