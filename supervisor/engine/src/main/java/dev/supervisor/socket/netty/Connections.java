package dev.supervisor.socket.netty;

import dev.supervisor.Departure;
import dev.supervisor.Held;
import dev.supervisor.Ledger;
import dev.supervisor.counts.FirstAnswer;
import dev.supervisor.socket.ChangeBarrier;
import dev.supervisor.socket.Connection;
import dev.supervisor.socket.ListeningSocket;
import dev.supervisor.socket.ReceivingSocket;
import dev.supervisor.socket.Server;
import dev.supervisor.socket.http.AnswerCountingHandler;
import dev.supervisor.socket.http.AnswerCounts;
import dev.supervisor.socket.http.HandoffState.Phase;
import dev.supervisor.socket.lent.LentConnections;
import dev.supervisor.spi.TlsSession;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DatagramChannel;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one generation: its open connections, and its server channels, at most one for each listener. Goes
 * through its phases once, except that it may hold and resume many times:
 *
 * <pre>
 *             hold                    supersede
 *   SERVING ────────▶ HOLDING ──┬───────────────▶ SUPERSEDED: connections move when nothing is under way, or end
 *      ▲                │       │    dismiss
 *      └──── resume ────┘   SERVING ────────────▶ DISMISSED:  connections end when nothing is under way
 * </pre>
 *
 * <p>A generation that was superseded, and is kept, can be reinstated: it holds then.
 *
 * <p>All methods may be called from any thread.
 */
public final class Connections implements ConnectionOwner {

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private record Departed(Connection connection, Departure how) {
        private void tell() {
            connection.departed(how);
        }
    }

    private final Map<ListeningSocket, Server> servers = new ConcurrentHashMap<>();
    private final Set<OwnedConnection> open = ConcurrentHashMap.newKeySet();
    private final Receivers receivers = new Receivers();
    private final FirstAnswer firstAnswer = new FirstAnswer();
    private final LentConnections lent = new LentConnections(new OfLent());

    /** How many server channels are making channels of queued connections at this moment. */
    private final AtomicInteger adopting = new AtomicInteger();

    private final Map<Departure, LongAdder> departures = new EnumMap<>(Departure.class);

    /** Those of the present hold, of which their listeners are told only when it ends in a swap. Guarded by itself. */
    private final List<Departed> duringHold = new ArrayList<>();

    /** Another one after each {@link #reinstate}. */
    private volatile CompletableFuture<@Nullable Void> drained = new CompletableFuture<>();

    private final Consumer<Server> onServing;
    private final PipelineCustomizer customizer;
    private final ChangeBarrier barrier;

    /** Empty if errors are not watched: pipelines get no handler for it then. */
    private final Optional<AnswerCounts> answers;

    private volatile boolean movesWebSockets;

    /** Made once, since it is needed for each read. */
    private final BooleanSupplier quiescing = this::isQuiescing;

    private volatile Phase phase = Phase.SERVING;
    private volatile boolean endsWithResponses;
    private volatile boolean leavesProcess;
    private volatile int heldAtTheEnd;

    /** @param onServing called when the generation begins to serve a listener */
    public Connections(Consumer<Server> onServing) {
        this(onServing, PipelineCustomizer.none(), ChangeBarrier.NONE);
    }

    /**
     * @param onServing called when the generation begins to serve a listener
     * @param customizer customizes the pipelines of the HTTP connections
     * @param barrier is passed before new work is done
     */
    public Connections(Consumer<Server> onServing, PipelineCustomizer customizer, ChangeBarrier barrier) {
        this(onServing, customizer, barrier, Optional.empty(), false);
    }

    /**
     * @param onServing called when the generation begins to serve a listener
     * @param customizer customizes the pipelines of the HTTP connections
     * @param barrier is passed before new work is done
     * @param answers counts the answers; empty if they are not counted
     * @param movesWebSockets whether WebSockets move to the next generation
     */
    public Connections(
            Consumer<Server> onServing,
            PipelineCustomizer customizer,
            ChangeBarrier barrier,
            Optional<AnswerCounts> answers,
            boolean movesWebSockets) {
        this.answers = answers;
        this.movesWebSockets = movesWebSockets;
        this.barrier = barrier;
        this.onServing = onServing;
        this.customizer = customizer;
        Arrays.stream(Departure.values()).forEach(departure -> departures.put(departure, new LongAdder()));
    }

    /**
     * Returns whether the peer of a channel, or of the connection that the channel is a stream of, may be a process of this
     * machine, as far as a proxy tells.
     */
    public static boolean mayBeLocal(@Nullable Channel channel) {
        return channel == null
                || (channel instanceof ConnectionChannel own
                        ? own.connection().mayBeLocal()
                        : mayBeLocal(channel.parent()));
    }

    // Called by the generation

