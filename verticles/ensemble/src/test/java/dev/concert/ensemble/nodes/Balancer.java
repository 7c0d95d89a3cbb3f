package dev.concert.ensemble.nodes;

import dev.concert.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's HAProxy before some nodes, as an operator would have it. */
final class Balancer implements AutoCloseable {
  private final Process process;
  private final int port;

  private Balancer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static Balancer before(Path folder, List<NodeProcess> nodes) {
    int port = freePort();
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
      Process process =
          new ProcessBuilder("haproxy", "-db", "-f", file.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("haproxy.log").toFile())
              .start();
      Balancer balancer = new Balancer(process, port);
      Await.until(balancer::listens);
      return balancer;
    } catch (IOException e) {
      throw new UncheckedIOException("HAProxy is needed: apt-get install haproxy", e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
