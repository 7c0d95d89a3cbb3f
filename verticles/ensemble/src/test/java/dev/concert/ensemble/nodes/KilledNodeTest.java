package dev.concert.ensemble.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.Requests;
import dev.concert.ensemble.Sse;
import dev.concert.ensemble.budget.Budget;
import dev.concert.ensemble.key.KeySettings;
import dev.concert.ensemble.key.KeyStore;
import dev.concert.ensemble.limit.RateLimit;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.testing.Await;
import dev.concert.testing.RedisServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes of Ensemble, each a process, behind one address. */
class KilledNodeTest {
  private static final int CLIENTS = 30;
  private static final int CALLS_EACH = 10;
  private static final int TRIES = 40;
  private static final long PAUSE_NANOS = 100_000_000;
  private static final List<String> PIECES = List.of("one ", "two ", "three ", "four");

  @TempDir Path folder;

  private final Upstream upstream = new Upstream();

  /** What runs, also after a start that failed. */
  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  private final AtomicInteger whole = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private volatile String lastFailure = "";
  private String key;
  private final List<NodeProcess> nodes = new ArrayList<>();
  private Balancer balancer;

  @BeforeEach
  void start() {
    started.push(upstream::close);
    RedisServer redis = new RedisServer(folder);
    started.push(redis);
    Path keys = folder.resolve("keys.db");
    try (KeyStore store = new KeyStore(keys, Clock.systemUTC())) {
      String customer = store.addCustomer("Acme", "", Optional.<Budget>empty()).id();
      RateLimit wide = new RateLimit(1_000_000, 1_000_000_000);
      key =
          store
              .addKey(customer, new KeySettings("ci", Optional.empty(), wide, Optional.empty()))
              .secret();
    }
    JsonObject ensemble =
        new JsonObject()
            .put("keysFile", keys.toString())
            .put("redisUrl", redis.url())
            .put(
                "providers",
                new JsonArray()
                    .add(
                        new JsonObject()
                            .put("name", "scripted")
                            .put("type", "openai-compatible")
                            .put("baseUrl", upstream.url())
                            .put(
                                "models",
                                new JsonArray().add(new JsonObject().put("id", "real")))));
    JsonObject config = new JsonObject().put("ensemble", ensemble);
    upstream.slowly(
        20,
        PIECES.stream().map(Upstream::text).map(Upstream::data).toList(),
        Upstream.data(Upstream.finish("stop"), "[DONE]"));
    for (String name : List.of("one.log", "two.log")) {
      NodeProcess node = NodeProcess.start(config, folder.resolve(name));
      started.push(node);
      nodes.add(node);
    }
    balancer = Balancer.before(folder, nodes);
    started.push(balancer);
    nodes.forEach(
        node ->
            Await.until(
                () -> answered(new EnsembleClient("http://127.0.0.1:" + node.port(), key))));
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : started) {
      one.close();
    }
  }

  @Test
  void clientsThatRetryLoseNothingWhenANodeIsKilledInTheMiddleOfTheirAnswers() throws Exception {
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        running.add(clients.submit(this::askAll));
      }
      Await.until(() -> whole.get() >= CLIENTS);
      nodes.getFirst().kill();
      for (Future<?> client : running) {
        client.get();
      }
    }

    assertThat(whole).hasValue(CLIENTS * CALLS_EACH);
    assertThat(failed.get()).as("calls that the kill has cut").isPositive();
  }

  private void askAll() {
    EnsembleClient client = new EnsembleClient(balancer.url(), key);
    for (int call = 0; call < CALLS_EACH; call++) {
      int tries = 0;
      while (!answered(client)) {
        failed.incrementAndGet();
        assertThat(++tries).as("tries at one call, after " + lastFailure).isLessThan(TRIES);
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      whole.incrementAndGet();
    }
  }

  /** True for a whole answer; one that was cut must not look like one. */
  private boolean answered(EnsembleClient client) {
    Sse answer;
    try {
      answer = client.stream(Requests.REAL);
    } catch (UncheckedIOException cut) {
      lastFailure = cut.toString();
      return false;
    }
    if (answer.status() != 200 || !answer.last().name().equals("done")) {
      lastFailure = answer.toString();
      return false;
    }
    assertThat(answer.events().getLast().data().path("blocks").get(0).path("text").asText())
        .isEqualTo(String.join("", PIECES));
    return true;
  }
}
