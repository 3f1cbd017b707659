package dev.supervisor.compile;

import dev.supervisor.ApplicationBuilder;
import dev.supervisor.Event;
import dev.supervisor.Watcher;
import dev.supervisor.change.Watchers;
import dev.supervisor.compile.Project.Module;
import dev.supervisor.compile.Project.Resources;
import dev.supervisor.compile.Project.Tests;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiles and runs the tests that depend on what has changed, on a thread of its own, once the build that has the change
 * serves: a swap never waits for them. A run is abandoned as soon as anything changes again. Thread-safe.
 *
 * <pre>
 *        built, and the swap has ended; a test has changed; all wanted
 *  IDLE ────────────────────────────────────────────────────────────────▶ TESTING
 *   ▲                                                                        │
 *   └── the end of the tests; or a change, by which they are abandoned ──────┘
 * </pre>
 */
public final class ResidentTests implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ResidentTests.class);

    /** How long a swap may take until tests are run beside it. */
    private static final Duration LONGEST_SWAP = Duration.ofSeconds(10);

    /** How long a test that was interrupted may take to end before it is said that it does not. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Each of them keeps a thread, and the classes of the tests. */
    private static final int MOST_ENDLESS = 3;

    private final ProjectCompiler projects;
    private final ProjectWatcher.Settings settings;
    private final Thread thread = new Thread(this::loop, "supervisor-tests");

    // Guarded by this.
    private ApplicationBuilder.@Nullable Observer observer;
    private @Nullable Watcher watcher;
    private List<Path> watched = List.of();
    private boolean closed;
    private boolean wanted;
    private boolean all;
    private boolean building = true;
    private boolean swapping;
    private boolean hearsOfSwaps;
    private long built;
    private long changes;
    private @Nullable TestRun current;

    // Used by the thread that tests only.
    private Map<String, TestCompiler> compilers = new HashMap<>();
    private final Map<String, Set<String>> failedBefore = new HashMap<>();
    private final List<TestRun> endless = new ArrayList<>();

    @SuppressWarnings("ThreadPriorityCheck") // a hint: requests and builds come first
    ResidentTests(ProjectCompiler projects, ProjectWatcher.Settings settings) {
        this.projects = projects;
        this.settings = settings;
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
    }

    /** Begins to test, as soon as the application has been built. */
    synchronized void open(ApplicationBuilder.Observer tellTo) {
        if (observer == null) {
            projects.onProject(this::watch);
            thread.start();
        }
        observer = tellTo;
    }

    /** Tests are sources of nothing that serves: their changes are no affair of the supervisor's. */
    private synchronized void watch(Project project) {
        Set<Path> sources = new LinkedHashSet<>();
        Set<Path> outputs = new LinkedHashSet<>(ProjectCompiler.outputsOf(project));
        outputs.add(settings.state());
        for (Module module : project.modules()) {
            module.tests().ifPresent(tests -> {
                sources.addAll(tests.sourceRoots());
                tests.resources().stream().map(Resources::directory).forEach(sources::add);
                outputs.add(tests.output());
                outputs.add(tests.generatedSources());
            });
        }
        List<Path> next = List.copyOf(sources);
        if (closed || next.equals(watched)) {
            return;
        }
        closeWatcher();
        watched = next;
        watcher = Watchers.ofSources(
                path -> testChanged(), next, outputs, settings.ignored(), project.directory(), settings.poll());
    }

    private void closeWatcher() {
        if (watcher != null) {
            watcher.close();
        }
        watcher = null;
    }

    /** A source of the application has changed: nothing is tested until it has been built. */
    synchronized void sourceChanged() {
        building = true;
        abandon();
    }

    /** The application has been built, and no source has changed since that began. */
    synchronized void built() {
        building = false;
        swapping = hearsOfSwaps;
        built = System.nanoTime();
        wanted = true;
        notifyAll();
    }

    private synchronized void testChanged() {
        wanted = true;
        abandon();
    }

    /** Runs all tests, whatever has changed. */
    public synchronized void runAll() {
        all = true;
        wanted = true;
        abandon();
    }

    /** Tells of an event of the supervisor. If that is never called, tests may run beside a swap. */
    public synchronized void accept(Event event) {
        hearsOfSwaps = true;
        if (event instanceof Event.Serving || event instanceof Event.Unchanged || event instanceof Event.Failed) {
            swapping = false;
            notifyAll();
        }
    }

    private void abandon() {
        changes++;
        if (current != null) {
            current.abandon();
        }
        notifyAll();
    }

    private synchronized boolean isOutdated(long since) {
        return changes != since || closed;
    }

    private void loop() {
        try {
            while (true) {
                Optional<Long> turn = awaitTurn();
                if (turn.isEmpty()) {
                    return;
                }
                test(turn.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            compilers.values().forEach(ResidentTests::close);
        }
    }

    /** Returns the number of changes so far; empty when this is closed. */
    private synchronized Optional<Long> awaitTurn() throws InterruptedException {
        while (!closed && (!wanted || building || isSwapping())) {
            TimeUnit.NANOSECONDS.timedWait(this, wanted && !building ? LONGEST_SWAP.toNanos() : Long.MAX_VALUE);
        }
        wanted = false;
        return closed ? Optional.empty() : Optional.of(changes);
    }

    private boolean isSwapping() {
        return swapping && System.nanoTime() - built < LONGEST_SWAP.toNanos();
    }

    private void tell(Event event) {
        ApplicationBuilder.Observer to;
        synchronized (this) {
            to = observer;
        }
        if (to != null) {
            to.tested(event);
        }
    }

    private void notTested(String why) {
        tell(new Event.NotTested(why, List.of()));
    }

    private void test(long since) throws InterruptedException {
        try {
            boolean everything = takeAll();
            if (!test(since, everything) && everything) {
                keepAll();
            }
        } catch (IOException e) {
            notTested("the tests can't be run: " + e.getMessage());
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("tests have failed to run", e);
            notTested("the tests can't be run: " + e);
        }
    }

    private synchronized boolean takeAll() {
        boolean was = all;
        all = false;
        return was;
    }

    private synchronized void keepAll() {
        all = true;
    }

    /** Returns whether tests have been run to their end, if there are any. */
    private boolean test(long since, boolean everything) throws IOException, InterruptedException {
        open(projects.project());
        for (TestCompiler each : compilers.values()) {
            CompilerMessages messages = each.compile(() -> isOutdated(since));
            if (isOutdated(since)) {
                return false;
            }
            if (messages.hasErrors()) {
                String summary = "the tests can't be compiled: " + messages.summary();
                String lines = messages.errors().isEmpty() ? "\n  " + String.join("\n  ", messages.lines()) : "";
                tell(new Event.NotTested(summary + lines, messages.errors()));
                return false;
            }
        }
        Map<TestCompiler, Set<String>> chosen = new LinkedHashMap<>();
        int count = 0;
        for (TestCompiler each : compilers.values()) {
            Set<String> classes = choose(each, everything);
            count += classes.size();
            chosen.put(each, classes);
        }
        if (count > 0) {
            return run(chosen, count, since);
        }
        if (everything) {
            notTested("there are no tests");
        }
        compilers.values().forEach(each -> each.classes().tested());
        return true;
    }

    private void open(Project project) throws IOException {
        JavaCompiler javac = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
        Map<String, TestCompiler> next = new LinkedHashMap<>();
        for (Module module : project.modules()) {
            Optional<Tests> tests = module.tests();
            if (tests.isEmpty()) {
                continue;
            }
            TestCompiler known = compilers.get(module.name());
            boolean same = known != null && known.tests().equals(tests.get());
            next.put(
                    module.name(),
                    known != null && same ? known : new TestCompiler(javac, module, tests.get(), settings.state()));
        }
        compilers.values().stream().filter(each -> !next.containsValue(each)).forEach(ResidentTests::close);
        compilers = next;
    }

    private static void close(TestCompiler compiler) {
        try {
            compiler.close();
        } catch (IOException e) {
            LOG.debug("can't close a class path", e);
        }
    }

    private Set<String> choose(TestCompiler compiler, boolean everything) throws IOException {
        TestedClasses classes = compiler.classes();
        classes.look();
        Set<String> there = classes.all();
        if (everything) {
            return there;
        }
        Set<String> chosen =
                new TreeSet<>(failedBefore.getOrDefault(compiler.tested().name(), Set.of()));
        chosen.retainAll(there);
        chosen.addAll(classes.affected());
        return chosen;
    }

    private boolean run(Map<TestCompiler, Set<String>> chosen, int count, long since)
            throws IOException, InterruptedException {
        endless.removeIf(run -> !run.isAlive());
        if (endless.size() >= MOST_ENDLESS) {
            notTested("no tests are run, since " + endless.size() + " runs before don't end"
                    + endless.get(0).place().map(place -> ": " + shown(place)).orElse(""));
            return false;
        }
        tell(new Event.Testing(count));
        long begun = System.nanoTime();
        TestRun.Result all = TestRun.Result.NONE;
        for (Map.Entry<TestCompiler, Set<String>> each : chosen.entrySet()) {
            Set<String> classes = each.getValue();
            if (classes.isEmpty()) {
                each.getKey().classes().tested();
                continue;
            }
            Optional<TestRun.Result> result = run(each.getKey(), classes, since);
            if (result.isEmpty()) {
                return false;
            }
            if (result.get().problem().isPresent()) {
                notTested("the tests of " + each.getKey().tested().name() + " can't be run: "
                        + result.get().problem().get());
                return false;
            }
            remember(each.getKey(), result.get());
            all = all.and(result.get());
        }
        tell(new Event.Tested(
                all.classes().size(),
                all.succeeded(),
                all.failed(),
                all.skipped(),
                Duration.ofNanos(System.nanoTime() - begun),
                all.failures()));
        return true;
    }

    private void remember(TestCompiler compiler, TestRun.Result result) {
        compiler.classes().tested();
        Set<String> failed = new TreeSet<>();
        result.failures().forEach(failure -> failed.add(topLevel(failure.testClass())));
        failedBefore.put(compiler.tested().name(), failed);
    }

    private static String topLevel(String name) {
        int dollar = name.indexOf('$');
        return dollar > 0 ? name.substring(0, dollar) : name;
    }

    private Optional<TestRun.Result> run(TestCompiler compiler, Set<String> classes, long since)
            throws IOException, InterruptedException {
        TestRun run = new TestRun(compiler.tests(), List.copyOf(classes));
        synchronized (this) {
            if (isOutdated(since)) {
                return Optional.empty();
            }
            current = run;
            run.start();
        }
        Optional<TestRun.Result> result = run.await();
        synchronized (this) {
            current = null;
        }
        if (result.isEmpty() && !run.endsWithin(PATIENCE)) {
            endless.add(run);
            notTested("a test does not end, and keeps a thread: "
                    + run.place().map(ResidentTests::shown).orElse("one of " + String.join(", ", classes)));
        }
        return result;
    }

    private static String shown(StackTraceElement place) {
        return place.getClassName() + "." + place.getMethodName() + " (" + place.getFileName() + ":"
                + place.getLineNumber() + ")";
    }

    /** Ends what runs. */
    @Override
    public synchronized void close() {
        closed = true;
        closeWatcher();
        abandon();
    }
}
