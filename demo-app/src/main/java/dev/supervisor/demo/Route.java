package dev.supervisor.demo;

import io.netty.handler.codec.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What is answered at one path.
 *
 * @param answers for each method that is allowed there, in the order in which they are named: what makes the answer to one
 *     request; may return the same one each time if that holds no state
 */
record Route(Map<HttpMethod, Supplier<Answer>> answers) {

    /** A route that is read; the codec leaves out the body where the method is HEAD. */
    static Route get(Supplier<Answer> answers) {
        Map<HttpMethod, Supplier<Answer>> both = new LinkedHashMap<>();
        both.put(HttpMethod.GET, answers);
        both.put(HttpMethod.HEAD, answers);
        return new Route(both);
    }

    /** The same, which is also sent something. */
    Route post(Supplier<Answer> answer) {
        Map<HttpMethod, Supplier<Answer>> all = new LinkedHashMap<>(answers);
        all.put(HttpMethod.POST, answer);
        return new Route(all);
    }

    /** Returns the answer to this method, which may be that it is not allowed. */
    Answer answer(HttpMethod method) {
        Supplier<Answer> answer = answers.get(method);
        return answer == null ? Refusal.methodNotAllowed(allow()) : answer.get();
    }

    private String allow() {
        return answers.keySet().stream().map(HttpMethod::name).collect(Collectors.joining(", "));
    }
}
