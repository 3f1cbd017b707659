package dev.supervisor.bench.servers;

import dev.supervisor.bench.tools.Programs;
import dev.supervisor.bench.tools.ScratchDirectory;
import dev.supervisor.bench.tools.ToolOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A certificate and its key, on the curve P-256, as files in the PEM format. */
public record TlsFiles(Path certificate, Path key) {

    public static TlsFiles make(ScratchDirectory scratch) throws IOException {
        TlsFiles files = new TlsFiles(scratch.resolve("cert.pem"), scratch.resolve("key.pem"));
        ToolOutput said = ToolOutput.of(new ProcessBuilder(
                Programs.installed("openssl", "openssl"),
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/CN=localhost",
                "-days",
                "2",
                "-keyout",
                files.key().toString(),
                "-out",
                files.certificate().toString()));
        if (!Files.exists(files.certificate())) {
            throw new IOException("openssl has made no certificate: " + said.text());
        }
        return files;
    }
}
