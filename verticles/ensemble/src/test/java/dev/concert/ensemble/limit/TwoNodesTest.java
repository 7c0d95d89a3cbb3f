package dev.concert.ensemble.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.ControlOptions;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.EnsembleOptions;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.key.KeySettings;
import dev.concert.ensemble.key.KeyStore;
import dev.concert.ensemble.redis.RedisServer;
import dev.concert.testing.Await;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes of Ensemble, one Redis, and many clients of one key at once. */
class TwoNodesTest {
  private static final int CLIENTS = 500;
  private static final int REQUESTS = 300;
  private static final String CALL =
      "{\"model\":\"demo\",\"max_tokens\":10,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  @TempDir Path folder;

  private RedisServer redis;
  private KeyStore store;
  private String key;
  private RunningEnsemble one;
  private RunningEnsemble two;

  @BeforeEach
  void start() {
    redis = new RedisServer(folder);
    Path keys = folder.resolve("keys.db");
    store = new KeyStore(keys, Clock.systemUTC());
    String customer = store.addCustomer("Acme", "ops@acme.example", Optional.empty()).id();
    RateLimit limit = new RateLimit(REQUESTS, 1_000_000);
    key = store.addKey(customer, new KeySettings("ci", Set.of(), limit, Optional.empty())).secret();
    EnsembleOptions options =
        EnsembleOptions.embedded(Map.of())
            .withControl(
                ControlOptions.NONE.withKeysFile(keys).withRedis(redis.url(), "two-nodes"));
    one = new RunningEnsemble(options);
    two = new RunningEnsemble(options);
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
    store.close();
    redis.close();
  }

  @Test
  void fiveHundredClientsAtTwoNodesGetTheLimitOfAMinuteAndNotOneCallMore() throws Exception {
    EnsembleClient atOne = one.client(key);
    EnsembleClient atTwo = two.client(key);
    // All calls have to fall into one minute of the clock, and one of them has settled shares.
    Await.until(() -> System.currentTimeMillis() % 60_000 < 45_000);
    AtomicInteger granted = new AtomicInteger();
    Set<Integer> others = ConcurrentHashMap.newKeySet();
    long minute = System.currentTimeMillis() / 60_000;
    while (granted.get() < REQUESTS && System.currentTimeMillis() / 60_000 == minute) {
      ask(atOne, atTwo, granted, others);
    }
    if (System.currentTimeMillis() / 60_000 == minute) {
      ask(atOne, atTwo, granted, others);
    }
    assertThat(System.currentTimeMillis() / 60_000).isEqualTo(minute);
    assertThat(granted).hasValue(REQUESTS);
    assertThat(others).containsOnly(429);
  }

  private static void ask(
      EnsembleClient atOne, EnsembleClient atTwo, AtomicInteger granted, Set<Integer> others)
      throws Exception {
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> calls = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        // Two thirds go to one of the nodes.
        EnsembleClient node = client % 3 == 0 ? atTwo : atOne;
        calls.add(
            clients.submit(
                () -> {
                  int status = node.post("/v1/chat/completions", CALL).statusCode();
                  if (status == 200) {
                    granted.incrementAndGet();
                  } else {
                    others.add(status);
                  }
                }));
      }
      for (Future<?> call : calls) {
        call.get();
      }
    }
  }
}
