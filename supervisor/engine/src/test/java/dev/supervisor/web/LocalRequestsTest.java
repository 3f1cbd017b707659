package dev.supervisor.web;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LocalRequestsTest {

    private static HttpRequest request(String target, String... headers) {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, target);
        for (String header : headers) {
            String[] parts = header.split(": ", 2);
            request.headers().add(parts[0], parts[1]);
        }
        return request;
    }

    /** What Chromium, Firefox, curl and fetch send to a server of this machine. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Accept: text/html",
                "Accept-Encoding: gzip, deflate, br, zstd",
                "Accept-Language: en",
                "Authorization: Basic x",
                "Cache-Control: no-cache",
                "Connection: keep-alive",
                "Content-Type: application/json",
                "Cookie: ip=1",
                "DNT: 1",
                "If-None-Match: 1",
                "Last-Event-ID: 1",
                "Origin: http://localhost:3000",
                "Origin: https://app.localhost",
                "Pragma: no-cache",
                "Priority: u=0, i",
                "Purpose: prefetch",
                "Referer: http://localhost/via",
                "Sec-CH-UA-Platform: x",
                "Sec-Fetch-Dest: document",
                "Sec-GPC: 1",
                "Sec-WebSocket-Key: x",
                "Upgrade-Insecure-Requests: 1",
                "User-Agent: x",
                "X-CSRF-Token: x",
                "X-Http2-Scheme: http",
                "X-Requested-With: XMLHttpRequest",
                "X-Shipping: x",
                "X-Trip: x"
            })
    void aRequestOfABrowserOfThisMachineIsLocal(String header) {
        assertTrue(LocalRequests.isLocal(request("/", "Host: localhost:8888", header)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Forwarded: for=203.0.113.9",
                "X-Forwarded: 1",
                "X-Forwarded-For: 203.0.113.9",
                "x-forwarded-host: example.com",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Prefix: /",
                "X-Forwarded-Server: a",
                "X-Original-Forwarded-For: 203.0.113.9",
                "X-Vercel-Forwarded-For: 203.0.113.9",
                "X-Real-IP: 203.0.113.9",
                "X_Real_IP: 203.0.113.9",
                "Via: 1.1 a",
                "CDN-Loop: a",
                "CF-Connecting-IP: 203.0.113.9",
                "CF-Connecting-IPv6: ::1",
                "CF-Pseudo-IPv4: 240.0.0.1",
                "True-Client-IP: 203.0.113.9",
                "Client-IP: 203.0.113.9",
                "X-Client-IP: 203.0.113.9",
                "X-Cluster-Client-IP: 203.0.113.9",
                "Cluster-Client-IP: 203.0.113.9",
                "Fly-Client-IP: 203.0.113.9",
                "Fastly-Client-IP: 203.0.113.9",
                "WL-Proxy-Client-IP: 203.0.113.9",
                "X-ProxyUser-Ip: 203.0.113.9",
                "X-Originating-IP: 203.0.113.9",
                "X-Azure-ClientIP: 203.0.113.9",
                "X-Azure-SocketIP: 203.0.113.9",
                "X-Appengine-User-IP: 203.0.113.9",
                "X-Remote-IP: 203.0.113.9",
                "X-Remote-Addr: 203.0.113.9",
                "X-Envoy-External-Address: 203.0.113.9",
                "CloudFront-Viewer-Address: 203.0.113.9:1",
                "X-Original-Host: example.com",
                "X-Original-URL: /",
                "Proxy-Connection: keep-alive",
                "Proxy-Authorization: Basic x",
                "Host: example.com",
                "Host: localhost:8888"
            })
    void oneThatWasPassedOnIsNot(String header) {
        assertFalse(LocalRequests.isLocal(request("/", "Host: localhost:8888", header)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://example.com",
                "Origin: null",
                "Origin: ::",
                "Origin: file://localhost",
                "Origin: http://localhost@example.com",
                "Origin: http://localhost.example.com"
            })
    void aPageElsewhereIsTold(String origin) {
        assertFalse(LocalRequests.hasLocalOrigin(request("/", origin)));
    }

    @Test
    void aPageOfThisMachineIsToldAndWhereThereIsNoPageNothingIs() {
        assertTrue(LocalRequests.hasLocalOrigin(request("/", "Origin: http://localhost:3000")));
        assertTrue(LocalRequests.hasLocalOrigin(request("/", "Origin: https://app.localhost")));
        assertTrue(LocalRequests.hasLocalOrigin(request("/")));
        assertFalse(LocalRequests.hasLocalOrigin(request("/", "Origin: http://localhost", "Origin: http://localhost")));
    }

    @Test
    void withoutAHostItIsNot() {
        assertFalse(LocalRequests.isLocal(request("/")));
        assertFalse(LocalRequests.isLocal(request("http://localhost/")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/http://example.com",
                "//example.com/",
                "*",
                "http://localhost",
                "http://127.0.0.1:80/a",
                "HTTP://[::1]?a"
            })
    void aTargetOfThisMachineIsLocal(String target) {
        assertTrue(LocalRequests.isLocal(request(target, "Host: localhost")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.com/",
                "http://localhost@example.com/",
                "http://example.com#localhost",
                "http://localhost.example.com",
                "ftp://localhost/",
                "localhost:80",
                ""
            })
    void aTargetOfAnotherHostIsNot(String target) {
        assertFalse(LocalRequests.isLocal(request(target, "Host: localhost")));
    }

    @Test
    void httpOfAProxyThatAddsNothingIsNot() {
        HttpRequest request = request("/", "Host: 127.0.0.1:8888", "Connection: close");
        request.setProtocolVersion(HttpVersion.HTTP_1_0);
        assertFalse(LocalRequests.isLocal(request));
    }
}
