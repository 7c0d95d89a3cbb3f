package dev.concert.bench;

import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What more event loops give: a bare proxy, Ensemble, and Ensemble with its usage ledger, each on
 * one event loop and on as many as there are cores, from the first call on. Whole answers.
 *
 * <p>Arguments: seconds for each row, then numbers of callers. The row "first" is of a program that
 * has just started; the row "warm" follows it, after as many seconds again.
 */
public final class EventLoopGain {
  private final Vertx vertx = Vertx.vertx();
  private final int seconds;
  private final String model;

  private EventLoopGain(int seconds, String model) {
    this.seconds = seconds;
    this.model = model;
  }

  /** A program to measure. */
  private record Measured(String name, Class<?> main, boolean books, Map<String, String> headers) {}

  public static void main(String[] arguments) throws Exception {
    int seconds = Integer.parseInt(arguments[0]);
    System.out.printf(
        "| event loops | callers | through | when | cores |%s%n", InferenceLoad.COLUMNS);
    System.out.printf("|---|---|---|---|---|%s%n", InferenceLoad.LINE);
    try (Child model =
        Child.start(Child.java(List.of("-Xmx1g"), ModelServer.class, "20", "20"), Map.of())) {
      EventLoopGain bench = new EventLoopGain(seconds, port(model));
      int cores = Runtime.getRuntime().availableProcessors();
      for (int loops : new TreeSet<>(List.of(1, cores))) {
        for (int i = 1; i < arguments.length; i++) {
          bench.measure(loops, Integer.parseInt(arguments[i]));
        }
      }
    }
    System.exit(0);
  }

  private void measure(int loops, int callers) throws Exception {
    Map<String, String> key = Map.of("authorization", "Bearer " + BenchEnsemble.KEY);
    for (Measured one :
        List.of(
            new Measured("bare Vert.x proxy", BareProxy.class, false, Map.of()),
            new Measured("Ensemble", BenchEnsemble.class, false, key),
            new Measured("Ensemble with books", BenchEnsemble.class, true, key))) {
      measure(one, loops, callers);
    }
  }

  private void measure(Measured one, int loops, int callers) throws Exception {
    Optional<Path> books =
        one.books()
            ? Optional.of(Files.createTempDirectory("bench-books").resolve("ledger.db"))
            : Optional.empty();
    String number = Integer.toString(loops);
    String[] arguments =
        one.main() == BareProxy.class
            ? new String[] {model, number}
            : new String[] {model, books.map(Path::toString).orElse("-"), number};
    try (Child program =
        Child.start(Child.java(Child.usualFlags(), one.main(), arguments), Map.of())) {
      MeasuredRoute route =
          new MeasuredRoute(one.name(), Integer.parseInt(port(program)), one.headers());
      InferenceLoad load = new InferenceLoad(vertx, route, callers, false);
      String row = "| %d | %d | %s |".formatted(loops, callers, one.name());
      report(load, program, row + " first");
      Thread.sleep(1_000L * seconds);
      load.forget();
      report(load, program, row + " warm");
      load.stop();
    }
  }

  private void report(InferenceLoad load, Child program, String row) throws InterruptedException {
    double before = program.cpuSeconds();
    Thread.sleep(1_000L * seconds);
    double cores = (program.cpuSeconds() - before) / seconds;
    System.out.printf("%s | %.1f | %s%n", row, cores, load.seen(seconds));
  }

  private static String port(Child server) throws Exception {
    return server.line("ready").split(" ")[1];
  }
}
