package dev.concert.bench;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What open streams cost Ensemble: each has a piece a second and does not end. Their callers speak
 * HTTP/2, a hundred on a connection, and each has a connection of its own between Ensemble and the
 * model: so 10,000 of them need no more files of a process than hosts allow. Arguments: seconds for
 * each row, then numbers of streams.
 */
public final class OpenStreams {
  private static final String ENDLESS = "1000000";
  private static final String SECOND = "1000";
  private static final int BATCH = 200;
  private static final int BATCH_PAUSE_MS = 400;

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
    try (MeasuredEnsemble ensemble = MeasuredEnsemble.start(ENDLESS, SECOND)) {
      MeasuredRoute gateway = ensemble.gateway();
      InferenceLoad one = InferenceLoad.multiplexed(vertx, gateway, 1);
      TimeUnit.SECONDS.sleep(3);
      EnsembleMemory idle = ensemble.memory();
      List<InferenceLoad> loads = open(vertx, gateway, streams);
      TimeUnit.SECONDS.sleep(seconds);
      EnsembleMemory before = ensemble.memory();
      long from = System.nanoTime();
      loads.forEach(InferenceLoad::pieceDelays);
      TimeUnit.SECONDS.sleep(seconds);
      EnsembleMemory open = ensemble.memory();
      double cpu = (open.cpuMillis() - before.cpuMillis()) / ((System.nanoTime() - from) / 1e6);
      print(streams, idle, open, cpu * 100, loads);
      one.stop();
      loads.forEach(InferenceLoad::stop);
    }
    vertx.close();
  }

  /** Not all at once: what is measured is streams, not a storm of connections. */
  private static List<InferenceLoad> open(Vertx vertx, MeasuredRoute gateway, int streams)
      throws InterruptedException {
    List<InferenceLoad> loads = new ArrayList<>();
    for (int left = streams; left > 0; left -= BATCH) {
      loads.add(InferenceLoad.multiplexed(vertx, gateway, Math.min(left, BATCH)));
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
