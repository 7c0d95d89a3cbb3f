package dev.concert.bench;

import io.vertx.core.Vertx;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Ensemble under load for long: does its heap grow? Half of the callers want whole answers, half
 * streams. Arguments: minutes, callers.
 */
public final class Soak {
  private static final int EVERY_SECONDS = 10;

  private Soak() {}

  public static void main(String[] arguments) throws Exception {
    double minutes = Double.parseDouble(arguments[0]);
    int callers = Integer.parseInt(arguments[1]);
    Vertx vertx = Vertx.vertx();
    try (MeasuredEnsemble ensemble = MeasuredEnsemble.start()) {
      MeasuredRoute gateway = ensemble.gateway();
      InferenceLoad whole = new InferenceLoad(vertx, gateway, callers / 2, false);
      InferenceLoad streams = new InferenceLoad(vertx, gateway, callers / 2, true);
      TimeUnit.SECONDS.sleep(2L * EVERY_SECONDS);
      watch(ensemble, (int) Math.max(3, minutes * 60 / EVERY_SECONDS));
      System.out.printf(
          "%d answers, %d failed%n",
          whole.answered() + streams.answered(), whole.failed() + streams.failed());
      whole.stop();
      streams.stop();
    }
    System.exit(0);
  }

  /** Prints the heap at each look, and the slope of the line through all of them. */
  private static void watch(MeasuredEnsemble ensemble, int looks) throws Exception {
    double[] heap = new double[looks];
    for (int i = 0; i < looks; i++) {
      heap[i] = ensemble.memory().heapMiB();
      System.out.printf("%4d s  %.1f MiB%n", i * EVERY_SECONDS, heap[i]);
      TimeUnit.SECONDS.sleep(EVERY_SECONDS);
    }
    System.out.printf("slope %.3f MiB a minute%n", slope(heap) * 60 / EVERY_SECONDS);
  }

  /** Of the least squares. */
  private static double slope(double[] values) {
    double middle = (values.length - 1) / 2.0;
    double mean = Arrays.stream(values).average().orElseThrow();
    double above = 0;
    double below = 0;
    for (int i = 0; i < values.length; i++) {
      above += (i - middle) * (values[i] - mean);
      below += (i - middle) * (i - middle);
    }
    return above / below;
  }
}
