package dev.concert.bench;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Conversations of a chat at once on one server with a heap of 512 MiB: each has a session and an
 * answer. Then some of them stream, and messages come in the others: how long the platform waits
 * for its 2xx. The agent is the smallest that there is, without a sandbox, so that the bridge is
 * measured and not the start of a thousand interpreters.
 *
 * <p>Arguments: conversations, turns that stream, messages a second, seconds.
 */
public final class ChatLoad {
  private static final String SECRET = "a-secret-of-the-benchmark";
  private static final long PERSON = 7;
  private static final int AT_ONCE = 16;
  private static final int PROGRESS = 100;

  /** Deltas a second and seconds: what the agent is to say. */
  private static final String SHORT = "20 0.1";

  private static final String LONG = "2 3600";

  /** The end of every delta. */
  private static final String FILLER = "x".repeat(40);

  private static final long TIMEOUT_NANOS = TimeUnit.MINUTES.toNanos(20);

  private final int conversations;
  private final int streams;
  private final int rate;
  private final int seconds;
  private final Vertx vertx = Vertx.vertx();
  private final PlayedChat chat = new PlayedChat(vertx);
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicLong numbers = new AtomicLong(1000);
  private String server;
  private String webhooks;

  private ChatLoad(int conversations, int streams, int rate, int seconds) {
    this.conversations = conversations;
    this.streams = streams;
    this.rate = rate;
    this.seconds = seconds;
  }

  public static void main(String[] arguments) throws Exception {
    new ChatLoad(
            Integer.parseInt(arguments[0]),
            Integer.parseInt(arguments[1]),
            Integer.parseInt(arguments[2]),
            Integer.parseInt(arguments[3]))
        .run();
    System.exit(0);
  }

  private void run() throws Exception {
    Path data = Files.createTempDirectory("bench");
    Path config =
        Files.writeString(
            data.resolve("c.yaml"),
            """
            bridges: {agent: stream, telegram: {apiUrl: "%s"}}
            coordinator: {agents: "%s", sandbox: process, readyTimeoutMs: 120000}
            """
                .formatted(chat.url(), home().resolve("bench/agents")));
    try (Child child =
        Child.start(
            List.of(
                home().resolve("concert").toString(),
                "up",
                "--port",
                "0",
                "--data",
                data + "/d",
                "--config",
                config.toString()),
            Map.of("CONCERT_JAVA_OPTS", "-Xmx512m"))) {
      String line = child.line("ready");
      server = line.substring(line.indexOf("http"));
      join();
      System.out.printf("| what | number | result |%n|---|---|---|%n");
      long began = System.nanoTime();
      talk();
      System.out.printf(
          "| conversations with an answer | %d | %.1f s |%n",
          conversations, (System.nanoTime() - began) / 1e9);
      measure("nothing streams");
      for (int i = 0; i < streams; i++) {
        post(i, LONG);
      }
      awaitStreams();
      measure(streams + " turns stream");
    }
  }

  private static Path home() {
    return Path.of(System.getProperty("concert.home"));
  }

  private void join() throws IOException, InterruptedException {
    JsonObject bridge =
        new JsonObject()
            .put("platform", "telegram")
            .put("name", "bench")
            .put(
                "secrets",
                new JsonObject().put("botToken", "1001:bench").put("webhookSecret", SECRET));
    webhooks = new JsonObject(call("/api/bridges", bridge).body()).getString("webhookPath");
    String code =
        new JsonObject(call("/api/chat/pairing-codes", new JsonObject()).body()).getString("code");
    post(-1, "pair " + code);
    await(-1, "I know you now. Write to me what you want done.");
  }

  private void awaitStreams() throws InterruptedException, IOException {
    for (int i = 0; i < streams; i++) {
      int stream = i;
      await("A stream", () -> chat.drafts(id(stream)) > 1);
    }
  }

  private HttpResponse<String> call(String path, JsonObject body)
      throws IOException, InterruptedException {
    HttpResponse<String> reply =
        client.send(
            HttpRequest.newBuilder(URI.create(server + path))
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (reply.statusCode() >= 300) {
      throw new IOException(path + ": " + reply.body());
    }
    return reply;
  }

  /** A message of a chat; returns the status of the reply. */
  private int post(int conversation, String text) throws IOException, InterruptedException {
    long number = numbers.incrementAndGet();
    JsonObject message =
        new JsonObject()
            .put("message_id", number)
            .put("from", new JsonObject().put("id", PERSON).put("is_bot", false))
            .put("chat", new JsonObject().put("id", id(conversation)).put("type", "private"))
            .put("text", text);
    return client
        .send(
            HttpRequest.newBuilder(URI.create(server + webhooks))
                .header("X-Telegram-Bot-Api-Secret-Token", SECRET)
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        new JsonObject().put("update_id", number).put("message", message).encode()))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }

  private static long id(int conversation) {
    return 100_000 + conversation;
  }

  private void await(int conversation, String text) throws InterruptedException, IOException {
    await(
        "The answer in conversation " + conversation,
        () -> chat.last(id(conversation)).endsWith(text));
  }

  private static void await(String what, BooleanSupplier isThere)
      throws InterruptedException, IOException {
    long end = System.nanoTime() + TIMEOUT_NANOS;
    while (!isThere.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new IOException(what + " does not come");
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** How many start at once: a thousand agents that start together start slowly. */
  private void talk() throws Exception {
    Semaphore free = new Semaphore(AT_ONCE);
    AtomicInteger answered = new AtomicInteger();
    List<Future<?>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < conversations; i++) {
        int conversation = i;
        free.acquire();
        all.add(
            threads.submit(
                () -> {
                  try {
                    post(conversation, SHORT);
                    await(conversation, FILLER);
                  } finally {
                    free.release();
                  }
                  int number = answered.incrementAndGet();
                  if (number % PROGRESS == 0) {
                    System.err.printf("%d conversations have an answer%n", number);
                  }
                  return null;
                }));
      }
    }
    for (Future<?> one : all) {
      one.get();
    }
  }

  /** At an even pace, whatever the server does: a slow answer delays no other message. */
  private void measure(String when) throws InterruptedException {
    Histogram times = new ConcurrentHistogram(3);
    AtomicInteger others = new AtomicInteger();
    AtomicInteger next = new AtomicInteger();
    try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      clock.scheduleAtFixedRate(
          () -> {
            long began = System.nanoTime();
            threads.execute(
                () -> {
                  int quiet = Math.max(1, conversations - streams);
                  int conversation = conversations - 1 - next.getAndIncrement() % quiet;
                  try {
                    others.addAndGet(post(conversation, SHORT) / 100 == 2 ? 0 : 1);
                  } catch (IOException | InterruptedException e) {
                    others.incrementAndGet();
                  }
                  times.recordValue(System.nanoTime() - began);
                });
          },
          0,
          1_000_000_000L / rate,
          TimeUnit.NANOSECONDS);
      TimeUnit.SECONDS.sleep(seconds);
      clock.shutdown();
    }
    System.out.printf(
        "| inbound to 2xx while %s | %d, %d refused | p50 %.1f ms, p99 %.1f ms |%n",
        when,
        times.getTotalCount(),
        others.get(),
        times.getValueAtPercentile(50) / 1e6,
        times.getValueAtPercentile(99) / 1e6);
  }
}
