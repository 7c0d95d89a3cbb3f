package dev.concert.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.agentevent.AgentEventMapper;
import dev.concert.error.Problem;
import dev.concert.gateway.eventlog.EventJournal;
import dev.concert.gateway.eventlog.EventSubscriber;
import dev.concert.gateway.eventlog.SessionDatabases;
import dev.concert.gateway.eventlog.SessionLog;
import dev.concert.gateway.projection.EventProjection;
import dev.concert.gateway.projection.WebSocketProtocol;
import dev.concert.json.Json;
import dev.concert.protocol.SessionEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * How many durable events a second go through mapper, journal, session database and broadcast. Each
 * session appends its next batch when the last one is written, as an agent does that is slowed down
 * by its acknowledgements. In one process, without sockets: the client's frame is made, not sent.
 *
 * <p>Arguments: sessions, events in a batch, seconds.
 */
public final class EventThroughput {
  private static final String EVENT =
      "{\"event_type\":\"tool.result\",\"tool_call_id\":\"call_%d\",\"output\":\"%s\","
          + "\"truncated\":false,\"duration_ms\":12}";

  private final LongAdder shown = new LongAdder();
  private final int batch;
  private volatile boolean running = true;

  private EventThroughput(int batch) {
    this.batch = batch;
  }

  public static void main(String[] arguments) throws Exception {
    int sessions = Integer.parseInt(arguments[0]);
    EventThroughput bench = new EventThroughput(Integer.parseInt(arguments[1]));
    System.out.printf(
        "| sessions | events in a batch | events/s | journal commits" + " |%n|---|---|---|---|%n");
    bench.run(sessions, Integer.parseInt(arguments[2]));
    System.exit(0);
  }

  private void run(int sessions, int seconds) throws Exception {
    Path folder = Files.createTempDirectory("bench");
    Vertx vertx = Vertx.vertx();
    SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    EventJournal journal = new EventJournal(folder.resolve("journal.db"), metrics);
    journal.start();
    SessionDatabases databases =
        new SessionDatabases(vertx, folder.resolve("sessions"), 2 * sessions);
    List<Context> contexts = contexts(vertx);
    for (int i = 0; i < sessions; i++) {
      Context context = contexts.get(i % contexts.size());
      SessionLog log = new SessionLog("s" + i, 0, context, journal, databases, _ -> fail());
      context.runOnContext(
          _ -> {
            log.subscribe(new Counter(), 0);
            append(log, 0);
          });
    }
    TimeUnit.SECONDS.sleep(seconds);
    for (int round = 0; round < 3; round++) {
      long before = shown.sum();
      long began = System.nanoTime();
      TimeUnit.SECONDS.sleep(seconds);
      double rate = (shown.sum() - before) / ((System.nanoTime() - began) / 1e9);
      System.out.printf("| %d | %d | %.0f | %s |%n", sessions, batch, rate, commits(metrics));
    }
    running = false;
  }

  private static String commits(SimpleMeterRegistry metrics) {
    return metrics.getMeters().stream()
        .map(meter -> meter.getId().getName() + " " + meter.measure().iterator().next().getValue())
        .reduce("", (all, one) -> all.isEmpty() ? one : all + ", " + one);
  }

  private static List<Context> contexts(Vertx vertx) {
    return IntStream.range(0, Runtime.getRuntime().availableProcessors())
        .mapToObj(_ -> vertx.getOrCreateContext())
        .toList();
  }

  private void append(SessionLog log, long number) {
    if (!running) {
      return;
    }
    log.together(
        () -> {
          for (int i = 0; i < batch; i++) {
            log.append("turn_1", AgentEventMapper.map("update", content(number + i)).orElseThrow());
          }
        });
    log.written().onSuccess(_ -> append(log, number + batch)).onFailure(_ -> fail());
  }

  /** What the agent's frame holds; parsing it is part of the path. */
  private static JsonNode content(long number) {
    try {
      return Json.MAPPER.readTree(EVENT.formatted(number, "a line of output of a tool"));
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void fail() {
    System.err.println("events could not be written");
    System.exit(1);
  }

  private final class Counter implements EventSubscriber {
    @Override
    public EventProjection projection() {
      return WebSocketProtocol.VERSION_1;
    }

    @Override
    public void event(SessionEvent event, String frame) {
      shown.increment();
    }

    @Override
    public Future<Void> writable() {
      return Future.succeededFuture();
    }

    @Override
    public void failed(Problem problem) {
      fail();
    }

    @Override
    public boolean closed() {
      return false;
    }
  }
}
