package dev.concert.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** So many callers at once, each of whom asks again as soon as it was answered. */
final class InferenceLoad {
  private static final String BODY =
      "{\"model\":\"%s\",\"stream\":%s,\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"},"
          + "{\"role\":\"user\",\"content\":\"What is the answer?\"}]}";

  /** Heads of the columns that {@link #report} prints after callers, gateway and kind. */
  static final String COLUMNS =
      " answers/s | p50 ms | p99 ms | first p50 ms | first p99 ms | piece p50 ms | piece p99 ms |"
          + " failed |";

  static final String LINE = "---|---|---|---|---|---|---|---|";

  /** As many as Ensemble takes on a connection. */
  private static final int STREAMS = 100;

  private static final String CONTENT = "\"content\":\"";

  private final Gateway gateway;
  private final boolean stream;
  private final HttpClientAgent client;
  private final Recorder answers = new Recorder(3);
  private final Recorder pieces = new Recorder(3);
  private final Recorder firsts = new Recorder(3);
  private final LongAdder failures = new LongAdder();
  private volatile boolean running = true;

  /** Callers of which each has a connection. */
  InferenceLoad(Vertx vertx, Gateway gateway, int callers, boolean stream) {
    this(
        gateway,
        callers,
        stream,
        vertx.createHttpClient(
            new HttpClientOptions().setTcpNoDelay(true),
            new PoolOptions().setHttp1MaxSize(callers)));
  }

  /** Callers of streams that share connections by HTTP/2, {@value #STREAMS} on each. */
  static InferenceLoad multiplexed(Vertx vertx, Gateway gateway, int callers) {
    return new InferenceLoad(
        gateway,
        callers,
        true,
        vertx.createHttpClient(
            new HttpClientOptions()
                .setTcpNoDelay(true)
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setHttp2MultiplexingLimit(STREAMS),
            new PoolOptions().setHttp2MaxSize(Math.ceilDiv(callers, STREAMS))));
  }

  private InferenceLoad(Gateway gateway, int callers, boolean stream, HttpClientAgent client) {
    this.gateway = gateway;
    this.stream = stream;
    this.client = client;
    for (int i = 0; i < callers; i++) {
      ask();
    }
  }

  private void ask() {
    if (!running) {
      return;
    }
    RequestOptions request =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost("127.0.0.1")
            .setPort(gateway.port())
            .setURI("/v1/chat/completions")
            .putHeader("content-type", "application/json");
    gateway.headers().forEach(request::putHeader);
    long begin = System.nanoTime();
    client
        .request(request)
        .compose(open -> open.send(BODY.formatted(stream ? "m" : "whole", stream)))
        .compose(response -> read(response, begin))
        .onComplete(
            done -> {
              if (done.succeeded() && done.result() == 200) {
                answers.recordValue(System.nanoTime() - begin);
              } else {
                failures.increment();
              }
              ask();
            });
  }

  private io.vertx.core.Future<Integer> read(HttpClientResponse response, long begin) {
    if (stream) {
      AtomicBoolean spoken = new AtomicBoolean();
      response.handler(
          bytes -> {
            if (pieces(bytes) > 0 && spoken.compareAndSet(false, true)) {
              firsts.recordValue(System.nanoTime() - begin);
            }
          });
    }
    return response.end().map(response.statusCode());
  }

  private int pieces(Buffer bytes) {
    int found = 0;
    long now = System.nanoTime();
    String text = bytes.toString();
    for (int at = text.indexOf(CONTENT); at >= 0; at = text.indexOf(CONTENT, at + 1)) {
      int from = at + CONTENT.length();
      int to = text.indexOf(' ', from);
      if (to > from && Character.isDigit(text.charAt(from))) {
        pieces.recordValue(Math.max(0, now - Long.parseLong(text, from, to, 10)));
        found++;
      }
    }
    return found;
  }

  /** Nanoseconds that the pieces since the last time were under way. */
  Histogram pieceDelays() {
    return pieces.getIntervalHistogram();
  }

  long answered() {
    return answers.getIntervalHistogram().getTotalCount();
  }

  /** Calls that failed or ended; a stream that is to stay open has none. */
  long failed() {
    return failures.sum();
  }

  void stop() {
    running = false;
    client.close();
  }

  /** Prints a row of what is seen within so many seconds, after as many to warm up. */
  void report(int callers, int seconds) throws InterruptedException {
    TimeUnit.SECONDS.sleep(seconds);
    answers.reset();
    pieces.reset();
    firsts.reset();
    failures.reset();
    TimeUnit.SECONDS.sleep(seconds);
    var seen = answers.getIntervalHistogram();
    System.out.printf(
        "| %d | %s | %s | %.0f | %s | %s | %s | %d |%n",
        callers,
        gateway.name(),
        stream ? "stream" : "whole",
        seen.getTotalCount() / (double) seconds,
        milliseconds(seen),
        milliseconds(firsts.getIntervalHistogram()),
        milliseconds(pieces.getIntervalHistogram()),
        failures.sum());
    stop();
  }

  private static String milliseconds(Histogram nanos) {
    return nanos.getTotalCount() == 0
        ? " | "
        : "%.3f | %.3f"
            .formatted(nanos.getValueAtPercentile(50) / 1e6, nanos.getValueAtPercentile(99) / 1e6);
  }
}
