package dev.supervisor.frameworks;

/** The applications of {@code supervisor/frameworks}, by their directories there. */
enum Framework {
    ARMERIA("armeria", "armeria", "Netty", Unloading.REPORTED),
    ASYNC_CHANNEL("async-channel", "", "AsynchronousServerSocketChannel", Unloading.REPORTED),
    BOOT_3_TOMCAT("boot-3-tomcat", "spring-boot", "Tomcat: ServerSocketChannel", Unloading.ASSERTED),
    BOOT_3_WEBFLUX("boot-3-webflux", "spring-boot", "Reactor Netty", Unloading.ASSERTED),
    BOOT_4_JETTY("boot-4-jetty", "spring-boot", "Jetty: ServerSocketChannel", Unloading.ASSERTED),
    BOOT_4_TOMCAT("boot-4-tomcat", "spring-boot", "Tomcat: ServerSocketChannel", Unloading.ASSERTED),
    BOOT_4_WEBFLUX("boot-4-webflux", "spring-boot", "Reactor Netty", Unloading.ASSERTED),
    GRPC_NETTY("grpc-netty", "grpc-netty", "Netty", Unloading.ASSERTED),
    GRPC_SHADED("grpc-shaded", "grpc-netty-shaded", "shaded Netty", Unloading.REPORTED),
    HELIDON("helidon", "helidon-webserver", "ServerSocket, virtual threads", Unloading.REPORTED, 21),
    JAVALIN("javalin", "javalin", "Jetty: ServerSocketChannel", Unloading.ASSERTED),
    JDK_HTTP_SERVER("jdk-http-server", "", "HttpServer: ServerSocketChannel", Unloading.REPORTED),
    JETTY("jetty", "jetty-server", "ServerSocketChannel", Unloading.ASSERTED),
    KTOR("ktor", "ktor-server-netty-jvm", "Netty", Unloading.REPORTED),
    MICRONAUT("micronaut", "micronaut-http-server-netty", "Netty", Unloading.ASSERTED),
    NETTY_4_1("netty-4.1", "netty-codec-http", "NioServerSocketChannel", Unloading.ASSERTED),
    NETTY_4_2("netty-4.2", "netty-codec-http", "NioServerSocketChannel", Unloading.REPORTED),
    NETTY_EPOLL("netty-epoll", "netty-codec-http", "EpollServerSocketChannel, relayed", Unloading.REPORTED),
    NIO("nio", "", "ServerSocketChannel, selector", Unloading.ASSERTED),
    QUARKUS("quarkus", "io.quarkus.quarkus-rest", "Vert.x: Netty", Unloading.REPORTED),
    SERVER_SOCKET("server-socket", "", "ServerSocket", Unloading.ASSERTED),
    TOMCAT("tomcat", "tomcat-embed-core", "ServerSocketChannel", Unloading.ASSERTED),
    UNDERTOW("undertow", "undertow-core", "XNIO: ServerSocketChannel", Unloading.REPORTED),
    VERTX_4("vertx-4", "vertx-core", "Netty", Unloading.ASSERTED),
    VERTX_5("vertx-5", "vertx-core", "Netty", Unloading.ASSERTED),
    VIRTUAL_THREADS("virtual-threads", "", "ServerSocketChannel, virtual threads", Unloading.ASSERTED, 21);

    /** What the test does with a former generation that is still in memory. */
    enum Unloading {
        /** It fails. */
        ASSERTED,
        /** It counts, and says so in the table. */
        REPORTED
    }

    private final String directory;
    private final String library;
    private final String listening;
    private final Unloading unloading;
    private final int java;

    /** @param library the name, without a version, of the jar that gives the framework's version; empty for the JDK alone */
    Framework(String directory, String library, String listening, Unloading unloading) {
        this(directory, library, listening, unloading, 17);
    }

    Framework(String directory, String library, String listening, Unloading unloading, int java) {
        this.directory = directory;
        this.library = library;
        this.listening = listening;
        this.unloading = unloading;
        this.java = java;
    }

    String directory() {
        return directory;
    }

    String library() {
        return library;
    }

    String listening() {
        return listening;
    }

    boolean mustUnload() {
        return unloading == Unloading.ASSERTED;
    }

    boolean runsOnThisJava() {
        return Runtime.version().feature() >= java;
    }

    boolean isGrpc() {
        return directory.startsWith("grpc-");
    }

    /** The test's name. */
    @Override
    public String toString() {
        return directory;
    }
}
