package dev.supervisor.tls;

import dev.supervisor.Event;
import dev.supervisor.Status;
import dev.supervisor.SupervisorException;
import dev.supervisor.TlsOptions;
import dev.supervisor.TlsOptions.Password;
import dev.supervisor.TlsOptions.Source;
import dev.supervisor.socket.TlsEngines;
import io.netty.handler.ssl.SslContext;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLEngine;

/**
 * TLS of one socket. What it uses is replaced as a whole: an engine has one state of the files for its life, and no session of
 * a former state is resumed. Thread-safe; {@link #load} is called by one thread at a time.
 */
final class SocketTls implements TlsEngines {

    /** Everything that was loaded from one state of the files. */
    private record Loaded(SslContext context, Status.Tls status) {

        /** Gives keys and certificates back to OpenSSL, which each engine that is in use retains until it is released. */
        void release() {
            ReferenceCountUtil.release(context);
        }
    }

    private final String name;
    private final TlsOptions options;
    private final EngineFactory factory;
    private volatile Loaded loaded;

    /** Guarded by this. */
    private boolean released;

    /** The state of the files that was loaded, or refused, last. */
    private FileContents tried;

    /** @throws SupervisorException if a file can't be used */
    SocketTls(String name, TlsOptions options, EngineFactory factory) {
        this.name = name;
        this.options = options;
        this.factory = factory;
        this.tried = FileContents.read(files());
        this.loaded = read(tried);
    }

    String name() {
        return name;
    }

    /** Returns all files that it is made of. */
    Set<Path> files() {
        Set<Path> files = new LinkedHashSet<>();
        for (Source source : options.sources()) {
            if (source instanceof Source.Pem pem) {
                files.add(pem.certificate());
                files.add(pem.key());
            } else if (source instanceof Source.Store store) {
                files.add(store.file());
            }
        }
        for (Password password : options.passwords()) {
            if (password instanceof Password.OfFile inFile) {
                files.add(inFile.file());
            }
        }
        options.clientCas().ifPresent(files::add);
        return files;
    }

    private Loaded read(FileContents contents) {
        CertificateReader reader = new CertificateReader(contents, System::getenv);
        List<CertifiedKey> keys = new ArrayList<>();
        options.sources().forEach(source -> keys.addAll(reader.read(source, options.passwords())));
        List<X509Certificate> clientCas =
                options.clientCas().map(reader::certificates).orElse(List.of());
        SslContext context = factory.context(keys, clientCas, options.protocols());
        return new Loaded(
                context,
                new Status.Tls(
                        factory.title(), keys.stream().map(CertifiedKey::status).toList()));
    }

    /** Returns whether these are other contents than those that were loaded, or refused, last. */
    boolean isNew(FileContents contents) {
        return !ofThis(contents).equals(tried);
    }

    /** @throws SupervisorException if they can't be used; the former ones stay in use */
    void load(FileContents contents) {
        Loaded fresh = read(contents);
        replace(fresh).release();
        tried = ofThis(contents);
    }

    /** Returns what is not in use any more. */
    private synchronized Loaded replace(Loaded fresh) {
        if (released) {
            return fresh;
        }
        Loaded former = loaded;
        loaded = fresh;
        return former;
    }

    /** Notes that these contents can't be used, so that it is said once. */
    void refuse(FileContents contents) {
        tried = ofThis(contents);
    }

    private FileContents ofThis(FileContents contents) {
        Map<Path, ByteBuffer> bytes = new HashMap<>(contents.bytes());
        Map<Path, String> failures = new HashMap<>(contents.failures());
        bytes.keySet().retainAll(files());
        failures.keySet().retainAll(files());
        return new FileContents(bytes, failures);
    }

    @Override
    public SSLEngine newEngine() {
        Loaded current = loaded;
        try {
            return factory.engine(current.context());
        } catch (IllegalReferenceCountException e) { // replaced and released in between
            if (current == loaded) {
                throw e;
            }
            return newEngine();
        }
    }

    /** Ends it: no engine can be made any more. Those that are in use go on. Idempotent. */
    synchronized void release() {
        if (!released) {
            released = true;
            loaded.release();
        }
    }

    Status.Tls status() {
        return loaded.status();
    }

    Event announcement() {
        return new Event.CertificatesLoaded(
                name, loaded.status(), options.protocols(), options.clientCas().isPresent());
    }
}
