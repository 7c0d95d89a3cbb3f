package dev.concert.ensemble.nodes;

import dev.concert.testing.LocalServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Debian's HAProxy before some nodes, as an operator would have it. */
final class Balancer implements AutoCloseable {
  private final LocalServer server;
  private final int port;

  private Balancer(LocalServer server, int port) {
    this.server = server;
    this.port = port;
  }

  static Balancer before(Path folder, List<NodeProcess> nodes) {
    int port = LocalServer.freePort();
    StringBuilder config =
        new StringBuilder(
            """
            global
              log stdout format raw local0
            defaults
              mode http
              log global
              timeout connect 1s
              timeout client 30s
              timeout server 30s
              option httpchk
              http-check send meth GET uri /api/v1/health ver HTTP/1.1 hdr Host ensemble
              option redispatch
              default-server check inter 200ms fall 1 rise 1
            listen ensemble
              balance roundrobin
              bind 127.0.0.1:%d
            """
                .formatted(port));
    nodes.forEach(
        node -> config.append("  server node%1$d 127.0.0.1:%1$d%n".formatted(node.port())));
    try {
      Path file = Files.writeString(folder.resolve("haproxy.cfg"), config);
      return new Balancer(
          LocalServer.start(
              List.of("haproxy", "-db", "-f", file.toString()),
              port,
              folder.resolve("haproxy.log")),
          port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    server.close();
  }
}
