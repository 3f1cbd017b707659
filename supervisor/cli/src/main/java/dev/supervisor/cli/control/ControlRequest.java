package dev.supervisor.cli.control;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A request whose method and path are known.
 *
 * @param parameters of the query, by their names
 * @param body as text
 * @param inText whether the answer is to be text for a terminal, and not JSON
 */
record ControlRequest(Map<String, String> parameters, String body, boolean inText) {

    /** A request that can't be answered as it is. */
    static final class RefusedException extends RuntimeException {

        private static final long serialVersionUID = 1L;
        private final transient ControlAnswer answer;

        RefusedException(ControlAnswer answer) {
            super(answer.text());
            this.answer = answer;
        }

        ControlAnswer answer() {
            return answer;
        }
    }

    static RefusedException refused(HttpResponseStatus status, String error) {
        return new RefusedException(ControlAnswer.error(status, error, ControlAnswer.WRONG_USAGE));
    }

    ControlRequest {
        parameters = Map.copyOf(parameters);
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /**
     * Returns what belongs to the application of the parameter, or all.
     *
     * @param name returns the name of the application
     */
    <T> List<T> chosen(List<T> all, Function<T, String> name) {
        Optional<String> wanted = parameter("app");
        if (wanted.isEmpty()) {
            return all;
        }
        List<T> found = all.stream()
                .filter(each -> name.apply(each).equals(wanted.get()))
                .toList();
        if (found.isEmpty()) {
            throw refused(
                    HttpResponseStatus.NOT_FOUND,
                    "no application is named '" + wanted.get() + "' (there is " + names(all, name) + ")");
        }
        return found;
    }

    /** Returns the only application. */
    static SteeredApplication only(List<SteeredApplication> asked) {
        if (asked.size() != 1) {
            throw refused(
                    HttpResponseStatus.BAD_REQUEST,
                    "there are several applications, " + names(asked, SteeredApplication::name)
                            + ": choose one with --app");
        }
        return asked.get(0);
    }

    private static <T> String names(List<T> all, Function<T, String> name) {
        return String.join(", ", all.stream().map(name).toList());
    }
}
