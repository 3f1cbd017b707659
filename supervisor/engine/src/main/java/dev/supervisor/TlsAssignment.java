package dev.supervisor;

import dev.supervisor.TlsOptions.Password;
import dev.supervisor.TlsOptions.Source;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Collects the options about TLS in their text forms, and decides which of them are for which socket: a value is for the
 * socket whose name stands before it, {@code NAME=VALUE}, and without a name for each socket of https or tls that has none
 * of its own.
 */
final class TlsAssignment {

    /** The certificate that the supervisor makes. */
    private static final String DEVELOPMENT = "dev";

    private static final Pattern NAMED = Pattern.compile("([A-Za-z0-9_.-]+)=(.*)", Pattern.DOTALL);
    private static final Pattern STORE = Pattern.compile("(?i).*\\.(p12|pfx|pkcs12|jks|keystore)");
    private static final Pattern PASSWORD = Pattern.compile("(file|env):(.+)", Pattern.DOTALL);
    private static final Pattern PROTOCOLS = Pattern.compile("[!-~&&[^,=]]{1,255}(,[!-~&&[^,=]]{1,255})*");
    private static final List<String> HTTP = List.of("http/1.1");

    /** @param socket empty if no name stands before the value */
    private record Value(String socket, String text) {}

    private final Map<OptionKey, List<Value>> values = new LinkedHashMap<>();
    private TlsOptions.@Nullable Provider provider;

    void add(OptionKey option, String text) {
        Matcher named = NAMED.matcher(text);
        Value value = named.matches() ? new Value(named.group(1), named.group(2)) : new Value("", text);
        if (value.text().isBlank()) {
            throw new SupervisorException(option + " '" + text + "' has no value");
        }
        values.computeIfAbsent(option, key -> new ArrayList<>()).add(value);
    }

    void provider(String name) {
        try {
            provider = TlsOptions.Provider.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new SupervisorException(OptionKey.TLS_PROVIDER + " is '" + name + "': expected jdk or openssl", e);
        }
    }

    /**
     * Returns the options of each socket on which the supervisor ends TLS, by its name.
     *
     * @throws SupervisorException that names the option that makes no sense
     */
    Map<String, TlsOptions> assign(List<SocketSpec> sockets) {
        Map<String, TlsOptions> assigned = new LinkedHashMap<>();
        values.forEach((option, each) -> each.forEach(value -> checkSocket(option, value, sockets)));
        for (SocketSpec socket : sockets) {
            if (canHaveTls(socket)) {
                List<Source> sources = sources(socket.name());
                if (!sources.isEmpty()) {
                    assigned.put(socket.name(), options(socket, sources));
                } else if (socket.protocol() == Protocol.TLS) {
                    throw new SupervisorException("the socket '" + socket.name() + "' (" + socket
                            + ") has no certificate: add " + OptionKey.CERT + " FILE " + OptionKey.KEY + " FILE, or "
                            + OptionKey.CERT + " dev (with tcp:: the bytes are passed on as they are)");
                }
            }
        }
        checkUsed(assigned, sockets);
        return assigned;
    }

    private static boolean canHaveTls(SocketSpec socket) {
        return socket.protocol() == Protocol.HTTPS || socket.protocol() == Protocol.TLS;
    }

    private static void checkSocket(OptionKey option, Value value, List<SocketSpec> sockets) {
        if (value.socket().isEmpty()) {
            return;
        }
        String said = option + " " + value.socket() + "=" + value.text();
        SocketSpec socket = sockets.stream()
                .filter(each -> each.name().equals(value.socket()))
                .findFirst()
                .orElseThrow(() -> new SupervisorException(said + ": there is no socket '" + value.socket() + "', but "
                        + String.join(
                                ", ", sockets.stream().map(SocketSpec::name).toList())
                        + " (a file with '=' in its name needs ./ before it)"));
        if (!canHaveTls(socket)) {
            throw new SupervisorException(said + ": '" + socket.name() + "' is a socket of " + socket.type()
                    + ", without TLS (make it https:: or tls::)");
        }
    }

    /** An option that is for no socket is a mistake: without this, a socket might be open without TLS. */
    private void checkUsed(Map<String, TlsOptions> assigned, List<SocketSpec> sockets) {
        boolean hasCertificate = values.containsKey(OptionKey.CERT);
        if (!hasCertificate && (!values.isEmpty() || provider != null)) {
            OptionKey first = values.keySet().stream().findFirst().orElse(OptionKey.TLS_PROVIDER);
            throw new SupervisorException(first + " needs a certificate: add " + OptionKey.CERT + " FILE");
        }
        if (hasCertificate && assigned.isEmpty()) {
            throw new SupervisorException(OptionKey.CERT + " is for sockets of https or tls, and there is none: add "
                    + OptionKey.SOCKET + " https::8443");
        }
        values.forEach((option, all) -> {
            boolean isUsed = sockets.stream()
                    .filter(socket -> assigned.containsKey(socket.name()))
                    .anyMatch(socket -> !isNamed(option, socket.name())
                            && (option != OptionKey.ALPN || socket.protocol() == Protocol.HTTPS));
            all.stream()
                    .filter(value -> value.socket().isEmpty() && !isUsed)
                    .findFirst()
                    .ifPresent(value -> {
                        throw new SupervisorException(option + " " + value.text() + " is for no socket"
                                + (option == OptionKey.ALPN
                                        ? ": without a name before it, it is for those of https (" + option + " NAME="
                                                + value.text() + ")"
                                        : ": each has one of its own"));
                    });
            all.stream()
                    .filter(value -> !value.socket().isEmpty() && !assigned.containsKey(value.socket()))
                    .findFirst()
                    .ifPresent(value -> {
                        throw new SupervisorException("the socket '" + value.socket() + "' has " + option
                                + ", but no certificate: add " + OptionKey.CERT + " " + value.socket() + "=FILE");
                    });
        });
    }

