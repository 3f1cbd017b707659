package dev.supervisor.compile;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.NestingKind;
import javax.tools.JavaFileObject;
import org.jspecify.annotations.Nullable;

/** A file that javac has made, or reads again, in memory. Its URI is that of the place on disk where it is, or may come to be. */
final class MemoryFile implements JavaFileObject {

    private final Path directory;
    private final String name;
    private final Kind kind;
    private byte[] content;

    /**
     * @param directory the root of packages
     * @param name below that, with slashes
     */
    MemoryFile(Path directory, String name, Kind kind, byte[] content) {
        this.directory = directory;
        this.name = name;
        this.kind = kind;
        this.content = content;
    }

    /** A class file. */
    MemoryFile(Path directory, String name, byte[] content) {
        this(directory, name, Kind.CLASS, content);
    }

    byte[] content() {
        return content;
    }

    /** Returns the name below the root of packages, with slashes. */
    String relativeName() {
        return name;
    }

    Path directory() {
        return directory;
    }

    /** Returns the binary name of the class in it. */
    String binaryName() {
        return name.substring(0, name.length() - kind.extension.length()).replace('/', '.');
    }

    @Override
    public URI toUri() {
        try {
            return new URI("file", null, directory.resolve(name).toString(), null);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String getName() {
        return directory.resolve(name).toString();
    }

    @Override
    public Kind getKind() {
        return kind;
    }

    @Override
    public boolean isNameCompatible(String simpleName, Kind asked) {
        String wanted = simpleName + asked.extension;
        return asked == kind && (name.equals(wanted) || name.endsWith("/" + wanted));
    }

    @Override
    public @Nullable NestingKind getNestingKind() {
        return null;
    }

    @Override
    public @Nullable Modifier getAccessLevel() {
        return null;
    }

    @Override
    public InputStream openInputStream() {
        return new ByteArrayInputStream(content);
    }

    @Override
    public OutputStream openOutputStream() {
        return new ByteArrayOutputStream() {
            @Override
            public void close() {
                content = toByteArray();
            }
        };
    }

    @Override
    public Reader openReader(boolean ignoreEncodingErrors) {
        return new InputStreamReader(openInputStream(), StandardCharsets.UTF_8);
    }

    @Override
    public Writer openWriter() {
        return new OutputStreamWriter(openOutputStream(), StandardCharsets.UTF_8);
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) throws IOException {
        return new String(content, StandardCharsets.UTF_8);
    }

    @Override
    public long getLastModified() {
        return 0;
    }

    @Override
    public boolean delete() {
        return false;
    }

    @Override
    public String toString() {
        return getName();
    }
}
