package dev.supervisor.generation;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Finds jars that are being written in place, over an older content: their central directory does not fit their
 * entries. The JDK reads only the central directory when it opens a jar.
 *
 * <p>Format: PKWARE's APPNOTE.TXT, section 4.3. The file is a copy that does not change.
 */
final class ZipCheck implements AutoCloseable {

    private static final int WINDOW = 256 << 10;

    private static final int LOCAL_HEADER = 0x04034b50;
    private static final int DESCRIPTOR = 0x08074b50;
    private static final int DIRECTORY_ENTRY = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int END_64 = 0x06064b50;
    private static final int END_64_LOCATOR = 0x07064b50;

    private static final int END_LENGTH = 22;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final int LOCATOR_LENGTH = 20;
    private static final int ENTRY_LENGTH = 46;
    private static final int LOCAL_LENGTH = 30;
    private static final int DESCRIPTOR_LENGTH = 8;
    private static final long IN_EXTRA_FIELD = 0xffff_ffffL;
    private static final int FIELD_OF_ZIP_64 = 1;

    private static final int HAS_DESCRIPTOR = 1 << 3;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;

    /**
     * An entry, as the central directory describes it.
     *
     * @param name the bytes of the name, one character for each
     * @param offset the offset of its local header, from the beginning of the file
     */
    private record Entry(String name, int method, long crc, long compressed, long size, long offset) {
        String text() {
            return new String(name.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        }
    }

    /**
     * The position of the central directory.
     *
     * @param shift the length of other data before the zip, which is added to all its offsets
     */
    private record Directory(long begin, long end, long shift) {}

    /** The file. No channel is used: an interrupt would close it, and the copy would seem broken. */
    private final RandomAccessFile file;

    private final ByteBuffer window;
    private final Inflater inflater = new Inflater(true);
    private final byte[] output = new byte[16 << 10];

    /** The position in the file where the window begins. */
    private long begin;

    private ZipCheck(RandomAccessFile file) throws IOException {
        this.file = file;
        this.window = ByteBuffer.allocate((int) Math.min(WINDOW, file.length()));
        window.limit(0);
    }

    /**
     * Returns the problem of a zip that the JDK can open; empty if there is none.
     *
     * @param contents whether to read all entries and compare their checksums, too, which takes 10 times as long or
     *     more
     */
    static Optional<String> problem(Path zip, boolean contents) throws IOException {
        try (ZipCheck check = new ZipCheck(new RandomAccessFile(zip.toFile(), "r"))) {
            return check.problem(contents);
        } catch (IndexOutOfBoundsException e) {
            return Optional.of("an entry of its central directory lies outside of the file");
        }
    }

    private Optional<String> problem(boolean contents) throws IOException {
        Optional<Directory> directory = directory();
        if (directory.isEmpty()) {
            return Optional.of("it has no central directory");
        }
        for (Entry entry : entries(directory.get())) {
            if (!fits(entry, contents)) {
                return Optional.of("its entry " + entry.text() + " does not fit its central directory");
            }
        }
        return Optional.empty();
    }

    private Optional<Directory> directory() throws IOException {
        long size = file.length();
        long from = Math.max(0, size - END_LENGTH - LONGEST_COMMENT);
        at(from, (int) (size - from)); // reads the whole range once, not at each position below
        for (long end = size - END_LENGTH; end >= from; end--) {
            if (at(end, Integer.BYTES).getInt(0) == END) {
                Directory directory = directoryBefore(end);
                boolean empty = directory.begin == directory.end;
                if (directory.begin >= 0
                        && (empty || at(directory.begin, Integer.BYTES).getInt(0) == DIRECTORY_ENTRY)) {
                    return Optional.of(directory);
                }
            }
        }
        return Optional.empty();
    }

    private List<Entry> entries(Directory directory) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (long at = directory.begin; at < directory.end; ) {
            ByteBuffer header = at(at, ENTRY_LENGTH);
            int nameLength = unsignedShort(header, 28);
            int extraLength = unsignedShort(header, 30);
            int commentLength = unsignedShort(header, 32);
            int length = ENTRY_LENGTH + nameLength + extraLength;
            entries.add(entry(at(at, length), nameLength, extraLength, directory.shift));
            at += length + commentLength;
        }
        return entries;
    }

    private Directory directoryBefore(long end) throws IOException {
        ByteBuffer record = at(end, END_LENGTH);
        long length = unsignedInt(record, 12);
        long offset = unsignedInt(record, 16);
        if (end >= LOCATOR_LENGTH) {
            ByteBuffer locator = at(end - LOCATOR_LENGTH, LOCATOR_LENGTH);
            if (locator.getInt(0) == END_64_LOCATOR) {
                long end64 = locator.getLong(8);
                ByteBuffer record64 = at(end64, 56);
                if (record64.getInt(0) == END_64) {
                    long begin = end64 - record64.getLong(40);
                    return new Directory(begin, end64, begin - record64.getLong(48));
                }
            }
        }
        return new Directory(end - length, end, end - length - offset);
    }

