package dev.concert.bench;

import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        Optional<GatewayProcess> peer =
            portkey.isPresent()
                ? Optional.of(GatewayProcess.portkey(portkey.get(), port))
                : Optional.empty();
        peer.ifPresent(one -> gateways.add(one.route()));
        for (int i = 3; i < arguments.length; i++) {
          int callers = Integer.parseInt(arguments[i]);
          for (boolean stream : new boolean[] {false, true}) {
            for (MeasuredRoute gateway : gateways) {
              new InferenceLoad(vertx, gateway, callers, stream).report(callers, seconds);
            }
          }
        }
        peer.ifPresent(GatewayProcess::close);
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
}
