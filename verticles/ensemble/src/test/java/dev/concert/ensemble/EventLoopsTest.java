package dev.concert.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.config.AccessControlOptions;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.ledger.LedgerRows;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.testing.Await;
import io.vertx.core.http.HttpServerResponse;
import java.math.BigDecimal;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Four event loops serve one node: what they share is exact, whatever they do at once. */
class EventLoopsTest {
  private static final int LOOPS = 4;
  private static final String ADMIN = "a-long-secret-of-the-operator";
  private static final String CALL =
      "{\"model\":\"real\",\"max_tokens\":1000,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  @TempDir Path folder;
  private final Upstream upstream = new Upstream();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<String> loops = ConcurrentHashMap.newKeySet();

  /** Each call is logged where it is made. */
  private final AppenderBase<ILoggingEvent> calls =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent call) {
          loops.add(Thread.currentThread().getName());
        }
      };

  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.concert.ensemble.calls");
  private RunningEnsemble ensemble;
  private String customer;

  @BeforeEach
  void start() {
    logger.setLevel(Level.INFO);
    calls.start();
    logger.addAppender(calls);
    ensemble =
        new RunningEnsemble(
            new EnsembleOptions(
                    "127.0.0.1",
                    0,
                    Optional.empty(),
                    List.of(),
                    List.of(upstream.options()),
                    Duration.ZERO)
                .withControl(
                    AccessControlOptions.NONE
                        .withKeysFile(folder.resolve("keys.db"))
                        .withAdminKey(ADMIN))
                .withLedger(ledger())
                .withEventLoops(LOOPS));
    customer =
        admin("customers", "{\"name\":\"Acme\",\"email\":\"ops@acme.example\"}")
            .path("customer_id")
            .asText();
    upstream.events(
        Upstream.data(
            Upstream.text("hi"), Upstream.finish("stop"), Upstream.usage(100, 0, 1000), "[DONE]"));
  }

  @AfterEach
  void stop() {
    ensemble.close();
    upstream.close();
    threads.close();
    logger.detachAppender(calls);
    logger.setLevel(null);
  }

  private Path ledger() {
    return folder.resolve("ledger.db");
  }

  private JsonNode admin(String path, String body) {
    HttpResponse<String> answer = ensemble.client(ADMIN).post("/admin/" + path, body);
    assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
    return EnsembleClient.json(answer.body());
  }

  private EnsembleClient newKey(String more) {
    return ensemble.client(
        admin("keys", "{\"customer_id\":\"%s\",\"name\":\"ci\"%s}".formatted(customer, more))
            .path("key")
            .asText());
  }

  /** How often a call ended with 200, of so many at once. */
  private int answered(EnsembleClient client, int times) throws Exception {
    List<Callable<Integer>> all = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      all.add(() -> client.post("/api/v1/generate", CALL).statusCode());
    }
    int answered = 0;
    for (Future<Integer> status : threads.invokeAll(all)) {
      answered += status.get() == 200 ? 1 : 0;
    }
    return answered;
  }

  @Test
  void limitsBooksAndBudgetsAreExactOverAllLoops() throws Exception {
    EnsembleClient limited = newKey(",\"rate_limit_rpm\":150");
    assertThat(answered(limited, 400)).as("of 150 in a minute").isEqualTo(150);

    // A call is estimated at up to 0.0151 dollars and costs 0.0153.
    EnsembleClient poor = newKey(",\"budget\":\"0.20\",\"budget_period\":\"total\"");
    int paid = answered(poor, 60);
    while (poor.post("/api/v1/generate", CALL).statusCode() == 200) {
      paid++;
    }
    assertThat(paid).isEqualTo(13);

    int free = answered(newKey(""), 600);
    assertThat(free).isEqualTo(600);
    List<Map<String, String>> rows = LedgerRows.of(ledger());
    int made = 150 + paid + free;
    assertThat(upstream.bodies).hasSize(made);
    assertThat(rows).hasSize(made).allMatch(row -> row.get("outcome").equals("end_turn"));
    assertThat(rows.stream().map(row -> row.get("id")).distinct()).hasSize(made);
    BigDecimal spent =
        rows.stream()
            .map(row -> new BigDecimal(row.get("cost")))
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    assertThat(spent)
        .isEqualByComparingTo(new BigDecimal("0.0153").multiply(BigDecimal.valueOf(made)));
    JsonNode budgets =
        EnsembleClient.json(ensemble.client(ADMIN).get("/admin/budgets").body()).path("budgets");
    assertThat(budgets.path(0).path("spent").asText()).isEqualTo("0.1989");
    assertThat(loops).as("event loops that made calls").hasSize(LOOPS);
  }

  @Test
  void aFailingProviderIsLeftAloneByAllLoops() throws Exception {
    EnsembleClient client = newKey("");
    upstream.status(500, "application/json", "{}");
    answered(client, 40);
    int asked = upstream.bodies.size();

    assertThat(answered(client, 40)).isZero();

    assertThat(upstream.bodies).hasSize(asked);
    assertThat(loops).hasSizeGreaterThan(1);
  }

  @Test
  void aStreamIsJoinedSeenAndCancelledFromAnyLoop() throws Exception {
    EnsembleClient client = newKey("");
    List<HttpServerResponse> open = new CopyOnWriteArrayList<>();
    upstream.script(
        response -> {
          Upstream.begin(response).write(Upstream.data(Upstream.text("one ")));
          open.add(response);
        });
    Future<HttpResponse<String>> first = threads.submit(() -> stream(client, "joined"));
    Await.until(() -> !open.isEmpty() && status(client, "joined").equals("streaming"));
    List<Future<HttpResponse<String>>> followers = new ArrayList<>();
    AtomicInteger seen = new AtomicInteger();
    for (int i = 0; i < 3 * LOOPS; i++) {
      followers.add(
          threads.submit(
              () -> {
                seen.incrementAndGet();
                return client.get("/api/v1/stream/joined");
              }));
    }
    Await.until(() -> seen.get() == 3 * LOOPS);
    for (int i = 0; i < 200; i++) {
      open.getFirst().write(Upstream.data(Upstream.text("word ")));
    }
    open.getFirst().end(Upstream.data(Upstream.finish("stop"), Upstream.usage(1, 0, 1), "[DONE]"));

    String whole = first.get().body();
    assertThat(whole).contains("event: done");
    for (Future<HttpResponse<String>> follower : followers) {
      assertThat(follower.get().body()).isEqualTo(whole);
    }

    Future<HttpResponse<String>> second = threads.submit(() -> stream(client, "cancelled"));
    Await.until(() -> status(client, "cancelled").equals("streaming"));
    assertThat(
            client
                .send(
                    client
                        .request("/api/v1/stream/cancelled", "")
                        .method("DELETE", noBody())
                        .build())
                .statusCode())
        .isEqualTo(204);
    assertThat(second.get().body()).contains("CALL_CANCELLED");
  }

  private static HttpRequest.BodyPublisher noBody() {
    return HttpRequest.BodyPublishers.noBody();
  }

  private static HttpResponse<String> stream(EnsembleClient client, String id) {
    return client.send(client.request("/api/v1/stream", CALL).header("X-Request-ID", id).build());
  }

  private static String status(EnsembleClient client, String id) {
    return EnsembleClient.json(client.get("/api/v1/status/" + id).body()).path("status").asText();
  }

  @Test
  void aRevokedKeysStreamsEndOnAllLoopsAndAStopDrainsAllOfThem() throws Exception {
    JsonNode key = admin("keys", "{\"customer_id\":\"%s\",\"name\":\"ci\"}".formatted(customer));
    EnsembleClient revoked = ensemble.client(key.path("key").asText());
    List<HttpServerResponse> open = new CopyOnWriteArrayList<>();
    upstream.script(
        response -> {
          Upstream.begin(response).write(Upstream.data(Upstream.text("begun")));
          open.add(response);
        });
    List<Future<HttpResponse<String>>> streams = begin(revoked, 3 * LOOPS);
    Await.until(() -> open.size() == 3 * LOOPS);

    admin("keys/" + key.path("key_id").asText() + "/revoke", "{}");

    for (Future<HttpResponse<String>> stream : streams) {
      assertThat(stream.get().body()).contains("AUTH_FAILED");
    }
    List<Future<HttpResponse<String>>> others = begin(newKey(""), 3 * LOOPS);
    Await.until(() -> open.size() == 6 * LOOPS);
    io.vertx.core.Future<Void> stopped = ensemble.stop();
    open.forEach(
        response ->
            response.end(
                Upstream.data(Upstream.finish("stop"), Upstream.usage(1, 0, 1), "[DONE]")));
    for (Future<HttpResponse<String>> stream : others) {
      assertThat(stream.get().body()).contains("event: done");
    }
    RunningEnsemble.await(stopped);
    assertThat(LedgerRows.of(ledger())).noneMatch(row -> row.get("outcome").equals("open"));
  }

  private List<Future<HttpResponse<String>>> begin(EnsembleClient client, int times) {
    List<Future<HttpResponse<String>>> streams = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      streams.add(threads.submit(() -> client.post("/api/v1/stream", CALL)));
    }
    return streams;
  }
}
