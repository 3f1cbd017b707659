package dev.supervisor.socket.proxy;

import dev.supervisor.ProxyProtocol;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.Optional;

/** Tells by its address whether a peer is a proxy whose connections begin with a header. Immutable. */
public final class TrustedProxies {

    private final List<IpSubnetFilterRule> networks;
    private final boolean unix;

    public TrustedProxies(List<ProxyProtocol.Source> sources) {
        networks = sources.stream()
                .flatMap(source -> source.address().map(address -> rule(address, source.prefix())).stream())
                .toList();
        unix = sources.stream().map(ProxyProtocol.Source::address).anyMatch(Optional::isEmpty);
    }

    private static IpSubnetFilterRule rule(InetAddress address, int prefix) {
        return new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT);
    }

    public boolean has(SocketAddress peer) {
        if (peer instanceof InetSocketAddress inet) {
            for (IpSubnetFilterRule network : networks) {
                if (network.matches(inet)) {
                    return true;
                }
            }
            return false;
        }
        return unix && peer instanceof UnixDomainSocketAddress;
    }
}
