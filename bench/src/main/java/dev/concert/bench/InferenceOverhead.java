package dev.concert.bench;

import io.vertx.core.Vertx;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What a gateway adds to a model call: the same callers ask the same model directly, through
 * Ensemble, and through {@code @portkey-ai/gateway}, one after the other in one run.
 *
 * <p>Arguments: seconds for each row, path of Portkey's start script or {@code -}, how many
 * milliseconds the model takes for a whole answer (which are not counted), then numbers of callers.
 */
public final class InferenceOverhead {
  private InferenceOverhead() {}

  public static void main(String[] arguments) throws Exception {
    int seconds = Integer.parseInt(arguments[0]);
    Optional<String> portkey = Optional.of(arguments[1]).filter(path -> !path.equals("-"));
    Vertx vertx = Vertx.vertx();
    System.out.printf("| callers | through | answer |%s%n", InferenceLoad.COLUMNS);
    System.out.printf("|---|---|---|%s%n", InferenceLoad.LINE);
    try (Child model =
        Child.start(
            Child.java(List.of("-Xmx1g"), ModelServer.class, "20", "20", arguments[2]), Map.of())) {
      int port = port(model);
      String modelPort = Integer.toString(port);
      Path books = Files.createTempDirectory("bench-books");
      try (Child ensemble = ensemble(modelPort);
          Child booked = ensemble(modelPort, books.resolve("ledger.db").toString())) {
        List<MeasuredRoute> gateways = new ArrayList<>();
        gateways.add(new MeasuredRoute("nothing", port, Map.of()));
        gateways.add(gateway("Ensemble", ensemble));
        gateways.add(gateway("Ensemble with books", booked));
        Optional<Peer> peer =
            portkey.isPresent() ? Optional.of(Peer.start(portkey.get(), port)) : Optional.empty();
        peer.ifPresent(one -> gateways.add(one.gateway()));
        for (int i = 3; i < arguments.length; i++) {
          int callers = Integer.parseInt(arguments[i]);
          for (boolean stream : new boolean[] {false, true}) {
            for (MeasuredRoute gateway : gateways) {
              new InferenceLoad(vertx, gateway, callers, stream).report(callers, seconds);
            }
          }
        }
        peer.ifPresent(one -> one.process().close());
      }
    }
    System.exit(0);
  }

  private static Child ensemble(String... arguments) throws Exception {
    return Child.start(Child.java(Child.usualFlags(), BenchEnsemble.class, arguments), Map.of());
  }

  private static MeasuredRoute gateway(String name, Child ensemble) throws Exception {
    return new MeasuredRoute(
        name, port(ensemble), Map.of("authorization", "Bearer " + BenchEnsemble.KEY));
  }

  private static int port(Child server) throws Exception {
    return Integer.parseInt(server.line("ready").split(" ")[1]);
  }

  /** Portkey's gateway, run by Node.js. */
  private record Peer(Child process, MeasuredRoute gateway) {

    static Peer start(String script, int model) throws Exception {
      int port;
      try (ServerSocket free = new ServerSocket(0)) {
        port = free.getLocalPort();
      }
      Child process =
          Child.start(List.of("node", script, "--port=" + port, "--headless"), Map.of());
      awaitOpen(port);
      return new Peer(
          process,
          new MeasuredRoute(
              "Portkey",
              port,
              Map.of(
                  "authorization",
                  "Bearer none",
                  "x-portkey-provider",
                  "openai",
                  "x-portkey-custom-host",
                  "http://127.0.0.1:" + model + "/v1")));
    }

    private static void awaitOpen(int port) throws Exception {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (System.nanoTime() < end) {
        try (Socket _ = new Socket("127.0.0.1", port)) {
          return;
        } catch (java.net.ConnectException e) {
          TimeUnit.MILLISECONDS.sleep(100);
        }
      }
      throw new IllegalStateException("Portkey does not listen on " + port);
    }
  }
}
