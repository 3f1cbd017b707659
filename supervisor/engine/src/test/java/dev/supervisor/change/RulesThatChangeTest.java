package dev.supervisor.change;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.Watcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is a source no longer stays as it was when watching began. */
@Timeout(60)
final class RulesThatChangeTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path given;

    private final Sightings seen = new Sightings(() -> this.file);
    private Path project = Path.of("");
    private volatile Path file = Path.of("");
    private @Nullable Watcher watcher;

    @BeforeEach
    void prepare() throws IOException {
        project = given.toRealPath();
        Files.createDirectories(project.resolve("src/generated/deep"));
        file = project.resolve("src/generated/deep/A.java");
    }

    @AfterEach
    void close() {
        if (watcher != null) {
            watcher.close();
        }
    }

    private void watch(WatcherKind kind, Path root) {
        Watcher created = kind.create(seen, new IgnoredSources(List.of(root), List.of(), List.of(), project));
        watcher = created;
        created.watch(List.of(root));
    }

    private void assertSeen(String content) throws Exception {
        Files.writeString(file, content);
        seen.await(content);
    }

    /** That the rules are read again is told as well, since changes may have been missed meanwhile. */
    private void assertSeenAfter(Change change) throws Exception {
        Files.writeString(file, "ignored as yet");
        change.make();
        seen.await("ignored as yet");
        assertSeen("saved");
        assertSeen("saved again");
    }

    private interface Change {
        void make() throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void aRuleIsTakenOutInTheRoot(WatcherKind kind) throws Exception {
        Path rules = Files.writeString(project.resolve("src/.gitignore"), "generated/\n");
        watch(kind, project.resolve("src"));
        assertSeenAfter(() -> Files.writeString(rules, "# none\n"));
    }

    @ParameterizedTest
    @EnumSource
    void aRuleIsTakenOutAboveTheRoot(WatcherKind kind) throws Exception {
        Path rules = Files.writeString(project.resolve(".gitignore"), "generated/\n");
        watch(kind, project.resolve("src"));
        assertSeenAfter(() -> Files.writeString(rules, "# none\n"));
    }

    @ParameterizedTest
    @EnumSource
    void theRulesAreDeleted(WatcherKind kind) throws Exception {
        Path rules = Files.writeString(project.resolve(".gitignore"), "generated/\n");
        watch(kind, project.resolve("src"));
        assertSeenAfter(() -> Files.delete(rules));
    }

    @ParameterizedTest
    @EnumSource
    void rulesComeIntoBeingThatTakeOthersBack(WatcherKind kind) throws Exception {
        Files.writeString(project.resolve(".gitignore"), "generated/\n");
        watch(kind, project.resolve("src"));
        assertSeenAfter(() -> Files.writeString(project.resolve("src/.ignore"), "!generated/\n"));
    }

    @ParameterizedTest
    @EnumSource
    void theRulesOfAnOutputThatIgnoresAllOfItselfAreWrittenAgain(WatcherKind kind) throws Exception {
        Path rules = Files.writeString(project.resolve("src/generated/.gitignore"), "*\n");
        file = project.resolve("src/App.java");
        watch(kind, project.resolve("src"));
        Path made = Files.writeString(project.resolve("src/generated/made"), "*\n");
        Files.move(made, rules, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        assertSeen("saved");
        assertEquals(
                List.of(file),
                seen.all().stream().map(Sightings.Seen::path).distinct().toList());
    }

    @ParameterizedTest
    @EnumSource
    void theLinkToTheRootLeadsElsewhere(WatcherKind kind) throws Exception {
        Files.createDirectories(project.resolve("v1/src"));
        file = Files.createDirectories(project.resolve("v2/src/deep")).resolve("A.java");
        Path current = Files.createSymbolicLink(project.resolve("current"), Path.of("v1"));
        watch(kind, current.resolve("src"));
        assertSeenAfter(() -> {
            Path next = Files.createSymbolicLink(project.resolve("next"), Path.of("v2"));
            Files.move(next, current, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        });
    }

    /** Ignores until it is asked to look again. */
    private static final class ChangingMeanwhile implements IgnoreFilter {

        private final AtomicBoolean ignoring = new AtomicBoolean(true);

        @Override
        public boolean includes(Path path) {
            return false;
        }

        @Override
        public boolean includesDirectory(Path directory) {
            return ignoring.get() && directory.endsWith("generated");
        }

        @Override
        public boolean lookAgain() {
            return ignoring.getAndSet(false);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRuleIsTakenOutWhileWatchingBegins(WatcherKind kind) throws Exception {
        Watcher created = kind.create(seen, new ChangingMeanwhile());
        watcher = created;
        created.watch(List.of(project.resolve("src")));
        assertSeen("saved");
    }
}
