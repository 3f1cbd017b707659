package dev.supervisor.swap;

import dev.supervisor.generation.Generation;
import dev.supervisor.socket.netty.Connections;
import java.util.Optional;

/**
 * What gates give connections to: a generation, or the failure page.
 *
 * @param name of the thread on which its end runs
 * @param generation empty for the failure page
 * @param drainObserver hears of the drain that begins when another backend has taken over; closes this one after it
 */
record Backend(
        String name, Connections connections, Optional<Generation> generation, DrainThreads.Observer drainObserver) {

    boolean isGeneration(int number) {
        return generation.filter(g -> g.number() == number).isPresent();
    }
}
