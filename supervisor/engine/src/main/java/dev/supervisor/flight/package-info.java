/**
 * Events for Java Flight Recorder. A runtime image need not have the module {@code jdk.jfr}: {@link
 * dev.supervisor.flight.Flight} alone is used by the other packages, and loads what needs the module only if it is there.
 */
@NullMarked
package dev.supervisor.flight;

import org.jspecify.annotations.NullMarked;
