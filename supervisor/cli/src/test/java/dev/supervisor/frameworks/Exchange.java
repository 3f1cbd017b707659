package dev.supervisor.frameworks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.supervisor.frameworks.Responses.Response;
import dev.supervisor.frameworks.Script.Part;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A client that sends a {@link Script}, with pauses in which a swap happens. Never waits; of one thread. */
final class Exchange implements AutoCloseable {

    /** How the client comes to a swap. */
    enum Manner {
        /** It waits for the responses to all requests that it has sent, and pauses. */
        ANSWERED,
        /** It has read nothing, and pauses. */
        UNDER_WAY,
        /** It goes on meanwhile, byte by byte. */
        BYTE_BY_BYTE
    }

    private final Script script;
    private final Manner manner;
    private final int number;
    private final List<Integer> cuts;
    private final byte[] bytes;
    private final SocketChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    private final StringBuilder received = new StringBuilder();

    /**
     * Of each part that has begun: the version that served. Empty lines count, since a server that has read one, and
     * nothing before, is left the rest: it could be another protocol.
     */
    private final int[] beganUnder;

    /** Of each part: the number of the write with its first byte. */
    private final int[] beganInWrite;

    /** Of each part: the number of the write with the first byte of its first line. */
    private final int[] firstLineInWrite;

    private int pause;
    private int limit;
    private boolean slowly;
    private int sent;
    private int writes;
    private int heads;
    private boolean ended;
    private String end = "";

