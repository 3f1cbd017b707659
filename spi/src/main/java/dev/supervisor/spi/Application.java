package dev.supervisor.spi;

/**
 * One build of a network application; a new instance in a class loader of its own for each generation.
 *
 * <p>It has a public constructor without parameters and is named in
 * {@code META-INF/services/dev.supervisor.spi.Application}. Both methods run on a fresh thread of the generation whose
 * context class loader is the generation's own.
 */
@SuppressWarnings(
        "try") // close() may be interrupted: it runs on a thread of the generation, which the supervisor interrupts
public interface Application extends AutoCloseable {

    /**
     * Opens what this application serves; returning means ready. No connection is handed to this generation before
     * that.
     *
     * @param context lent by the supervisor to this generation; invalid once the generation has ended
     * @throws Exception fails this generation, and only it: its channels and event loops are ended by the supervisor,
     *     {@link #close()} is not called, and the next build is tried
     */
    void start(ApplicationContext context) throws Exception;

    /**
     * Releases what {@link #start} opened, except the channels and event loops of the context, which the supervisor
     * ends by itself. Called once, after the last connection has left, or the drain deadline has passed.
     *
     * @throws Exception is logged; the generation ends all the same
     */
    @Override
    default void close() throws Exception {}
}