    /** Makes a server channel, which serves the listener once the generation has bound it. */
    public SupervisedServerChannel open(ListeningSocket listener) {
        return new SupervisedServerChannel(listener, this);
    }

    /** Makes a channel, which receives the datagrams of a socket once the generation has bound it. */
    public DatagramChannel open(ReceivingSocket socket) {
        return receivers.open(socket);
    }

    /** Returns the connections of an application that knows nothing of the supervisor. */
    public LentConnections lent() {
        return lent;
    }

    void serving(Server server) {
        Server other = servers.putIfAbsent(server.listener(), server);
        if (other != null) {
            throw new IllegalStateException(
                    "listener " + server.listener().spec().name() + " is already served by this generation");
        }
        onServing.accept(server);
    }

    void closed(Server server) {
        servers.remove(server.listener(), server);
    }

    /**
     * Moves a connection of this generation to the generation that has taken over; see the SPI. Must be called on the
     * connection's event loop.
     *
     * @param given for the application of that generation; null if nothing is
     */
    public void handOff(Channel channel, byte @Nullable [] given) {
        own(channel, "hand off").handOff(given);
    }

    /** Returns what the generation before has handed over with a connection; see the SPI. */
    public Optional<byte[]> stateOf(Channel channel) {
        return own(channel, "tell the state of").state();
    }

    private OwnedConnection own(Channel channel, String what) {
        if (!(channel instanceof ConnectionChannel connection)
                || !connection.owned().isOf(this)) {
            throw new IllegalArgumentException("can't " + what + " " + channel
                    + ": it is no connection that the supervisor gave to this generation");
        }
        return connection.owned();
    }

    @Override
    public boolean movesWebSockets() {
        return movesWebSockets;
    }

    /** Lets no WebSocket move from now on: what takes over is another process. */
    public void keepWebSockets() {
        movesWebSockets = false;
    }

    /** Returns what is known about TLS of a connection of this generation; see the SPI. May be called from any thread. */
    public Optional<TlsSession> tlsSession(Channel channel) {
        for (@Nullable Channel each = channel; each != null; each = each.parent()) {
            if (each instanceof ConnectionChannel connection
                    && connection.owned().isOf(this)) {
                return Optional.ofNullable(connection.connection().tls())
                        .flatMap(tls -> tls.session().map(it -> new TlsSession(it, tls.applicationProtocol())));
            }
        }
        return Optional.empty();
    }

    /**
     * Runs an action in which a server channel makes channels of queued connections; until it returns, nothing is
     * drained.
     */
    void adopt(Runnable action) {
        adopting.incrementAndGet();
        try {
            action.run();
        } finally {
            adopting.decrementAndGet();
            checkDrained();
        }
    }

    @Override
    public boolean customize(ChannelPipeline pipeline) {
        boolean counted = answers.isEmpty() || AnswerCountingHandler.add(pipeline, answers.get());
        return customizer.customize(pipeline) && counted; // both wait for the same codec, so neither is added twice
    }

    /** Makes a channel of the next connection in the queue, or returns null if there is none. */
    @Nullable
    ConnectionChannel adoptNext(SupervisedServerChannel parent, Supplier<@Nullable Connection> queue) {
        for (Connection next = queue.get(); next != null; next = queue.get()) {
            try {
                ConnectionChannel channel = channelOf(parent, next);
                open.add(channel.owned());
                return channel;
            } catch (RuntimeException e) { // one broken socket must not stop the others
                LOG.debug("a socket is broken that has waited", e);
                next.end();
            } catch (Error e) { // a lack of memory, say
                next.end();
                throw e;
            }
        }
        return null;
    }

    private ConnectionChannel channelOf(SupervisedServerChannel parent, Connection connection) {
        boolean isHttp = parent.listener().isHttp();
        Function<ConnectionChannel, OwnedConnection> owned =
                channel -> new OwnedConnection(channel, connection, this, isHttp);
        return parent.listener().address() instanceof UnixDomainSocketAddress
                ? new UnixConnectionChannel(parent, connection.socket(), owned)
                : new TcpConnectionChannel(parent, connection.socket(), owned);
    }

    @Override
    public boolean left(OwnedConnection connection, Supplier<Departure> how) {
        if (!connection.departs()) {
            return false;
        }
        count(connection.connection(), how);
        open.remove(connection);
        checkDrained();
        return true;
    }

    private void count(Connection connection, Supplier<Departure> how) {
        if (isQuiescing()) {
            Departure departure = how.get();
            departures.computeIfAbsent(departure, unused -> new LongAdder()).increment();
            tellListener(new Departed(connection, departure));
        }
    }

    private void tellListener(Departed departed) {
        synchronized (duringHold) {
            if (phase == Phase.HOLDING) {
                duringHold.add(departed);
            } else if (isLeaving()) {
                departed.tell();
            }
        }
    }

