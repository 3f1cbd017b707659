package dev.supervisor.spi;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** A process that runs one application until a signal ends it. */
final class StandaloneProcess {

    private static final int FAILED = 1;

    private StandaloneProcess() {}

    /** Returns the exit code, after the process got TERM or INT, or when something failed and was printed. */
    static int run(Standalone.Builder builder, Application application, String... arguments) {
        Standalone standalone;
        warnOfSocketsForAnother(System.getenv(), ProcessHandle.current().pid());
        try {
            standalone = builder.open(System.getenv());
            warnOfUnusedProperties(builder.listeners(), System.getProperties());
        } catch (IOException | IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return FAILED;
        }
        try {
            standalone.begin(application, arguments);
        } catch (Throwable e) {
            print(application.getClass().getName() + " failed to start: ", e);
            standalone.close();
            return FAILED;
        }
        awaitSignal(standalone);
        try {
            standalone.close();
            return 0;
        } catch (IllegalStateException e) {
            print("", e);
            return FAILED;
        }
    }

    private static void warnOfSocketsForAnother(Map<String, String> environment, long processId) {
        if (PassedDescriptor.areOfAnother(environment, processId)) {
            System.err.println("the sockets of the parent process are not used: LISTEN_PID names process "
                    + environment.get("LISTEN_PID") + ", and this is " + processId
                    + " (a script must start java by exec)");
        }
    }

    private static void warnOfUnusedProperties(Set<String> listeners, Properties properties) {
        for (String property : ListenAddress.unused(listeners, properties)) {
            System.err.println("the system property " + property
                    + " is not used: there is no listener of that name, but " + String.join(", ", listeners));
        }
    }

    /** Returns at a signal. A {@link System#exit} of the application ends it, too. */
    private static void awaitSignal(Standalone standalone) {
        CountDownLatch signal = new CountDownLatch(1);
        TerminationSignals.handle(signal::countDown);
        Runtime.getRuntime().addShutdownHook(new Thread(standalone::closeUnlessEnding, "standalone-end"));
        try {
            signal.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // as a signal
        }
    }

    private static void print(String what, Throwable cause) {
        StringWriter stack = new StringWriter();
        cause.printStackTrace(new PrintWriter(stack));
        System.err.print(what + stack);
    }
}
