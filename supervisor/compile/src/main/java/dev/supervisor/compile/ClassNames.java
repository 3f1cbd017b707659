package dev.supervisor.compile;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** Reads the names of the classes that a class file may refer to: also as the text of a constant, as for reflection. */
final class ClassNames {

    private static final int LONGEST = 300;

    private ClassNames() {}

    /**
     * Returns names with slashes, and others that only look like one.
     *
     * @throws IOException if it is no class file, or a newer one than this knows
     */
    static Set<String> in(byte[] classFile) throws IOException {
        Set<String> names = new HashSet<>();
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
        in.readInt(); // the magic number
        in.readInt(); // the version
        int count = in.readUnsignedShort();
        for (int i = 1; i < count; i++) { // JVMS 4.4
            int tag = in.readUnsignedByte();
            switch (tag) {
                case 1 -> add(in.readUTF(), names);
                case 7, 8, 16, 19, 20 -> in.skipNBytes(2);
                case 15 -> in.skipNBytes(3);
                case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
                case 5, 6 -> {
                    in.skipNBytes(8);
                    i++; // takes the place of two
                }
                default -> throw new IOException("a constant of the unknown kind " + tag);
            }
        }
        return names;
    }

    private static void add(String text, Set<String> names) {
        int begin = text.indexOf('L');
        while (begin >= 0) { // descriptors and signatures: (Lsome/Type;I)V
            int end = begin + 1;
            while (end < text.length() && isPart(text.charAt(end))) {
                end++;
            }
            if (end < text.length() && (text.charAt(end) == ';' || text.charAt(end) == '<')) {
                names.add(text.substring(begin + 1, end));
            }
            begin = text.indexOf('L', begin + 1);
        }
        String name = text.replace('.', '/');
        if (!name.isEmpty() && name.length() < LONGEST && name.chars().allMatch(each -> isPart((char) each))) {
            names.add(name);
        }
    }

    private static boolean isPart(char character) {
        return character == '/' || Character.isJavaIdentifierPart(character);
    }
}