    /** Called when it is certain that the connections which left during the hold do not come back to this generation. */
    private void tellListeners() {
        synchronized (duringHold) {
            duringHold.forEach(Departed::tell);
            duringHold.clear();
        }
    }

    /** What the connections of an unmodified application need of the generation. */
    private final class OfLent implements LentConnections.Owner {

        @Override
        public Phase phase() {
            return phase;
        }

        @Override
        public boolean leavesProcess() {
            return leavesProcess;
        }

        @Override
        public boolean movesWebSockets() {
            return movesWebSockets;
        }

        @Override
        public void passBarrier() {
            Connections.this.passBarrier();
        }

        @Override
        public void serving(Server server) {
            Connections.this.serving(server);
        }

        @Override
        public void closed(Server server) {
            Connections.this.closed(server);
        }

        @Override
        public AnswerCounts answers() {
            return answers.orElse(AnswerCounts.NONE);
        }

        @Override
        public void left(Connection connection, Supplier<Departure> how) {
            count(connection, how);
            checkDrained();
        }

        @Override
        public void asked() {
            firstAnswer.asked();
        }

        @Override
        public void answered() {
            firstAnswer.answered();
        }
    }

    // Called by the supervisor

    public Optional<Server> serverOf(ListeningSocket listener) {
        return Optional.ofNullable(servers.get(listener));
    }

    /** Sets what is told, once, by an event loop, when a connection has been answered for the first time. */
    public void onFirstAnswer(Consumer<FirstAnswer.Times> told) {
        firstAnswer.onAnswer(told);
    }

    /** The gates are about to be opened to this generation. */
    public void opening() {
        firstAnswer.opening();
    }

    /** Leaves the datagrams that have not been read to another process. */
    public void finishDatagrams() {
        receivers.finish();
    }

    public boolean receives(ReceivingSocket socket) {
        return receivers.receives(socket);
    }

    /**
     * Begins to hold: from now on no datagram is received, and a request on an established HTTP connection takes the connection to its gate, as soon
     * as the requests that were begun before have been answered.
     */
    public void hold() {
        if (phase == Phase.SERVING) {
            phase = Phase.HOLDING;
            receivers.shut();
            lent.held();
            var unused = PerEventLoop.run(open, OwnedConnection::held);
        }
    }

    /** Serves, beginning with the requests that have waited since {@link #hold()}, and the datagrams that have come. */
    public void resume() {
        receivers.open();
        if (phase == Phase.HOLDING) {
            phase = Phase.SERVING;
            departures.values().forEach(LongAdder::reset);
            synchronized (duringHold) {
                duringHold.clear();
            }
            lent.resume();
            var unused = PerEventLoop.run(open, OwnedConnection::resume);
        }
    }

    /**
     * Ends each HTTP connection with the answer to its next request from now on, in whatever phase, and tells the client so
     * in that answer: the supervisor stops soon. New connections get one answer.
     *
     * @param end false takes it back for the connections whose clients have not been told yet
     */
    public void endWithResponses(boolean end) {
        endsWithResponses = end;
        var unused =
                PerEventLoop.run(open, end ? OwnedConnection::endWithResponse : OwnedConnection::goOnAfterResponse);
    }

    /**
     * Ends each connection with keys of TLS with the answer to its next request from now on, as far as the protocol can say
     * so: another process takes over the sockets, and the connections that it can go on with. {@link #supersede} ends the
     * others of these.
     *
     * @return whether there is any
     */
    public boolean leaveProcess() {
        leavesProcess = true;
        var unused = PerEventLoop.run(open, OwnedConnection::leaveProcess);
        return open.stream().anyMatch(each -> !each.connection().canLeaveProcess());
    }

    @Override
    public boolean leavesProcess() {
        return leavesProcess;
    }

    /**
     * Makes connections leave from now on. Connections without work under way move to the generation that their gate is
     * open to, at once or after their last response; the others stay until they end or are ended.
     *
     * @return completes when every connection that can leave at once has left
     */
    public CompletableFuture<@Nullable Void> supersede() {
        heldAtTheEnd = held().count() + movedWhileItHeld();
        phase = Phase.SUPERSEDED;
        tellListeners();
        receivers.supersede();
        servers.forEach((listener, server) -> listener.gate().lost(server, server.giveBack()));
        return leaving(leavesProcess ? OwnedConnection::leaveAfterWhatHasCome : OwnedConnection::leave);
    }

    /** In a hold only connections with a waiting request move. */
    private int movedWhileItHeld() {
        Ledger soFar = ledger();
        return (int) (soFar.count(Departure.MOVED_IDLE) + soFar.count(Departure.MOVED_AFTER_RESPONSE));
    }

