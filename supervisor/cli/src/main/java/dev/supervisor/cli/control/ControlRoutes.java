package dev.supervisor.cli.control;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Finds who answers a request, by its method and path. What changes something is a POST. */
final class ControlRoutes {

    /** @param parameters that it understands */
    private record Route(HttpMethod method, Set<String> parameters, Consumer<ControlExchange> endpoint) {}

    /** A route that was found, and its parameters. */
    record Found(Consumer<ControlExchange> endpoint, Map<String, String> parameters) {}

    private final Map<String, Route> routes = new LinkedHashMap<>();

    ControlRoutes get(String path, Set<String> parameters, Consumer<ControlExchange> endpoint) {
        routes.put(path, new Route(HttpMethod.GET, parameters, endpoint));
        return this;
    }

    ControlRoutes post(String path, Set<String> parameters, Consumer<ControlExchange> endpoint) {
        routes.put(path, new Route(HttpMethod.POST, parameters, endpoint));
        return this;
    }

    /** @throws ControlRequest.RefusedException if nobody answers such a request */
    Found find(HttpMethod method, String uri) {
        QueryStringDecoder decoder = decoded(uri);
        Route route = routes.get(decoder.path());
        if (route == null) {
            throw new ControlRequest.RefusedException(notFound(decoder.path()));
        }
        if (!route.method().equals(method)) {
            throw new ControlRequest.RefusedException(ControlAnswer.error(
                            HttpResponseStatus.METHOD_NOT_ALLOWED,
                            decoder.path() + " is asked for by " + route.method() + ", not by " + method,
                            ControlAnswer.WRONG_USAGE)
                    .with("Allow", route.method().name()));
        }
        return new Found(route.endpoint(), parameters(decoder, route));
    }

    private static QueryStringDecoder decoded(String uri) {
        QueryStringDecoder decoder = new QueryStringDecoder(uri);
        try {
            var unused = decoder.path();
            var unusedToo = decoder.parameters();
            return decoder;
        } catch (IllegalArgumentException e) {
            throw ControlRequest.refused(
                    HttpResponseStatus.BAD_REQUEST, "the address is malformed: two hexadecimal digits follow each '%'");
        }
    }

    private static Map<String, String> parameters(QueryStringDecoder decoder, Route route) {
        Map<String, String> parameters = new HashMap<>();
        decoder.parameters().forEach((name, values) -> {
            if (!route.parameters().contains(name)) {
                throw ControlRequest.refused(
                        HttpResponseStatus.BAD_REQUEST,
                        decoder.path() + " has no parameter '" + name + "'"
                                + (route.parameters().isEmpty()
                                        ? ""
                                        : " (it has "
                                                + String.join(
                                                        ", ",
                                                        route.parameters().stream()
                                                                .sorted()
                                                                .toList())
                                                + ")"));
            }
            parameters.put(name, values.get(values.size() - 1));
        });
        return parameters;
    }

    private ControlAnswer notFound(String path) {
        List<String> all = new ArrayList<>();
        routes.forEach((known, route) -> all.add(route.method() + " " + known));
        JsonObject json = ControlAnswer.errorJson("there is no endpoint " + path);
        JsonArray endpoints = new JsonArray();
        all.forEach(endpoints::add);
        json.add("endpoints", endpoints);
        return ControlAnswer.of(
                HttpResponseStatus.NOT_FOUND,
                json,
                "supervisor: there is no endpoint " + path + "; there is\n  " + String.join("\n  ", all),
                ControlAnswer.WRONG_USAGE);
    }
}
