package dev.supervisor.tls;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import dev.supervisor.OptionKey;
import dev.supervisor.SupervisorException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A program that issues certificates for development. */
interface Issuer {

    /**
     * What was issued.
     *
     * @param newAuthority the certificate of the authority, if that is new
     */
    record Issued(Path certificate, Path key, Optional<Path> newAuthority) {}

    /** Returns its name, as one of a directory. */
    String name();

    boolean isMkcert();

    /**
     * Issues a certificate.
     *
     * @param names of hosts and addresses
     * @param directory for what is kept of the authority
     * @param scratch an empty directory for the result
     * @throws SupervisorException if the program fails
     */
    Issued issue(List<String> names, Path directory, Path scratch) throws IOException;

    /** Returns mkcert if it is on the path. */
    static Optional<Issuer> mkcert(@Nullable String path) {
        return path == null
                ? Optional.empty()
                : List.of(path.split(File.pathSeparator)).stream()
                        .filter(directory -> !directory.isEmpty())
                        .flatMap(directory -> List.of("mkcert", "mkcert.exe").stream()
                                .map(name -> Path.of(directory).resolve(name)))
                        .filter(program -> Files.isRegularFile(program) && Files.isExecutable(program))
                        .findFirst()
                        .map(Mkcert::new);
    }

    static Issuer keytool() {
        return new Keytool(Path.of(System.getProperty("java.home")));
    }