    /**
     * Makes connections end from now on, as soon as nothing is under way on them: the supervisor stops. Requests that
     * have arrived by now are still answered, unless they wait for another generation.
     *
     * @return completes when every connection that can end at once has ended
     */
    public CompletableFuture<@Nullable Void> dismiss() {
        boolean held = phase == Phase.HOLDING;
        phase = Phase.DISMISSED;
        tellListeners();
        receivers.supersede();
        return leaving(held ? OwnedConnection::leave : OwnedConnection::leaveAfterWhatHasCome);
    }

    private CompletableFuture<@Nullable Void> leaving(Consumer<OwnedConnection> how) {
        lent.leave();
        CompletableFuture<@Nullable Void> asked = PerEventLoop.run(open, how);
        checkDrained();
        return asked;
    }

    /**
     * Takes back a {@link #supersede}: holds, until {@link #resume}, and does new work again from then on. Connections that have
     * been asked to leave may still do so.
     */
    public void reinstate() {
        if (phase == Phase.SUPERSEDED) {
            phase = Phase.HOLDING;
            drained = new CompletableFuture<>(); // after the phase, see checkDrained
        }
    }

    /** Completes when no connection is left, after {@link #supersede} or {@link #dismiss}. */
    public CompletableFuture<@Nullable Void> drained() {
        return drained;
    }

    /** Moves connections that their event loops have not begun with, without these loops, which do not respond. */
    public void reclaim() {
        lent.reclaim();
        open.forEach(OwnedConnection::reclaim);
    }

    /** Closes the remaining connections, but lent ones only when the program has been stopped, which may end them itself. */
    public void end() {
        lent.overdue();
        var unused = PerEventLoop.run(open, OwnedConnection::end);
    }

    /** Whether there are connections that a program ends when it is stopped. */
    public boolean endAtStop() {
        return lent.count() > 0;
    }

    /** Closes the sockets of the remaining connections without their event loops, which do not respond. */
    public void endFromOutside() {
        lent.endFromOutside();
        open.forEach(OwnedConnection::endFromOutside);
    }

    /** Closes the server channels, and the channels for datagrams, that the generation still has. */
    public void revoke() {
        receivers.close();
        List.copyOf(servers.values()).forEach(Server::revoke);
    }

    /** Closes the channels for datagrams whose event loops do not respond. */
    public void revokeFromOutside() {
        receivers.closeFromOutside();
    }

    /** Returns what has been answered so far; zeros if that is not counted. */
    public AnswerCounts.Counts answerCounts() {
        return answers.map(AnswerCounts::counts).orElse(AnswerCounts.Counts.ZERO);
    }

    /** Returns the number of open connections. */
    public int count() {
        return open.size() + lent.count();
    }

    /** Returns how many requests wait on established connections that are still busy, and for how long the first. */
    public Held held() {
        long now = System.nanoTime();
        Held held = lent.waiting();
        for (OwnedConnection connection : open) {
            long since = connection.waitingSince();
            if (since != 0) {
                held = held.plus(new Held(1, Duration.ofNanos(now - since)));
            }
        }
        return held;
    }

    /** Returns where the connections have gone since the generation stopped doing new work. */
    public Ledger ledger() {
        Map<Departure, Long> counts = new HashMap<>();
        departures.forEach((departure, count) -> {
            if (count.sum() > 0) {
                counts.put(departure, count.sum());
            }
        });
        return new Ledger(heldAtTheEnd, counts);
    }

    @Override
    public Phase phase() {
        return phase;
    }

    /** Whether connections end because the supervisor stops. */
    public boolean isDismissed() {
        return phase == Phase.DISMISSED;
    }

    @Override
    public boolean endsWithResponses() {
        return endsWithResponses;
    }

    @Override
    public void asked() {
        firstAnswer.asked();
    }

    @Override
    public void answered() {
        firstAnswer.answered();
    }

    @Override
    public boolean isQuiescing() {
        return phase != Phase.SERVING;
    }

    @Override
    public void passBarrier() {
        barrier.pass(quiescing);
    }

    @Override
    public boolean isLeaving() {
        return phase == Phase.SUPERSEDED || phase == Phase.DISMISSED;
    }

    private void checkDrained() {
        CompletableFuture<@Nullable Void> current = drained; // first: a later one belongs to a later supersede
        if (isLeaving() && adopting.get() == 0 && open.isEmpty() && lent.isDrained() && nothingArrives()) {
            current.complete(null);
        }
    }

    /** Looks for what no event tells: connections of unknown protocols that are quiet, and ended ones that nobody closes. */
    public void checkQuiet() {
        lent.reclaim();
        checkDrained();
    }

    /** Returns false if the supervisor stops and a server channel is about to serve connections that have arrived. */
    private boolean nothingArrives() {
        return phase != Phase.DISMISSED || servers.values().stream().noneMatch(Server::willAdopt);
    }
}
