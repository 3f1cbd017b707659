package dev.supervisor.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Moves copies of the given builds into place, one after the other, and begins again with the first one. A build with
 * the same bytes as the one in place is skipped, since it is no change.
 */
public final class BuildsInTurn implements Reload {

    private final Path place;
    private final Path next;
    private final List<Path> builds;
    private final BiFunction<IOException, String, String> reason;
    private int at = -1;
    private boolean beganAnew;

    /**
     * @param place the path of the application
     * @param builds the jars to move there
     * @param reason returns why a file can't be used, in words; its parameter is the file that the message names
     * @throws LoadTestException if a build can't be read, or is the file at {@code place}
     */
    public BuildsInTurn(Path place, List<Path> builds, BiFunction<IOException, String, String> reason) {
        this.place = place.toAbsolutePath();
        this.next = this.place.resolveSibling("." + place.getFileName() + ".next");
        this.builds = List.copyOf(builds);
        this.reason = reason;
        for (Path build : builds) {
            if (!Files.isRegularFile(build) || !Files.isReadable(build)) {
                throw new LoadTestException("can't put '" + build + "' in place: it is no file that can be read");
            }
            if (build.toAbsolutePath().normalize().equals(this.place.normalize())) {
                throw new LoadTestException(
                        "can't put '" + build + "' in place: it is the place of the application itself"
                                + " (keep copies of the builds elsewhere)");
            }
        }
    }

    @Override
    public void prepare(int number) {
        try {
            advance();
            Files.copy(build(), next, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new LoadTestException(
                    "can't copy " + build() + " to " + next + ": " + reason.apply(e, build().toString()), e);
        }
    }

    private void advance() throws IOException {
        beganAnew = false;
        for (int tried = 0; tried < builds.size(); tried++) {
            at++;
            if (at == builds.size()) {
                at = 0;
                beganAnew = true;
            }
            if (!Files.exists(place) || Files.mismatch(build(), place) >= 0) {
                return;
            }
        }
        throw new LoadTestException("can't reload: " + place + " has the same bytes as all of the given builds");
    }

    @Override
    public void apply(int number) {
        try {
            Files.move(next, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new LoadTestException(
                    "can't move " + build() + " to " + place + ": " + reason.apply(e, next.toString()), e);
        }
    }

    @Override
    public boolean beginsAnew() {
        return beganAnew;
    }

    private Path build() {
        return builds.get(at);
    }
}
