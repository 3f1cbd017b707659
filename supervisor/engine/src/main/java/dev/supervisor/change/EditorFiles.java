package dev.supervisor.change;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** Temporary files that editors, desktops and copying tools make beside the file that they write. */
final class EditorFiles {

    /**
     * Names used by vim (including 4913, with which it tests whether it may write), emacs, kate, the JetBrains editors,
     * desktops, rsync, and {@code sed -i}. The six random characters of the last two are rarely all lower-case letters, unlike the
     * end of {@code .env.sample}.
     */
    private static final Pattern NAMES = Pattern.compile("4913|.*~|\\.#.*|#.*#|\\..*\\.(sw[a-z]|un~)|.*\\.kate-swp"
            + "|.*___jb_(tmp|old|bak)___|\\.goutputstream-.*|\\.DS_Store|Thumbs\\.db|\\.nfs\\w+"
            + "|(\\..+\\.|sed)(?=[a-z]*[A-Z0-9])[a-zA-Z0-9]{6}");

    private EditorFiles() {}

    static boolean include(Path file) {
        return NAMES.matcher(String.valueOf(file.getFileName())).matches();
    }
}
