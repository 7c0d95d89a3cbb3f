package dev.concert.bench;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Whether nodes add up: the same callers ask one node of Ensemble, and then two, through the same
 * HAProxy. Each node keeps its own books and has the same share of a core, so that on a small
 * machine it is the nodes that are full and nothing else.
 *
 * <p>Arguments: seconds for each row, per cent of a core for each node, then numbers of callers.
 */
public final class NodesThroughput {
  private static final int WARM_UP_SECONDS = 12;

  private NodesThroughput() {}

  public static void main(String[] arguments) throws Exception {
    int seconds = Integer.parseInt(arguments[0]);
    int percent = Integer.parseInt(arguments[1]);
    Vertx vertx = Vertx.vertx();
    System.out.printf("| callers | through | answer |%s%n", InferenceLoad.COLUMNS);
    System.out.printf("|---|---|---|%s%n", InferenceLoad.LINE);
    for (int nodes = 1; nodes <= 2; nodes++) {
      for (int i = 2; i < arguments.length; i++) {
        row(vertx, nodes, percent, Integer.parseInt(arguments[i]), seconds);
      }
    }
    System.exit(0);
  }

  private static void row(Vertx vertx, int nodes, int percent, int callers, int seconds)
      throws Exception {
    Deque<AutoCloseable> open = new ArrayDeque<>();
    try (Child model = Child.start(Child.java(List.of("-Xmx1g"), ModelServer.class), Map.of())) {
      String modelPort = model.line("ready").split(" ")[1];
      List<Node> running = new ArrayList<>();
      for (int i = 0; i < nodes; i++) {
        Node node = Node.start(modelPort);
        running.add(node);
        open.push(node.process());
      }
      int port = freePort();
      open.push(balancer(port, running.stream().map(Node::port).toList()));
      MeasuredRoute gateway =
          new MeasuredRoute(
              nodes + (nodes == 1 ? " node" : " nodes"),
              port,
              Map.of("authorization", "Bearer " + BenchEnsemble.KEY));
      InferenceLoad load = new InferenceLoad(vertx, gateway, callers, false);
      // A JVM that compiles has to have a whole core for it: bounded, it would never be done.
      TimeUnit.SECONDS.sleep((long) WARM_UP_SECONDS * nodes);
      for (Node node : running) {
        CpuShare.of(node.process().pid(), percent).ifPresent(open::push);
      }
      load.report(callers, seconds);
    } finally {
      for (AutoCloseable one : open) {
        one.close();
      }
    }
  }

  private record Node(Child process, int port) {

    static Node start(String modelPort) throws IOException {
      Path books = Files.createTempDirectory("bench-node").resolve("ledger.db");
      Child process =
          Child.start(
              Child.java(
                  List.of("-Xmx512m", "-XX:+UseSerialGC"),
                  BenchEnsemble.class,
                  modelPort,
                  books.toString()),
              Map.of());
      return new Node(process, Integer.parseInt(process.line("ready").split(" ")[1]));
    }
  }

  private static Child balancer(int port, List<Integer> nodes) throws IOException {
    StringBuilder config =
        new StringBuilder(
            """
            defaults
              mode http
              timeout connect 5s
              timeout client 60s
              timeout server 60s
            listen ensemble
              balance leastconn
              bind 127.0.0.1:%d
            """
                .formatted(port));
    nodes.forEach(node -> config.append("  server n%1$d 127.0.0.1:%1$d%n".formatted(node)));
    Path file = Files.writeString(Files.createTempFile("bench", ".haproxy"), config);
    return Child.start(List.of("haproxy", "-db", "-f", file.toString()), Map.of());
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }
}
