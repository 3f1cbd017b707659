package dev.supervisor.demo;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The application's logger, made when the first line is logged: this class is not initialized before. A logger in a
 * static field of every class would be made with the first of them, and clients would wait for it at each swap.
 */
final class Log {

    static final Logger LOG = LoggerFactory.getLogger("demo");

    private Log() {}
}
