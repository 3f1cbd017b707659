package dev.supervisor.bench.run;

import dev.supervisor.bench.builds.Builds;
import dev.supervisor.bench.builds.Distribution;
import dev.supervisor.bench.figures.Environment;
import dev.supervisor.bench.figures.ResultFile;
import dev.supervisor.bench.figures.SteadyStateFigures;
import dev.supervisor.bench.run.SteadyStateRounds.Contestant;
import dev.supervisor.bench.servers.Nginx;
import dev.supervisor.bench.servers.ServerProcess;
import dev.supervisor.bench.servers.TlsFiles;
import dev.supervisor.bench.tools.ScratchDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Measures TLS that the supervisor ends, by the JDK's engine and by OpenSSL, against nginx that ends it in front of plain
 * Netty; the same without TLS stands beside it. wrk resumes no session, so each connection is a whole handshake of TLS 1.3.
 */
@Command(
        name = "tls",
        mixinStandardHelpOptions = true,
        description = "TLS that the supervisor ends, and nginx that ends it in front of plain Netty.")
class TlsBenchmark implements Callable<Integer> {

    private static final String JAVA_OPTIONS =
            System.getenv().getOrDefault("SUPERVISOR_JAVA_OPTS", "-Xms512m -Xmx512m");

    @Mixin
    private RoundArguments arguments = new RoundArguments();

    @Override
    public Integer call() throws Exception {
        SteadyStateRounds measured = arguments.rounds();
        Nginx.installed();
        Environment environment = Environment.now();
        environment.print();
        try (ScratchDirectory scratch = ScratchDirectory.create("tls")) {
            Builds builds = Builds.ofHello(scratch);
            builds.move(builds.make(1));
            TlsFiles tls = TlsFiles.make(scratch);
            Path withOpenSsl = Distribution.withOpenSsl(scratch);
            List<String> plain = Distribution.plainNetty(JAVA_OPTIONS, builds.jar());
            try (ServerProcess first = ServerProcess.start(JAVA_OPTIONS, plain);
                    ServerProcess behind = ServerProcess.start(JAVA_OPTIONS, plain);
                    ServerProcess clear = ServerProcess.start(JAVA_OPTIONS, Distribution.supervised(builds.jar()));
                    ServerProcess jdk = start(Distribution.SUPERVISOR, "jdk", tls, builds);
                    ServerProcess openSsl = start(withOpenSsl, "openssl", tls, builds);
                    ServerProcess nginx = Nginx.start(scratch, behind.address(), tls)) {
                List<Contestant> contestants = List.of(
                        new Contestant("nginx, TLS", nginx.url(), nginx, behind),
                        new Contestant("OpenSSL", openSsl.url(), openSsl),
                        new Contestant("JDK", jdk.url(), jdk),
                        new Contestant("without TLS", clear.url(), clear),
                        new Contestant("plain Netty", first.url(), first));
                List<SteadyStateFigures> modes = List.of(
                        measured.measure("keep-alive", contestants, List.of()),
                        measured.measure(
                                "a connection for each request", contestants, List.of("-H", "Connection: close")));
                new ResultFile<>("tls", environment, modes).write();
            }
        }
        return 0;
    }

    private static ServerProcess start(Path supervisor, String provider, TlsFiles tls, Builds builds) throws Exception {
        return ServerProcess.start(
                JAVA_OPTIONS,
                List.of(
                        supervisor.toString(),
                        "--socket=https::0",
                        "--cert=" + tls.certificate(),
                        "--key=" + tls.key(),
                        "--tls-provider=" + provider,
                        "--log=plain",
                        "--app=" + builds.jar()));
    }
}
