package dev.concert.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.parsetools.RecordParser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * So many callers at once, each of whom asks again as soon as it was answered. They begin one after
 * the other: a hundred who begin at once stay together, and what is measured is how they queue.
 */
final class InferenceLoad {
  private static final String BODY =
      "{\"model\":\"%s\",\"stream\":%s,\"messages\":[{\"role\":\"system\",\"content\":\"Be"
          + " brief.\"},{\"role\":\"user\",\"content\":\"What is the answer?\"}]}";

  /** Heads of the columns that {@link #report} prints after callers, gateway and kind. */
  static final String COLUMNS =
      " answers/s | p50 ms | p99 ms | first p50 ms | first p99 ms | piece p50 ms | piece p99 ms |"
          + " failed |";

  static final String LINE = "---|---|---|---|---|---|---|---|";

  /** As many as Ensemble takes on a connection. */
  private static final int STREAMS = 100;

  private static final Pattern NUMBER = Pattern.compile("\"content\": ?\"(\\d+) ");

  private static final int BEGIN_WITHIN_MS = 400;

  /** Bytes of a refusal that are shown. */
  private static final int SHOWN = 200;

  private final MeasuredRoute gateway;
  private final boolean stream;
  private final HttpClientAgent client;
  private final Recorder answers = new Recorder(3);
  private final Recorder pieces = new Recorder(3);
  private final Recorder firsts = new Recorder(3);
  private final LongAdder failures = new LongAdder();
  private final AtomicReference<String> firstFailure = new AtomicReference<>("");
  private volatile boolean running = true;

  /** Callers of which each has a connection. */
  InferenceLoad(Vertx vertx, MeasuredRoute gateway, int callers, boolean stream) {
    this(
        vertx,
        gateway,
        callers,
        stream,
        vertx.createHttpClient(
            new HttpClientOptions().setTcpNoDelay(true),
            new PoolOptions().setHttp1MaxSize(callers)));
  }

  /** Callers of streams that share connections by HTTP/2, {@value #STREAMS} on each. */
  static InferenceLoad multiplexed(Vertx vertx, MeasuredRoute gateway, int callers) {
    return new InferenceLoad(
        vertx,
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

  private InferenceLoad(
      Vertx vertx, MeasuredRoute gateway, int callers, boolean stream, HttpClientAgent client) {
    this.gateway = gateway;
    this.stream = stream;
    this.client = client;
    for (int i = 0; i < callers; i++) {
      vertx.setTimer(1 + (long) BEGIN_WITHIN_MS * i / callers, timer -> ask());
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
              if (done.succeeded()) {
                answers.recordValue(Math.max(0, System.nanoTime() - begin - done.result()));
              } else {
                failures.increment();
                firstFailure.compareAndSet("", String.valueOf(done.cause().getMessage()));
              }
              ask();
            });
  }

  /** Nanoseconds that the model says it took; none of a stream. */
  private Future<Long> read(HttpClientResponse response, long begin) {
    if (response.statusCode() != 200) {
      return response.body().compose(body -> Future.failedFuture(refusal(response, body)));
    }
    if (!stream) {
      return response.body().map(body -> numbers(body.toString()).sum());
    }
    AtomicBoolean spoken = new AtomicBoolean();
    response.handler(
        RecordParser.newDelimited(
            "\n\n",
            event -> {
              if (pieces(event) > 0 && spoken.compareAndSet(false, true)) {
                firsts.recordValue(System.nanoTime() - begin);
              }
            }));
    return response.end().map(end -> 0L);
  }

  private static String refusal(HttpClientResponse response, Buffer body) {
    String text = body.getString(0, Math.min(body.length(), SHOWN)).replaceAll("\\s+", " ");
    return "status %d: %s".formatted(response.statusCode(), text);
  }

  private int pieces(Buffer event) {
    long now = System.nanoTime();
    long[] sent = numbers(event.toString()).toArray();
    for (long one : sent) {
      pieces.recordValue(Math.max(0, now - one));
    }
    return sent.length;
  }

  /** With what each content begins, where that is a number. */
  private static LongStream numbers(String text) {
    return NUMBER.matcher(text).results().mapToLong(found -> Long.parseLong(found.group(1)));
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
    forget();
    TimeUnit.SECONDS.sleep(seconds);
    System.out.printf(
        "| %d | %s | %s | %s%n",
        callers, gateway.name(), stream ? "stream" : "whole", seen(seconds));
    if (!firstFailure().isEmpty()) {
      System.out.printf("%s failed: %s%n", gateway.name(), firstFailure());
    }
    stop();
  }

  /** Begins to measure anew. */
  void forget() {
    answers.reset();
    pieces.reset();
    firsts.reset();
    failures.reset();
    firstFailure.set("");
  }

  /** What the first failed call met; empty where none has failed. */
  String firstFailure() {
    return firstFailure.get();
  }

  /** The columns of what was seen in so many seconds. */
  String seen(int seconds) {
    Histogram seen = answers.getIntervalHistogram();
    return "%.0f | %s | %s | %s | %d |"
        .formatted(
            seen.getTotalCount() / (double) seconds,
            milliseconds(seen),
            milliseconds(firsts.getIntervalHistogram()),
            milliseconds(pieces.getIntervalHistogram()),
            failures.sum());
  }

  private static String milliseconds(Histogram nanos) {
    return nanos.getTotalCount() == 0
        ? " | "
        : "%.3f | %.3f"
            .formatted(nanos.getValueAtPercentile(50) / 1e6, nanos.getValueAtPercentile(99) / 1e6);
  }
}
