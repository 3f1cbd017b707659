package dev.supervisor.admin;

import dev.supervisor.SupervisorException;
import dev.supervisor.text.IoReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token that requests must bring, in a file that may change at any time. While the file can't be used, no request is
 * answered. Belongs to one event loop.
 */
final class TokenFile {

    private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);

    /** So that nobody can guess it. */
    private static final int SHORTEST = 16;

    private static final int LONGEST_BYTES = 4096;

    private static final Set<PosixFilePermission> TOO_MUCH = Set.of(
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE,
            PosixFilePermission.GROUP_WRITE);

    private static final Pattern BEARER = Pattern.compile("bearer +(?<token>\\S+)", Pattern.CASE_INSENSITIVE);

    /** What a browser sends after it has asked for a name and a password. */
    private static final Pattern BASIC = Pattern.compile("basic +(?<code>[A-Za-z0-9+/=]+)", Pattern.CASE_INSENSITIVE);

    /** By which a change is seen. A volume of Kubernetes replaces a link to the file. */
    private record Stamp(FileTime time, long size, @Nullable Object key) {}

    private final Path file;

    /** The stamp of the file that was read; null while that can't be used. */
    private @Nullable Stamp stamp;

    /** The digest of the token; null while the file can't be used. */
    private byte @Nullable [] expected;

    private TokenFile(Path file) {
        this.file = file;
    }

    /** @throws SupervisorException if there is no usable token in it */
    static TokenFile open(Path file) {
        TokenFile opened = new TokenFile(file);
        opened.read();
        return opened;
    }

    /** Returns whether the only value of the header is the token: as a bearer's, or as the password of any user. */
    boolean isIn(List<String> authorizations) {
        readIfChanged();
        return authorizations.size() == 1
                && tokenOf(authorizations.get(0)).filter(this::matches).isPresent();
    }

    private static Optional<String> tokenOf(String authorization) {
        Matcher bearer = BEARER.matcher(authorization);
        if (bearer.matches()) {
            return Optional.of(bearer.group("token"));
        }
        Matcher basic = BASIC.matcher(authorization);
        return basic.matches() ? password(basic.group("code")) : Optional.empty();
    }

    private static Optional<String> password(String code) {
        try {
            String both = new String(Base64.getDecoder().decode(code), StandardCharsets.UTF_8);
            int colon = both.indexOf(':');
            return colon < 0 ? Optional.empty() : Optional.of(both.substring(colon + 1));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Compares digests, in a time that tells neither where they differ nor how long the token is. */
    private boolean matches(String token) {
        return expected != null && MessageDigest.isEqual(expected, digest(token));
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // each JDK has it
        }
    }

    private void readIfChanged() {
        try {
            if (!stamp().equals(stamp)) {
                read();
            }
        } catch (IOException | SupervisorException e) {
            if (expected != null) { // or it has been said
                LOG.warn("the token can't be read any more, and no request is answered: {}", e.getMessage());
            }
            expected = null;
            stamp = null; // or the same file, if it comes back, would not be read
        }
    }

    private Stamp stamp() throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        return new Stamp(now.lastModifiedTime(), now.size(), now.fileKey());
    }

    private void read() {
        try {
            Stamp before = stamp();
            checkMode();
            if (before.size() > LONGEST_BYTES) {
                throw unusable("it is longer than " + LONGEST_BYTES + " bytes");
            }
            String token = Files.readString(file).strip();
            if (token.length() < SHORTEST || token.chars().anyMatch(Character::isWhitespace)) {
                throw unusable("it must have one line of at least " + SHORTEST
                        + " characters (such as: openssl rand -hex 32)");
            }
            expected = digest(token);
            stamp = before;
        } catch (IOException e) {
            throw new SupervisorException("can't read the --admin-token-file '" + file + "': " + IoReason.of(e), e);
        }
    }

    private void checkMode() throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        Set<PosixFilePermission> mode =
                Files.readAttributes(file, PosixFileAttributes.class).permissions();
        if (mode.stream().anyMatch(TOO_MUCH::contains)) {
            throw unusable("others can read or write it (chmod 600 " + file + ")");
        }
    }

    private SupervisorException unusable(String why) {
        return new SupervisorException("can't use the --admin-token-file '" + file + "': " + why);
    }
}
