/**
 * Places that all generations of a JVM share, and from which an ended generation's objects are removed: one class for
 * each kind of place.
 *
 * <p>Read {@code SharedPlace} first, then {@link dev.supervisor.unload.places.SharedPlaces}, which has all places in
 * the order of clearing; {@code ForgottenThreads}, {@code JvmDefaults} and {@code ThreadLocals} are typical.
 *
 * <p>Clearing runs on a thread of the generation that ends, since it may run code of the application. Depends on {@code
 * inspect}, and on private fields of the JDK.
 */
@NullMarked
package dev.supervisor.unload.places;

import org.jspecify.annotations.NullMarked;
