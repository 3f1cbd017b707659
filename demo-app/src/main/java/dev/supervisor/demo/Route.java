package dev.supervisor.demo;

import io.netty.handler.codec.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The answers at one path.
 *
 * @param answers the allowed methods, in the order of the header {@code Allow}, each with a supplier of the answer to
 *     one request. A supplier may return the same answer each time if that has no state
 */
record Route(Map<HttpMethod, Supplier<Answer>> answers) {

    /** Returns a route for GET and HEAD with the same answer each time. */
    static Route of(Answer answer) {
        return get(() -> answer); // one lambda for all: each is a class, to be made at each swap
    }

    /** Returns a route for GET and HEAD; the codec leaves out the body of an answer to HEAD. */
    static Route get(Supplier<Answer> answers) {
        Map<HttpMethod, Supplier<Answer>> both = new LinkedHashMap<>();
        both.put(HttpMethod.GET, answers);
        both.put(HttpMethod.HEAD, answers);
        return new Route(both);
    }

    /** Returns the same route, which also allows POST. */
    Route post(Supplier<Answer> answer) {
        Map<HttpMethod, Supplier<Answer>> all = new LinkedHashMap<>(answers);
        all.put(HttpMethod.POST, answer);
        return new Route(all);
    }

    /** Returns the answer to this method; a refusal if the method is not allowed. */
    Answer answer(HttpMethod method) {
        Supplier<Answer> answer = answers.get(method);
        return answer == null ? Refusal.methodNotAllowed(allow()) : answer.get();
    }

    private String allow() {
        return answers.keySet().stream().map(HttpMethod::name).collect(Collectors.joining(", "));
    }
}
