package dev.supervisor.demo;

import io.netty.channel.Channel;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The build that answers.
 *
 * @param built when Maven has made it
 */
record Build(int generation, Instant built) {

    /**
     * Returns what the page shows of an answer, by name.
     *
     * @param connection the one by which the answer goes out. Its client's address and port stay the same in all
     *     generations, so they are its name
     */
    Map<String, String> facts(Channel connection) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("generation", Integer.toString(generation));
        facts.put("built", built.toString());
        facts.put("greeting", Page.greeting());
        facts.put("connection", name(connection.remoteAddress()));
        return facts;
    }

    private static String name(SocketAddress client) {
        return client instanceof InetSocketAddress address
                ? NetUtil.toSocketAddressString(address)
                : String.valueOf(client);
    }
}
