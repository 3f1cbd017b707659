package dev.supervisor.demo;

/** The kinds of content that this application sends. */
final class ContentType {

    static final String HTML = "text/html; charset=utf-8";
    static final String TEXT = "text/plain; charset=utf-8";
    static final String CSS = "text/css; charset=utf-8";
    static final String SCRIPT = "text/javascript; charset=utf-8";
    static final String FORM = "application/x-www-form-urlencoded";
    static final String BYTES = "application/octet-stream";
    static final String EVENTS = "text/event-stream";

    private ContentType() {}
}
