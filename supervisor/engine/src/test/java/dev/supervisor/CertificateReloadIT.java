package dev.supervisor;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.CertificateClients;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.TlsKeys;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Certificates are replaced while clients connect and ask all the time. */
@Timeout(180)
class CertificateReloadIT {

    private static final int RELOADS = 6;
    private static final List<String> FILES = List.of("server.pem", "server.key");

    /** How operators and their tools replace files. */
    private enum Way {
        /** Each file by itself, by a rename. */
        RENAME {
            @Override
            void replace(Path in, X509Bundle by, int version) throws IOException {
                Path next = write(in.resolve("next"), by);
                for (String file : FILES) {
                    Files.move(next.resolve(file), in.resolve(file), ATOMIC_MOVE, REPLACE_EXISTING);
                }
            }
        },
        /** Both through the link of a directory, as in a volume of Kubernetes. */
        DATA_LINK {
            @Override
            void replace(Path in, X509Bundle by, int version) throws IOException {
                write(in.resolve("..version" + version), by);
                link(in.resolve("..data"), Path.of("..version" + version));
                for (String file : FILES) {
                    if (!Files.isSymbolicLink(in.resolve(file))) {
                        Files.deleteIfExists(in.resolve(file));
                        Files.createSymbolicLink(in.resolve(file), Path.of("..data", file));
                    }
                }
            }
        },
        /** Each by a link of its own, as certbot does. */
        LINKS {
            @Override
            void replace(Path in, X509Bundle by, int version) throws IOException {
                write(in.resolve("archive" + version), by);
                for (String file : FILES) {
                    Files.deleteIfExists(in.resolve(file));
                    Files.createSymbolicLink(in.resolve(file), Path.of("archive" + version, file));
                }
            }
        };

        abstract void replace(Path in, X509Bundle by, int version) throws IOException;

        private static void link(Path link, Path target) throws IOException {
            Path next = link.resolveSibling("..next");
            Files.createSymbolicLink(next, target);
            Files.move(next, link, ATOMIC_MOVE, REPLACE_EXISTING);
        }

        private static Path write(Path directory, X509Bundle keys) throws IOException {
            Files.createDirectories(directory);
            TlsKeys.write(directory, keys);
            return directory;
        }
    }

    /** What operators do by mistake; each is to change nothing. */
    private enum Mistake {
        KEY_OF_ANOTHER {
            @Override
            void make(Path in, X509Bundle wrong) throws IOException {
                put(in.resolve("server.pem"), wrong.getCertificatePathPEM());
            }
        },
        CUT_OFF {
            @Override
            void make(Path in, X509Bundle wrong) throws IOException {
                put(in.resolve("server.pem"), wrong.getCertificatePEM().substring(0, 300));
            }
        },
        NO_KEY {
            @Override
            void make(Path in, X509Bundle wrong) throws IOException {
                Files.delete(in.resolve("server.key"));
            }
        },
        CERTIFICATE_FOR_KEY {
            @Override
            void make(Path in, X509Bundle wrong) throws IOException {
                put(in.resolve("server.pem"), wrong.getCertificatePathPEM());
                put(in.resolve("server.key"), wrong.getCertificatePathPEM());
            }
        },
        ANOTHER_ISSUER {
            @Override
            void make(Path in, X509Bundle wrong) throws IOException {
                put(
                        in.resolve("server.pem"),
                        wrong.getCertificatePEM() + keys("issuer").getCertificatePEM());
                put(in.resolve("server.key"), wrong.getPrivateKeyPEM());
            }
        };

        abstract void make(Path in, X509Bundle wrong) throws IOException;

        /** Takes the place of a link, and leaves what it leads to. */
        private static void put(Path file, String text) throws IOException {
            Files.deleteIfExists(file);
            Files.writeString(file, text);
        }
    }

    @TempDir
    private Path directory;

    private Path in(Way way) {
        return directory.resolve(way.name());
    }

    private static X509Bundle keys(String name) {
        return TlsKeys.make(name, Algorithm.ecp256);
    }

    private Running start(SslProvider provider, Way way, Path jar) throws Exception {
        way.replace(Files.createDirectory(in(way)), keys("0"), 0);
        Running running = Running.with(jar, options -> TlsKeys.serveWritten(options, provider, in(way), 0));
        running.awaitServing(1);
        return running;
    }

    static Stream<SslProvider> providers() {
        return TlsKeys.providers();
    }

    /** A supervisor whose files are replaced in one way, and its clients. */
    private record Served(Way way, Running running, CertificateClients clients) {}

    @ParameterizedTest
    @MethodSource("providers")
    void newConnectionsGetTheNewCertificateAndNoneIsLostOrFails(SslProvider provider) throws Exception {
        Path jar = directory.resolve("app.jar");
        Apps.http("v1").moveTo(jar);
        List<Served> all = new ArrayList<>();
        try {
            for (Way way : Way.values()) {
                Running running = start(provider, way, jar);
                all.add(new Served(way, running, CertificateClients.connect(running.address())));
            }
            for (int version = 1; version <= RELOADS; version++) {
                reload(all, version);
            }
            for (Served each : all) {
                each.clients.finish();
                assertEquals(List.of(), each.clients.failures());
                assertTrue(each.clients.handshakes() > RELOADS, each::toString);
            }
        } finally {
            for (Served each : all) {
                each.clients.close();
                each.running.close();
            }
        }
    }

    private void reload(List<Served> all, int version) throws Exception {
        Mistake mistake = Mistake.values()[version % Mistake.values().length];
        for (Served each : all) {
            mistake.make(in(each.way), keys("wrong"));
        }
        if (version % 2 == 0) {
            for (Served each : all) {
                each.running.await(
                        Event.CertificatesRefused.class,
                        any -> each.running
                                        .events(Event.CertificatesRefused.class)
                                        .size()
                                >= version / 2);
            }
        }
        for (Served each : all) {
            each.clients.mayGet(version);
            each.way.replace(in(each.way), keys("" + version), version);
        }
        List<String> names = List.of("" + version);
        for (Served each : all) {
            each.running.await(
                    Event.CertificatesLoaded.class,
                    loaded -> loaded.tls().certificates().get(0).names().equals(names));
            each.clients.mustGet(version);
        }
        for (Served each : all) {
            each.clients.awaitRound();
        }
    }
}
