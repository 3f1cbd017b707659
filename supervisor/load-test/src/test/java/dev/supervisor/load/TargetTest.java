package dev.supervisor.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TargetTest {

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8888/,          8888, 127.0.0.1:8888, /",
        "http://127.0.0.1,                80,   127.0.0.1,      /",
        "HTTP://127.0.0.1:1/a%20b?c=d&e,  1,    127.0.0.1:1,    /a%20b?c=d&e",
        "http://127.0.0.1?q,              80,   127.0.0.1,      /?q",
        "http://[::1]:8080/x#fragment,    8080, [::1]:8080,     /x"
    })
    void takesAUrlApart(String url, int port, String host, String path) {
        Target target = Target.parse(url);
        assertEquals(port, target.address().getPort());
        assertEquals(host, target.host());
        assertEquals(path, target.path());
        assertTrue(target.address().getAddress().isLoopbackAddress());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "https://127.0.0.1/      | TLS is not supported",
                "127.0.0.1:8888          | can't load-test '127.0.0.1:8888'",
                "localhost:8888          | does not begin with http://",
                "http:///path            | can't load-test 'http:///path'",
                "http://127.0.0.1:70000/ | '70000' is no port",
                "http://a b/             | can't load-test 'http://a b/'",
                "http://no.such.host.invalid/ | can't find the host 'no.such.host.invalid'"
            })
    void saysWhatIsWrongWithAUrl(String url, String message) {
        LoadTestException refusal = assertThrows(LoadTestException.class, () -> Target.parse(url));
        assertTrue(String.valueOf(refusal.getMessage()).contains(message), refusal::getMessage);
    }

    @Test
    void isAskedForInTheFormOfHttp() {
        assertEquals("/", Target.parse("http://127.0.0.1").path());
    }
}
