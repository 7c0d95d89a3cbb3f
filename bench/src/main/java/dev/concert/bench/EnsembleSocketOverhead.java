package dev.concert.bench;

import dev.concert.coordinator.egress.AgentNetwork;
import dev.concert.coordinator.egress.AgentNetworks;
import dev.concert.coordinator.egress.policy.EgressOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an agent's sandbox adds to a model call: the same callers ask the same Ensemble directly,
 * over the socket that leads out of a sandbox, and over that socket and the relay inside.
 *
 * <p>Arguments: seconds for each row, then numbers of callers.
 */
public final class EnsembleSocketOverhead {
  private EnsembleSocketOverhead() {}

  /** In a process of its own, as in production: the coordinator with its socket. */
  public static final class Coordinator {
    private Coordinator() {}

    /** Arguments: Ensemble's port, and the socket's path. Runs until it is killed. */
    public static void main(String[] arguments) {
      Vertx vertx = Vertx.vertx();
      Path socket = Path.of(arguments[1]);
      AgentNetworks.of(
              vertx,
              EgressOptions.DEFAULT,
              Set::of,
              (_, _) -> Future.failedFuture("A benchmark has no repository."))
          .open(
              "bench",
              "bench",
              Optional.empty(),
              () -> URI.create("http://127.0.0.1:" + arguments[0]),
              new AgentNetwork.Sockets(socket.resolveSibling("egress"), socket))
          .onSuccess(_ -> System.out.println("ready"))
          .onFailure(failure -> System.out.println("failed " + failure));
    }
  }

  public static void main(String[] arguments) throws Exception {
    int seconds = Integer.parseInt(arguments[0]);
    Vertx vertx = Vertx.vertx();
    Path socket = Files.createTempDirectory("bench-socket").resolve("ensemble");
    System.out.printf("| callers | through | answer |%s%n", InferenceLoad.COLUMNS);
    System.out.printf("|---|---|---|%s%n", InferenceLoad.LINE);
    try (Child model =
            Child.start(
                Child.java(List.of("-Xmx1g"), ModelServer.class, "20", "20", "0"), Map.of());
        Child ensemble =
            Child.start(
                Child.java(Child.usualFlags(), BenchEnsemble.class, port(model)), Map.of())) {
      String ensemblePort = port(ensemble);
      int relayPort = freePort();
      try (Child coordinator =
              Child.start(
                  Child.java(
                      Child.usualFlags(), Coordinator.class, ensemblePort, socket.toString()),
                  Map.of());
          Child _ = relay(coordinator, relayPort, socket)) {
        Map<String, String> key = Map.of("authorization", "Bearer " + BenchEnsemble.KEY);
        List<MeasuredRoute> routes =
            List.of(
                new MeasuredRoute("Ensemble", Integer.parseInt(ensemblePort), key),
                new MeasuredRoute("relay and socket", relayPort, key));
        for (int i = 1; i < arguments.length; i++) {
          int callers = Integer.parseInt(arguments[i]);
          for (boolean stream : new boolean[] {false, true}) {
            for (MeasuredRoute route : routes) {
              new InferenceLoad(vertx, route, callers, stream).report(callers, seconds);
            }
          }
        }
      }
    }
    System.exit(0);
  }

  /** As in a sandbox. */
  private static Child relay(Child coordinator, int port, Path socket) throws Exception {
    coordinator.line("ready");
    Child relay =
        Child.start(
            List.of(
                "socat",
                "-b",
                "65536",
                "TCP-LISTEN:%d,bind=127.0.0.1,fork,reuseaddr,backlog=128,nodelay".formatted(port),
                "UNIX-CONNECT:" + socket),
            Map.of());
    while (!listens(port)) {
      Thread.onSpinWait();
    }
    return relay;
  }

  private static boolean listens(int port) throws Exception {
    try (Socket _ = new Socket("127.0.0.1", port)) {
      return true;
    } catch (java.net.ConnectException e) {
      return false;
    }
  }

  private static String port(Child server) throws Exception {
    return server.line("ready").split(" ")[1];
  }

  private static int freePort() throws Exception {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }
}
