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
     * Opens the application's listeners; when it returns, the application is ready. This generation gets no connection
     * before that.
     *
     * @param context valid until the generation has ended
     * @throws Exception fails this generation only: the supervisor ends its channels and event loops, does not call
     *     {@link #close()}, and tries the next build
     */
    void start(ApplicationContext context) throws Exception;

    /**
     * Releases the resources that {@link #start} opened, except the channels and event loops of the context, which the
     * supervisor ends by itself. Called once, after the last connection has left, or the drain deadline has passed.
     *
     * @throws Exception is logged; the generation ends all the same
     */
    @Override
    default void close() throws Exception {}
}
