package dev.supervisor.unload.places;

import dev.supervisor.inspect.GuardedCall;
import dev.supervisor.inspect.Owner;
import dev.supervisor.inspect.ThreadHolder;
import dev.supervisor.inspect.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Threads that an application has started and not ended, with their executors and timers. These are shut down, the
 * threads are interrupted, and waited for.
 */
final class ForgottenThreads implements SharedPlace {

    private record Forgotten(ThreadHolder holder, List<Thread> threads) {}

    private final Duration patience;

    /** @param patience how long to wait for all of them together */
    ForgottenThreads(Duration patience) {
        this.patience = patience;
    }

    @Override
    public List<String> clear(Owner owner) throws InterruptedException {
        List<Forgotten> forgotten = find(owner);
        List<String> described = new ArrayList<>();
        forgotten.forEach(each -> described.add(describe(owner, each))); // before they end and can't be inspected
        forgotten.forEach(each -> stop(owner, each));
        await(forgotten);
        List<String> left = new ArrayList<>();
        for (int i = 0; i < forgotten.size(); i++) {
            left.add(described.get(i) + endOf(owner, forgotten.get(i).threads()));
        }
        return left;
    }

    private static List<Forgotten> find(Owner owner) {
        IdentityHashMap<Object, Forgotten> byHolder = new IdentityHashMap<>();
        List<Forgotten> found = new ArrayList<>();
        for (Thread thread : Threads.startedBy(owner)) {
            ThreadHolder holder = ThreadHolder.of(thread);
            Forgotten known = byHolder.computeIfAbsent(holder.object(), unused -> {
                Forgotten first = new Forgotten(holder, new ArrayList<>());
                found.add(first);
                return first;
            });
            known.threads().add(thread);
        }
        return found;
    }

    private static String describe(Owner owner, Forgotten forgotten) {
        List<Thread> threads = forgotten.threads();
        ThreadHolder holder = forgotten.holder();
        String more = threads.size() == 1 ? "" : " and " + (threads.size() - 1) + " more";
        String kind = holder.kind().isEmpty() ? "" : " (" + holder.kind() + ")";
        return "thread \"" + threads.get(0).getName() + "\"" + more + kind + Threads.ofClass(owner, holder.subject())
                + " " + holder.omission();
    }

    /** Stops the holder and its threads; their classes may be the application's, with overridden methods. */
    private static void stop(Owner owner, Forgotten forgotten) {
        ThreadHolder holder = forgotten.holder();
        GuardedCall.run(owner, "stop " + holder.object().getClass().getName(), holder.stop()::run);
        for (Thread thread : forgotten.threads()) {
            GuardedCall.run(owner, "interrupt the thread \"" + thread.getName() + "\"", thread::interrupt);
        }
    }

    private void await(List<Forgotten> forgotten) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        for (Forgotten each : forgotten) {
            for (Thread thread : each.threads()) {
                // a join of 0 would last for ever
                TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, deadline - System.nanoTime()));
            }
        }
    }

    private static String endOf(Owner owner, List<Thread> threads) {
        return threads.stream()
                .filter(Thread::isAlive)
                .findFirst()
                .map(thread -> ", and does not end when it is interrupted: "
                        + Threads.where(owner.loader(), thread.getStackTrace()))
                .orElse("");
    }
}