    private boolean isNamed(OptionKey option, String socket) {
        return !ofSocket(option, socket).isEmpty();
    }

    private List<String> ofSocket(OptionKey option, String socket) {
        return values.getOrDefault(option, List.of()).stream()
                .filter(value -> value.socket().equals(socket))
                .map(Value::text)
                .toList();
    }

    /** Returns the values with the name of the socket; those without a name if there are none. */
    private List<String> valuesFor(OptionKey option, String socket) {
        List<String> own = ofSocket(option, socket);
        return own.isEmpty() ? ofSocket(option, "") : own;
    }

    private TlsOptions options(SocketSpec socket, List<Source> sources) {
        return new TlsOptions(
                sources,
                valuesFor(OptionKey.CERT_PASSWORD, socket.name()).stream()
                        .map(TlsAssignment::password)
                        .toList(),
                only(OptionKey.CLIENT_CA, socket.name()).map(text -> path(OptionKey.CLIENT_CA, text)),
                protocols(socket),
                Optional.ofNullable(provider));
    }

    private Optional<String> only(OptionKey option, String socket) {
        List<String> all = valuesFor(option, socket);
        if (all.size() > 1) {
            throw new SupervisorException("the socket '" + socket + "' has " + option + " " + all.size()
                    + " times: give it once, or once for each socket as NAME=VALUE");
        }
        return all.stream().findFirst();
    }

    private List<String> protocols(SocketSpec socket) {
        boolean isHttp = socket.protocol() == Protocol.HTTPS;
        Optional<String> own = Optional.of(
                        isHttp ? valuesFor(OptionKey.ALPN, socket.name()) : ofSocket(OptionKey.ALPN, socket.name()))
                .filter(all -> !all.isEmpty())
                .map(all -> String.join(",", all));
        own.filter(text -> !PROTOCOLS.matcher(text).matches()).ifPresent(text -> {
            throw new SupervisorException(
                    OptionKey.ALPN + " is '" + text + "': expected names with commas between, such as h2,http/1.1");
        });
        return own.map(text -> List.of(text.split(","))).orElse(isHttp ? HTTP : List.of());
    }

    /** Returns the sources of a socket: its n-th key belongs to the n-th of its certificates that are no stores. */
    private List<Source> sources(String socket) {
        if (isNamed(OptionKey.KEY, socket) && !isNamed(OptionKey.CERT, socket)) {
            throw new SupervisorException("the socket '" + socket + "' has a key of its own, but no certificate: add "
                    + OptionKey.CERT + " " + socket + "=FILE");
        }
        String named = isNamed(OptionKey.CERT, socket) ? socket : "";
        List<String> certificates = ofSocket(OptionKey.CERT, named);
        List<String> keys = ofSocket(OptionKey.KEY, named);
        List<Source> sources = new ArrayList<>();
        int used = 0;
        for (String certificate : certificates) {
            if (certificate.equals(DEVELOPMENT)) {
                sources.add(new Source.Development());
            } else if (STORE.matcher(certificate).matches()) {
                sources.add(new Source.Store(path(OptionKey.CERT, certificate)));
            } else if (used == keys.size()) {
                throw new SupervisorException(OptionKey.CERT + " " + certificate + " has no key: the n-th "
                        + OptionKey.KEY + " belongs to the n-th " + OptionKey.CERT
                        + " (a store with its key in it has a name that ends with .p12)");
            } else {
                sources.add(new Source.Pem(path(OptionKey.CERT, certificate), path(OptionKey.KEY, keys.get(used++))));
            }
        }
        if (used < keys.size()) {
            throw new SupervisorException(OptionKey.KEY + " " + keys.get(used) + " has no certificate: the n-th "
                    + OptionKey.KEY + " belongs to the n-th " + OptionKey.CERT + " (" + DEVELOPMENT
                    + " and stores need none)");
        }
        return sources;
    }

    private static Password password(String text) {
        Matcher form = PASSWORD.matcher(text);
        if (!form.matches()) { // the text is not shown, since it may be the password itself
            throw new SupervisorException(
                    OptionKey.CERT_PASSWORD + " must be file:FILE, whose first line is the password, or env:VARIABLE");
        }
        return form.group(1).equals("file")
                ? new Password.OfFile(path(OptionKey.CERT_PASSWORD, form.group(2)))
                : new Password.OfVariable(form.group(2));
    }

    private static Path path(OptionKey option, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new SupervisorException(option + " '" + text + "' is no path: " + e.getReason(), e);
        }
    }
}