    private static Entry entry(ByteBuffer header, int nameLength, int extraLength, long shift) {
        String name = text(header, ENTRY_LENGTH, nameLength);
        long[] sizes = {unsignedInt(header, 24), unsignedInt(header, 20), unsignedInt(header, 42)};
        int extra = ENTRY_LENGTH + nameLength;
        for (int at = extra; at + 4 <= extra + extraLength; at += 4 + unsignedShort(header, at + 2)) {
            if (unsignedShort(header, at) == FIELD_OF_ZIP_64) {
                int field = at + 4;
                for (int i = 0; i < sizes.length; i++) {
                    if (sizes[i] == IN_EXTRA_FIELD) {
                        sizes[i] = header.getLong(field);
                        field += Long.BYTES;
                    }
                }
            }
        }
        return new Entry(
                name, unsignedShort(header, 10), unsignedInt(header, 16), sizes[1], sizes[0], sizes[2] + shift);
    }

    /**
     * Compares the local header, the data, and the descriptor behind the data if the header leaves the checksum to it.
     */
    private boolean fits(Entry entry, boolean contents) throws IOException {
        ByteBuffer local = at(entry.offset, LOCAL_LENGTH + entry.name.length());
        if (local.getInt(0) != LOCAL_HEADER
                || unsignedShort(local, 8) != entry.method
                || unsignedShort(local, 26) != entry.name.length()
                || !text(local, LOCAL_LENGTH, entry.name.length()).equals(entry.name)) {
            return false;
        }
        long crc = unsignedInt(local, 14);
        boolean open = crc != entry.crc && (unsignedShort(local, 6) & HAS_DESCRIPTOR) != 0;
        long data = entry.offset + LOCAL_LENGTH + entry.name.length() + unsignedShort(local, 28);
        return (open ? descriptorFits(entry, data + entry.compressed) : crc == entry.crc)
                && (!contents || dataFits(entry, data));
    }

    private static String text(ByteBuffer bytes, int index, int length) {
        byte[] text = new byte[length];
        bytes.get(index, text);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** Compares the descriptor behind the data, whose signature is optional. */
    private boolean descriptorFits(Entry entry, long end) throws IOException {
        ByteBuffer descriptor = at(end, DESCRIPTOR_LENGTH);
        return unsignedInt(descriptor, 0) == entry.crc
                || (descriptor.getInt(0) == DESCRIPTOR && unsignedInt(descriptor, 4) == entry.crc);
    }

    private boolean dataFits(Entry entry, long data) throws IOException {
        CRC32 crc = new CRC32();
        if (entry.method == STORED) {
            for (long done = 0; done < entry.compressed; ) {
                ByteBuffer part = next(data + done, entry.compressed - done);
                done += part.remaining();
                crc.update(part);
            }
        } else if (entry.method == DEFLATED) {
            if (!inflate(entry, data, crc)) {
                return false;
            }
        } else {
            return true; // the JDK can't read other compression methods either
        }
        return crc.getValue() == entry.crc;
    }

    private boolean inflate(Entry entry, long data, CRC32 crc) throws IOException {
        inflater.reset();
        long done = 0;
        try {
            while (!inflater.finished()) {
                if (inflater.needsDictionary()) {
                    return false;
                }
                if (inflater.needsInput()) {
                    if (done == entry.compressed) {
                        return false;
                    }
                    ByteBuffer part = next(data + done, entry.compressed - done);
                    done += part.remaining();
                    inflater.setInput(part);
                }
                crc.update(output, 0, inflater.inflate(output));
            }
            return true;
        } catch (DataFormatException e) {
            return false;
        }
    }

    /** Returns the bytes at a position of the file, as many of them as fit into half the window. */
    private ByteBuffer next(long position, long length) throws IOException {
        return at(position, (int) Math.min(length, WINDOW / 2));
    }

    /** Returns the bytes at a position of the file. The result is valid until the next call. */
    private ByteBuffer at(long position, int length) throws IOException {
        if (position < begin || position + length > begin + window.limit()) {
            read(position, length);
        }
        return window.slice((int) (position - begin), length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void read(long position, int length) throws IOException {
        if (position < 0 || length > window.capacity()) {
            throw new IndexOutOfBoundsException();
        }
        begin = position;
        file.seek(position);
        int filled = 0;
        int read;
        do {
            read = file.read(window.array(), filled, window.capacity() - filled);
            filled += Math.max(0, read);
        } while (read > 0);
        window.limit(filled);
    }

    private static int unsignedShort(ByteBuffer bytes, int index) {
        return Short.toUnsignedInt(bytes.getShort(index));
    }

    private static long unsignedInt(ByteBuffer bytes, int index) {
        return Integer.toUnsignedLong(bytes.getInt(index));
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        file.close();
    }
}
