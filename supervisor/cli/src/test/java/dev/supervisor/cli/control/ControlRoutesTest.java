package dev.supervisor.cli.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ControlRoutesTest {

    private final ControlRoutes routes = new ControlRoutes().get("/status", Set.of("app"), exchange -> {});

    @Test
    void aTargetIsDecoded() {
        assertEquals(
                Map.of("app", "a b"),
                routes.find(HttpMethod.GET, "/st%61tus?app=a%20b").parameters());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%", "/status%zz", "/status?%", "/status?app=%f", "/other?a=%zz"})
    void aMalformedTargetIsToldSo(String target) {
        ControlAnswer answer = assertThrows(
                        ControlRequest.RefusedException.class, () -> routes.find(HttpMethod.GET, target))
                .answer();
        assertEquals(HttpResponseStatus.BAD_REQUEST, answer.status());
        assertEquals("{\"error\":\"the address is malformed: two hexadecimal digits follow each '%'\"}", answer.json());
    }
}
