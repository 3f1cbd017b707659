package dev.supervisor.tls;

import dev.supervisor.OptionKey;
import dev.supervisor.SupervisorException;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A private key in a file. A key in the older forms of OpenSSL, SEC1 for EC and PKCS#1 for RSA, does not name its algorithm as
 * PKCS#8 does (RFC 5208); that is the same as in the public key of the certificate to which it belongs.
 */
final class KeyFile {

    private static final String WHAT = "private key";
    private static final String PKCS8 = "PRIVATE KEY";
    private static final String SEC1 = "EC PRIVATE KEY";
    private static final String PKCS1 = "RSA PRIVATE KEY";
    private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";

    /** The algorithms of keys with which a server can authenticate itself to every usual client. */
    static final Set<String> ALGORITHMS = Set.of("RSA", "EC");

    private static final byte[] CHALLENGE = {1, 2, 3, 4, 5, 6, 7, 8};

    private static final int INTEGER = 0x02;
    private static final int OCTET_STRING = 0x04;
    private static final int SEQUENCE = 0x30;

    private final Path path;
    private final PemFile.Block block;

    private KeyFile(Path path, PemFile.Block block) {
        this.path = path;
        this.block = block;
    }

    /** @throws SupervisorException if there is not one key in the file, or it can't be read without a password */
    static KeyFile read(Path path, FileContents contents) {
        PemFile pem = PemFile.read(path, WHAT, contents);
        List<PemFile.Block> keys = pem.of(Set.of(PKCS8, SEC1, PKCS1, ENCRYPTED));
        if (keys.isEmpty()) {
            throw new SupervisorException("there is no private key in '" + path + "': "
                    + (pem.hasLabelWith("CERTIFICATE") && !pem.hasLabelWith("REQUEST")
                            ? "it is a certificate (is " + OptionKey.KEY + " the file of " + OptionKey.CERT + "?)"
                            : "it has " + pem.labels() + ", and PRIVATE KEY is expected"));
        }
        if (keys.size() > 1) {
            throw new SupervisorException("there are " + keys.size() + " private keys in '" + path
                    + "': leave the one of the certificate in it");
        }
        PemFile.Block key = keys.get(0);
        if (key.label().equals(ENCRYPTED) || key.headers().contains("ENCRYPTED")) {
            throw new SupervisorException("the " + WHAT + " '" + path
                    + "' is encrypted: decrypt it into a file that only this user can read (umask 077; openssl pkcs8"
                    + " -topk8 -nocrypt -in " + ShellWord.of(path) + " -out key.pem), or use a store of PKCS#12 with "
                    + OptionKey.CERT_PASSWORD);
        }
        return new KeyFile(path, key);
    }

    Path path() {
        return path;
    }

    /**
     * Returns the key if it is the one of this public key.
     *
     * @throws SupervisorException if it is damaged
     */
    Optional<PrivateKey> of(PublicKey publicKey) {
        if (isOther(publicKey)) {
            return Optional.empty();
        }
        PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(
                block.label().equals(PKCS8) ? block.der() : asPkcs8(block.der(), publicKey.getEncoded()));
        try {
            PrivateKey key = KeyFactory.getInstance(publicKey.getAlgorithm()).generatePrivate(encoded);
            return belong(key, publicKey) ? Optional.of(key) : Optional.empty();
        } catch (GeneralSecurityException e) {
            checkWhole(encoded);
            return Optional.empty();
        }
    }

    private boolean isOther(PublicKey publicKey) {
        return (block.label().equals(SEC1) && !publicKey.getAlgorithm().equals("EC"))
                || (block.label().equals(PKCS1) && !publicKey.getAlgorithm().equals("RSA"));
    }

    /** Tells a key that is damaged from one of another algorithm, or of another curve. */
    private void checkWhole(PKCS8EncodedKeySpec encoded) {
        boolean isWhole = Der.isWhole(block.der())
                && (!block.label().equals(PKCS8)
                        || List.of("RSA", "EC", "EdDSA", "RSASSA-PSS", "DSA", "XDH").stream()
                                .anyMatch(algorithm -> isOf(algorithm, encoded)));
        if (!isWhole) {
            throw new SupervisorException("the " + WHAT + " '" + path
                    + "' is damaged, or of a kind that is not known (look at it: openssl pkey -noout -text -in "
                    + ShellWord.of(path) + ")");
        }
    }

    private static boolean isOf(String algorithm, PKCS8EncodedKeySpec encoded) {
        try {
            KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Returns whether what the key signs is verified by the public key. */
    static boolean belong(PrivateKey key, PublicKey publicKey) throws GeneralSecurityException {
        Signature signature =
                Signature.getInstance(key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
        signature.initSign(key);
        signature.update(CHALLENGE);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(CHALLENGE);
        return signature.verify(signed);
    }

    /** Returns {@code SEQUENCE {0, algorithm, OCTET STRING key}}, with the algorithm of the public key. */
    private static byte[] asPkcs8(byte[] key, byte[] publicKey) {
        byte[] inPublicKey = Der.content(publicKey);
        byte[] algorithm = Arrays.copyOf(inPublicKey, Der.length(inPublicKey));
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(Der.element(INTEGER, new byte[1]));
        content.writeBytes(algorithm);
        content.writeBytes(Der.element(OCTET_STRING, key));
        return Der.element(SEQUENCE, content.toByteArray());
    }
}
