package dev.concert.bench;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What open streams cost Ensemble: each has a piece a second and does not end. Arguments: seconds
 * for each row, then numbers of streams.
 */
public final class OpenStreams {
  private static final String ENDLESS = "1000000";
  private static final String SECOND = "1000";
  private static final int BATCH = 250;
  private static final int BATCH_PAUSE_MS = 500;

  private OpenStreams() {}

  public static void main(String[] arguments) throws Exception {
    int seconds = Integer.parseInt(arguments[0]);
    System.out.printf(
        "| open streams | heap MiB | KiB each | CPU %% of a core | piece p50 ms | piece p99 ms |"
            + " failed |%n|---|---|---|---|---|---|---|%n");
    for (int i = 1; i < arguments.length; i++) {
      row(Integer.parseInt(arguments[i]), seconds);
    }
    System.exit(0);
  }

  private static void row(int streams, int seconds) throws Exception {
    Vertx vertx = Vertx.vertx();
    try (Child model =
            Child.start(
                Child.java(List.of("-Xmx2g"), ModelServer.class, ENDLESS, SECOND), Map.of());
        Child ensemble =
            Child.start(
                Child.java(
                    List.of("-Xmx1g"), EnsembleServer.class, model.line("ready").split(" ")[1]),
                Map.of())) {
      Gateway gateway =
          new Gateway(
              "Ensemble",
              Integer.parseInt(ensemble.line("ready").split(" ")[1]),
              Map.of("authorization", "Bearer " + EnsembleServer.KEY));
      InferenceLoad one = new InferenceLoad(vertx, gateway, 1, true);
      TimeUnit.SECONDS.sleep(3);
      EnsembleMemory idle = EnsembleMemory.of(ensemble);
      List<InferenceLoad> loads = open(vertx, gateway, streams);
      TimeUnit.SECONDS.sleep(seconds);
      EnsembleMemory before = EnsembleMemory.of(ensemble);
      long from = System.nanoTime();
      loads.forEach(InferenceLoad::pieceDelays);
      TimeUnit.SECONDS.sleep(seconds);
      EnsembleMemory open = EnsembleMemory.of(ensemble);
      double cpu = (open.cpuMillis() - before.cpuMillis()) / ((System.nanoTime() - from) / 1e6);
      print(streams, idle, open, cpu * 100, loads);
      one.stop();
      loads.forEach(InferenceLoad::stop);
    }
    vertx.close();
  }

  /** Not all at once: what is measured is streams, not a storm of connections. */
  private static List<InferenceLoad> open(Vertx vertx, Gateway gateway, int streams)
      throws InterruptedException {
    List<InferenceLoad> loads = new ArrayList<>();
    for (int left = streams; left > 0; left -= BATCH) {
      loads.add(new InferenceLoad(vertx, gateway, Math.min(left, BATCH), true));
      TimeUnit.MILLISECONDS.sleep(BATCH_PAUSE_MS);
    }
    return loads;
  }

  private static void print(
      int streams,
      EnsembleMemory idle,
      EnsembleMemory open,
      double cpu,
      List<InferenceLoad> loads) {
    Histogram delays = new Histogram(3);
    loads.forEach(load -> delays.add(load.pieceDelays()));
    System.out.printf(
        "| %d | %.0f | %.1f | %.0f | %.1f | %.1f | %d |%n",
        streams,
        open.heapMiB(),
        (open.heap() - idle.heap()) / 1024.0 / streams,
        cpu,
        delays.getValueAtPercentile(50) / 1e6,
        delays.getValueAtPercentile(99) / 1e6,
        loads.stream().mapToLong(InferenceLoad::failed).sum());
  }
}
