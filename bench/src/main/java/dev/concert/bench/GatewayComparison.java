package dev.concert.bench;

import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Gateways from their first call on, whole answers: a bare proxy, Ensemble, and Ensemble with its
 * usage ledger, each on one event loop and on as many as there are cores; then HAProxy, Portkey and
 * LiteLLM. One runs at a time, with the same model behind it.
 *
 * <p>Arguments: seconds for each row, path of Portkey's start script or {@code -}, LiteLLM's
 * command or {@code -}, then numbers of callers. The row "first" is of a program that has just
 * started; the row "warm" follows it, after as many seconds again; "cores" is the processor time
 * that the gateway took in each second.
 */
public final class GatewayComparison {
  private static final Map<String, String> KEY =
      Map.of("authorization", "Bearer " + BenchEnsemble.KEY);

  private final Vertx vertx = Vertx.vertx();
  private final int seconds;
  private final String model;

  private GatewayComparison(int seconds, String model) {
    this.seconds = seconds;
    this.model = model;
  }

  /** Starts a gateway. */
  private interface Start {
    GatewayProcess start() throws Exception;
  }

  public static void main(String[] arguments) throws Exception {
    int seconds = Integer.parseInt(arguments[0]);
    System.out.printf(
        "| event loops | callers | through | when | cores |%s%n", InferenceLoad.COLUMNS);
    System.out.printf("|---|---|---|---|---|%s%n", InferenceLoad.LINE);
    try (Child model =
        Child.start(Child.java(List.of("-Xmx1g"), ModelServer.class, "20", "20"), Map.of())) {
      String modelPort = port(model);
      GatewayComparison bench = new GatewayComparison(seconds, modelPort);
      for (int i = 3; i < arguments.length; i++) {
        int callers = Integer.parseInt(arguments[i]);
        int cores = Runtime.getRuntime().availableProcessors();
        for (int loops : new TreeSet<>(List.of(1, cores))) {
          bench.ours(loops, callers);
          bench.measure(
              loops, callers, () -> GatewayProcess.haproxy(Integer.parseInt(modelPort), loops));
        }
        bench.peers(arguments[1], arguments[2], callers);
      }
    }
    System.exit(0);
  }

  private void ours(int loops, int callers) throws Exception {
    String number = Integer.toString(loops);
    measure(
        loops,
        callers,
        () -> program("bare Vert.x proxy", Map.of(), BareProxy.class, model, number));
    measure(
        loops, callers, () -> program("Ensemble", KEY, BenchEnsemble.class, model, "-", number));
    Path books = Files.createTempDirectory("bench-books").resolve("ledger.db");
    measure(
        loops,
        callers,
        () ->
            program(
                "Ensemble with books", KEY, BenchEnsemble.class, model, books.toString(), number));
  }

  /** Programs that choose for themselves on how many threads they run. */
  private void peers(String portkey, String liteLlm, int callers) throws Exception {
    int port = Integer.parseInt(model);
    if (!portkey.equals("-")) {
      measure(1, callers, () -> GatewayProcess.portkey(portkey, port));
    }
    if (!liteLlm.equals("-")) {
      measure(1, callers, () -> GatewayProcess.liteLlm(liteLlm, port));
    }
  }

  private static GatewayProcess program(
      String name, Map<String, String> headers, Class<?> main, String... arguments)
      throws Exception {
    Child process = Child.start(Child.java(Child.usualFlags(), main, arguments), Map.of());
    return new GatewayProcess(
        process, new MeasuredRoute(name, Integer.parseInt(port(process)), headers));
  }

  private void measure(int loops, int callers, Start start) throws Exception {
    try (GatewayProcess gateway = start.start()) {
      InferenceLoad load = new InferenceLoad(vertx, gateway.route(), callers, false);
      String row = "| %d | %d | %s |".formatted(loops, callers, gateway.route().name());
      report(load, gateway, row + " first");
      Thread.sleep(1_000L * seconds);
      load.forget();
      report(load, gateway, row + " warm");
      load.stop();
    }
  }

  private void report(InferenceLoad load, GatewayProcess gateway, String row)
      throws InterruptedException {
    double before = gateway.process().cpuSeconds();
    Thread.sleep(1_000L * seconds);
    double cores = (gateway.process().cpuSeconds() - before) / seconds;
    System.out.printf("%s | %.1f | %s%n", row, cores, load.seen(seconds));
    if (!load.firstFailure().isEmpty()) {
      System.out.printf("%s failed: %s%n", gateway.route().name(), load.firstFailure());
    }
  }

  private static String port(Child server) throws Exception {
    return server.line("ready").split(" ")[1];
  }
}
