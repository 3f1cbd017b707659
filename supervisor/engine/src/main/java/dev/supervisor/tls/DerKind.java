package dev.supervisor.tls;

import dev.supervisor.OptionKey;
import java.nio.file.Path;

/** What a file seems to be that is not in the PEM format, by the first elements of its DER. */
enum DerKind {
    STORE {
        @Override
        String advice(Path file) {
            return "it is a store of PKCS#12 (give it a name that ends with .p12, and leave out its " + OptionKey.KEY
                    + ")";
        }
    },
    CERTIFICATE {
        @Override
        String advice(Path file) {
            return "it seems to be a certificate in DER (convert it: openssl x509 -inform der -in " + ShellWord.of(file)
                    + " -out cert.pem)";
        }
    },
    KEY {
        @Override
        String advice(Path file) {
            return "it seems to be a key in DER (convert it: openssl pkey -inform der -in " + ShellWord.of(file)
                    + " -out key.pem)";
        }
    },
    UNKNOWN {
        @Override
        String advice(Path file) {
            return "there is no line with -----BEGIN";
        }
    };

    private static final int SEQUENCE = 0x30;
    private static final int INTEGER = 0x02;
    private static final int VERSION_OF_STORE = 3;
    private static final int LONG_FORM = 0x80;

    abstract String advice(Path file);

    static DerKind of(byte[] bytes) {
        if (bytes.length < 8 || bytes[0] != SEQUENCE) {
            return UNKNOWN;
        }
        int first = (bytes[1] & LONG_FORM) == 0 ? 2 : 2 + (bytes[1] & (LONG_FORM - 1));
        if (first < 2 || first + 2 >= bytes.length) {
            return UNKNOWN;
        }
        if (bytes[first] == SEQUENCE) {
            return CERTIFICATE;
        }
        if (bytes[first] != INTEGER) {
            return UNKNOWN;
        }
        return bytes[first + 1] == 1 && bytes[first + 2] == VERSION_OF_STORE ? STORE : KEY;
    }
}