    /**
     * Runs a program to its end, and returns what it has printed.
     *
     * @throws SupervisorException if it fails
     */
    private static String run(List<String> command, Path directory) throws IOException {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        boolean hasEnded = false;
        try {
            hasEnded = process.waitFor(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!hasEnded) {
            process.destroyForcibly();
        }
        String printed = Files.readString(output, StandardCharsets.ISO_8859_1).strip();
        Files.delete(output);
        if (!hasEnded || process.exitValue() != 0) {
            throw new SupervisorException("can't make the certificate of " + OptionKey.CERT + " dev: '"
                    + String.join(" ", command) + "' "
                    + (hasEnded ? "ended with exit code " + process.exitValue() : "did not end within a minute")
                    + (printed.isEmpty() ? "" : ": " + printed.lines().collect(Collectors.joining("; "))));
        }
        return printed;
    }

    /** https://github.com/FiloSottile/mkcert; it has an authority of its own, which it makes if need be. */
    record Mkcert(Path program) implements Issuer {

        @Override
        public String name() {
            return "mkcert";
        }

        @Override
        public boolean isMkcert() {
            return true;
        }

        @Override
        public Issued issue(List<String> names, Path directory, Path scratch) throws IOException {
            Path certificate = scratch.resolve("cert.pem");
            Path key = scratch.resolve("key.pem");
            List<String> command = new ArrayList<>(
                    List.of(program.toString(), "-cert-file", certificate.toString(), "-key-file", key.toString()));
            command.addAll(names);
            run(command, scratch);
            String root = run(List.of(program.toString(), "-CAROOT"), scratch);
            return new Issued(certificate, key, Optional.of(Path.of(root).resolve("rootCA.pem")));
        }
    }

    /** The tool of the JDK; a runtime that jlink has made may lack it. */
    record Keytool(Path javaHome) implements Issuer {

        /** Public, since the mode of the file protects it: keytool wants one. */
        private static final String PASSWORD = "supervisor";

        private static final String AUTHORITY = "ca";
        private static final String LEAF = "leaf";
        private static final int AUTHORITY_DAYS = 3650;

        /** What browsers accept at most is 398 days, or 825 for authorities that users add. */
        private static final int LEAF_DAYS = 397;

        @Override
        public String name() {
            return "keytool";
        }

        @Override
        public boolean isMkcert() {
            return false;
        }

        @Override
        public Issued issue(List<String> names, Path directory, Path scratch) throws IOException {
            Path kept = directory.resolve("ca.p12");
            Path authority = directory.resolve("ca.pem");
            boolean isNew = !isGood(kept) || !Files.exists(authority);
            Path store = scratch.resolve("store.p12");
            try {
                if (isNew) {
                    makeAuthority(store, scratch);
                    replace(store, kept, scratch);
                    DevelopmentCertificate.protect(kept);
                    Path pem = Files.writeString(scratch.resolve("ca.pem"), pem(load(kept), AUTHORITY, 1));
                    replace(pem, authority, scratch);
                }
                Files.copy(kept, store, REPLACE_EXISTING);
                makeLeaf(names, store, scratch);
                KeyStore made = load(store);
                Path key = Files.createFile(scratch.resolve("key.pem"));
                DevelopmentCertificate.protect(key);
                byte[] encoded = Objects.requireNonNull(made.getKey(LEAF, PASSWORD.toCharArray()))
                        .getEncoded();
                Files.writeString(key, pemBlock("PRIVATE KEY", encoded));
                Path certificate = Files.writeString(scratch.resolve("cert.pem"), pem(made, LEAF, Integer.MAX_VALUE));
                return new Issued(certificate, key, isNew ? Optional.of(authority) : Optional.empty());
            } catch (GeneralSecurityException e) {
                throw new IOException(e);
            }
        }

        /** Returns whether the authority is there, and will be valid for longer than a certificate that it issues now. */
        private static boolean isGood(Path store) {
            try {
                return Files.exists(store)
                        && load(store).getCertificate(AUTHORITY) instanceof X509Certificate certificate
                        && certificate
                                .getNotAfter()
                                .toInstant()
                                .isAfter(Instant.now().plus(Duration.ofDays(LEAF_DAYS + 1)));
            } catch (IOException | GeneralSecurityException e) {
                return false; // damaged: it is made anew
            }
        }

        private void makeAuthority(Path store, Path scratch) throws IOException {
            String owner = System.getProperty("user.name").replaceAll("[^A-Za-z0-9._ -]", "");
            keytool(
                    scratch,
                    store,
                    List.of(
                            "-alias",
                            AUTHORITY,
                            "-dname",
                            "CN=Supervisor development authority of " + owner,
                            "-validity",
                            Integer.toString(AUTHORITY_DAYS),
                            "-ext",
                            "bc:c=ca:true,pathlen:0",
                            "-ext",
                            "ku:c=keyCertSign,cRLSign"));
        }

        private void makeLeaf(List<String> names, Path store, Path scratch) throws IOException {
            String alternative = names.stream()
                    .map(name -> (name.matches("[0-9.]+|.*:.*") ? "ip:" : "dns:") + name)
                    .collect(Collectors.joining(","));
            keytool(
                    scratch,
                    store,
                    List.of(
                            "-alias",
                            LEAF,
                            "-signer",
                            AUTHORITY,
                            "-dname",
                            "CN=localhost",
                            "-validity",
                            Integer.toString(LEAF_DAYS),
                            "-ext",
                            "san=" + alternative,
                            "-ext",
                            "eku=serverAuth",
                            "-ext",
                            "ku:c=digitalSignature",
                            "-ext",
                            "bc:c=ca:false"));
        }

        private void keytool(Path scratch, Path store, List<String> arguments) throws IOException {
            boolean isWindows = System.getProperty("os.name").startsWith("Windows");
            Path program = javaHome.resolve("bin").resolve(isWindows ? "keytool.exe" : "keytool");
            if (!Files.isExecutable(program)) {
                throw new SupervisorException("can't make the certificate of " + OptionKey.CERT
                        + " dev: there is no '" + program
                        + "' (run the supervisor on a whole JDK or JRE, install mkcert,"
                        + " or give " + OptionKey.CERT + " FILE " + OptionKey.KEY + " FILE)");
            }
            List<String> command = new ArrayList<>(List.of(
                    program.toString(),
                    "-J-XX:TieredStopAtLevel=1",
                    "-genkeypair",
                    "-keystore",
                    store.toString(),
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    PASSWORD,
                    "-keyalg",
                    "EC",
                    "-groupname",
                    "secp256r1"));
            command.addAll(arguments);
            run(command, scratch);
        }

        private static void replace(Path from, Path to, Path scratch) throws IOException {
            Path copy = Files.copy(from, scratch.resolve("copy"), REPLACE_EXISTING);
            Files.move(copy, to, ATOMIC_MOVE, REPLACE_EXISTING);
        }

        private static KeyStore load(Path file) throws IOException, GeneralSecurityException {
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, PASSWORD.toCharArray());
            }
            return store;
        }

        private static String pem(KeyStore store, String alias, int most) throws GeneralSecurityException {
            StringBuilder pem = new StringBuilder();
            Certificate[] chain = Objects.requireNonNull(store.getCertificateChain(alias));
            for (int i = 0; i < Math.min(most, chain.length); i++) {
                pem.append(pemBlock("CERTIFICATE", chain[i].getEncoded()));
            }
            return pem.toString();
        }

        private static String pemBlock(String label, byte[] der) {
            String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
            return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
        }
    }
}
