package dev.supervisor;

import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The key of an option. Messages of the engine name an option by a mark, {@code ‹holdTimeout›}, which {@link #toString}
 * returns; {@link #render} replaces it by the name that the user knows: {@code --hold-timeout} on a command line,
 * {@code <holdTimeout>} in a plugin's configuration.
 */
public enum OptionKey {
    APP("app"),
    APP_CLASS("appClass"),
    MAIN_CLASS("mainClass"),
    RELAY("relay"),
    PREPARE("prepare"),
    LIBRARY("library"),
    WORK_DIRECTORY("workDirectory"),
    SOCKET("socket"),
    PORT("port"),
    BACKLOG("backlog"),
    INHERIT("inherit"),
    REUSE_PORT("reusePort"),
    UNIX_MODE("unixMode"),
    UNIX_GROUP("unixGroup"),
    RECEIVE_BUFFER("receiveBuffer"),
    PROXY_PROTOCOL("proxyProtocol"),
    PROXY_TIMEOUT("proxyTimeout"),
    CERT("cert"),
    KEY("key"),
    CERT_PASSWORD("certPassword"),
    CLIENT_CA("clientCa"),
    ALPN("alpn"),
    TLS_PROVIDER("tlsProvider"),
    MAX_HELD("maxHeld"),
    HOLD_TIMEOUT("holdTimeout"),
    SWAP("swap"),
    WEBSOCKET("websocket"),
    START_TIMEOUT("startTimeout"),
    DRAIN_TIMEOUT("drainTimeout"),
    STOP_DELAY("stopDelay"),
    STOP_TIMEOUT("stopTimeout"),
    MAX_GENERATIONS("maxGenerations"),
    KEEP_BUILDS("keepBuilds"),
    CHECK("check"),
    CHECK_TIMEOUT("checkTimeout"),
    CHECK_TRIES("checkTries"),
    WARM_UP("warmUp"),
    WARM_UP_TIME("warmUpTime"),
    WATCH_ERRORS("watchErrors"),
    UNLOAD_TIMEOUT("unloadTimeout"),
    VERIFY_UNLOAD("verifyUnload"),
    DUMP_LEAKS("dumpLeaks"),
    BUILD("build"),
    WATCH("watch"),
    IGNORE("ignore"),
    ON_BUSY("onBusy"),
    SETTLE("settle"),
    POLL("poll"),
    DETAILS("details"),
    EDITOR("editor"),
    REFRESH("refresh"),
    REFRESH_PORT("refreshPort");

    private static final Pattern MARK = Pattern.compile("‹(\\w+)›");

    private final String key;

    OptionKey(String key) {
        this.key = key;
    }

    /** Returns the key in camel case: the name of the method of {@link SupervisorOptions.Builder}, mostly. */
    public String key() {
        return key;
    }

    /** Returns the mark that stands for this option in a message. */
    @Override
    public String toString() {
        return "‹" + key + "›";
    }

    /** Returns the message with each mark replaced by the name that {@code names} returns for its option. */
    public static String render(String message, Function<OptionKey, String> names) {
        if (message.indexOf('‹') < 0) {
            return message;
        }
        return MARK.matcher(message).replaceAll(mark -> Matcher.quoteReplacement(nameOf(mark.group(), names)));
    }

    private static String nameOf(String mark, Function<OptionKey, String> names) {
        for (OptionKey option : values()) {
            if (option.toString().equals(mark)) {
                return names.apply(option);
            }
        }
        return mark; // of another origin
    }
}