    /** @param cuts where it pauses; the last is the script's end */
    Exchange(Script script, Manner manner, int number, List<Integer> cuts, InetSocketAddress address)
            throws IOException {
        this.script = script;
        this.manner = manner;
        this.number = number;
        this.cuts = cuts;
        bytes = script.bytes(number).getBytes(ISO_8859_1);
        beganInWrite = new int[script.parts().size()];
        firstLineInWrite = new int[script.parts().size()];
        beganUnder = new int[script.parts().size()];
        channel = SocketChannel.open(address);
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    /** Has it go on to this of its cuts. */
    void goOnTo(int cut) {
        pause = cut;
        limit = Math.max(sent, cuts.get(cut));
        slowly = false;
    }

    /** Has it go on while a swap happens, if that is its manner. */
    void goOnSlowly() {
        if (manner == Manner.BYTE_BY_BYTE) {
            limit = bytes.length;
            slowly = true;
        }
    }

    /**
     * Sends and reads what is possible.
     *
     * @param version which serves, for all that the client knows
     */
    void proceed(int version) {
        try {
            send(version);
        } catch (IOException e) { // the server has closed it, and what it has sent is still to be read
            limit = sent;
        }
        if (!ended && (pause > 0 || manner != Manner.UNDER_WAY)) {
            read();
        }
    }

    private void send(int version) throws IOException {
        int to = Math.min(limit, firstAwaited());
        if (slowly) {
            to = Math.min(to, sent + 1 + bytes.length / 1000);
        }
        if (sent >= to || ended) {
            return;
        }
        int from = sent;
        writes++;
        sent += channel.write(ByteBuffer.wrap(bytes, sent, to - sent));
        for (int i = 0; i < beganInWrite.length; i++) {
            int start = script.start(i);
            if (from <= start && start < sent) {
                beganUnder[i] = version;
                beganInWrite[i] = writes;
            }
            int firstLine = start + script.parts().get(i).firstLine();
            if (from <= firstLine && firstLine < sent) {
                firstLineInWrite[i] = writes;
            }
        }
    }

    /** Where the client waits for a response that has not come. */
    private int firstAwaited() {
        int responses = 0;
        List<Part> parts = script.parts();
        for (int i = 0; i < parts.size(); i++) {
            responses += parts.get(i).statuses().size();
            if (parts.get(i).awaited() && heads < responses) {
                return script.start(i + 1);
            }
        }
        return bytes.length;
    }

    private void read() {
        try {
            buffer.clear();
            int length = channel.read(buffer);
            if (length > 0) {
                received.append(new String(buffer.array(), 0, length, ISO_8859_1));
                heads = Responses.heads(received.toString());
            } else if (length < 0) {
                ended = true;
            }
        } catch (IOException e) {
            ended = true;
            end = e.toString();
        }
    }

    /** Whether the pause is reached: all has been sent, and answered if it waits for that. */
    boolean pauses() {
        if (ended) {
            return true;
        }
        boolean allSent = sent == Math.min(limit, firstAwaited());
        return switch (manner) {
            case ANSWERED -> allSent && (heads >= responsesToWhole() || script.keepsBack(sent));
            case UNDER_WAY -> true; // as far as the sockets have taken it
            case BYTE_BY_BYTE -> allSent;
        };
    }

    private int responsesToWhole() {
        int responses = 0;
        for (int i = 0; i < beganInWrite.length; i++) {
            if (script.start(i + 1) <= sent) {
                responses += script.parts().get(i).statuses().size();
            }
        }
        return responses;
    }

    boolean isEnded() {
        return ended;
    }

    String received() {
        return received.toString();
    }

    int requests() {
        return (int) script.parts().stream().filter(Part::begins).count();
    }

    /** Returns what differs from what comes without a swap, or nothing. */
    List<String> problems(String expected) {
        List<String> problems = new ArrayList<>();
        String normalized = Responses.normalized(received(), number);
        if (!ended) {
            problems.add("the connection is still open");
        }
        if (!end.isEmpty()) {
            problems.add("it ended with " + end);
        }
        if (!normalized.equals(expected)) {
            problems.add(difference(expected, normalized));
        } else {
            problems.addAll(wrongVersions());
        }
        return problems;
    }

    private static String difference(String expected, String actual) {
        int same = Arrays.mismatch(expected.toCharArray(), actual.toCharArray());
        return "received " + actual.length() + " bytes instead of " + expected.length() + "; at " + same + " expected "
                + from(expected, same) + " but received " + from(actual, same);
    }

    private static String from(String text, int position) {
        String part = text.substring(Math.max(0, position - 60), Math.min(text.length(), position + 200));
        return "'" + part.replace("\r", "\\r").replace("\n", "\\n") + "'";
    }

    private List<String> wrongVersions() {
        List<String> problems = new ArrayList<>();
        List<Response> responses = Responses.of(received()).all();
        int[] answeredBy = new int[beganInWrite.length];
        int next = 0;
        int request = 0;
        int latest = 0;
        for (int i = 0; i < beganInWrite.length; i++) {
            Part part = script.parts().get(i);
            request = part.begins() ? i : request;
            for (int status : part.statuses()) {
                List<String> versions = responses.get(next++).versions();
                if (versions.size() > 1) {
                    problems.add("one response names " + versions);
                } else if (!versions.isEmpty()) {
                    int version = Integer.parseInt(versions.get(0).substring(1));
                    if (version < Math.max(latest, beganUnder[request])) {
                        problems.add("request " + request + " was begun when v" + beganUnder[request] + " served, and v"
                                + version + " has answered it, with " + status + ", after v" + latest);
                    }
                    latest = version;
                    answeredBy[request] = version;
                }
            }
        }
        if (manner == Manner.ANSWERED) {
            problems.addAll(dividedWrites(answeredBy));
        }
        return problems;
    }

    /** Requests that were begun in one write, and the first of them answered before the next swap, have been read at once. */
    private List<String> dividedWrites(int[] answeredBy) {
        List<String> problems = new ArrayList<>();
        for (int i = 1; i < answeredBy.length; i++) {
            boolean together = beganInWrite[i - 1] == firstLineInWrite[i] && bytes.length < 4096;
            if (together && answeredBy[i - 1] > 0 && answeredBy[i] > 0 && answeredBy[i] != answeredBy[i - 1]) {
                problems.add("requests " + (i - 1) + " and " + i + ", begun by one write, are answered by v"
                        + answeredBy[i - 1] + " and v" + answeredBy[i]);
            }
        }
        return problems;
    }

    @Override
    public String toString() {
        return script + ", " + manner + ", cut at " + cuts + " of " + bytes.length;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
