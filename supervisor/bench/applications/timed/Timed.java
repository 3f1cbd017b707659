package timed;

import dev.supervisor.Event;
import dev.supervisor.Supervisor;
import dev.supervisor.SupervisorOptions;
import java.nio.file.Path;

/**
 * A supervisor whose transcript tells in nanoseconds how long a generation took to load and to start, for the benchmark
 * that compiles it. It listens on any port, and ends when it is told to by a signal.
 */
class Timed {

    public static void main(String[] args) throws InterruptedException {
        SupervisorOptions options =
                SupervisorOptions.builder(Path.of(args[0])).port(0).build();
        Supervisor supervisor = Supervisor.start(options, event -> System.out.println(text(event)));
        Runtime.getRuntime().addShutdownHook(new Thread(supervisor::close));
        Thread.currentThread().join();
    }

    private static String text(Event event) {
        if (event instanceof Event.Serving serving) {
            return "generation " + serving.generation() + " serving " + serving.build() + ": loaded "
                    + serving.loaded().toNanos() + " ns, started "
                    + serving.started().toNanos() + " ns";
        }
        if (event instanceof Event.Listening listening) {
            return "~> http://" + listening.address().getHostString() + ":"
                    + listening.address().getPort() + "/";
        }
        return event.toString();
    }
}
