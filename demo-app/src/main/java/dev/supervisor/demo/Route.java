package dev.supervisor.demo;

import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What is answered at one path.
 *
 * @param methods those that are allowed there
 * @param answers makes the answer to one request; may return the same one each time if that holds no state
 */
record Route(List<HttpMethod> methods, Supplier<Answer> answers) {

    /** A route that is read; the codec leaves out the body where the method is HEAD. */
    static Route get(Supplier<Answer> answers) {
        return new Route(List.of(HttpMethod.GET, HttpMethod.HEAD), answers);
    }

    /** A route that is sent something. */
    static Route post(Supplier<Answer> answers) {
        return new Route(List.of(HttpMethod.POST), answers);
    }

    /** Returns the answer to this method, which may be that it is not allowed. */
    Answer answer(HttpMethod method) {
        return methods.contains(method) ? answers.get() : Refusal.methodNotAllowed(allow());
    }

    private String allow() {
        return methods.stream().map(HttpMethod::name).collect(Collectors.joining(", "));
    }
}
