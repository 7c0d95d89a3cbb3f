package dev.concert.ensemble.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.AccessControlOptions;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.key.KeySettings;
import dev.concert.ensemble.key.KeyStore;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.testing.Await;
import dev.concert.testing.RedisServer;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two nodes of Ensemble, one Redis, and five hundred clients of one key at once. Counted is what
 * comes to the model, in any sixty seconds.
 */
@ExpectedLog(
    logger = "dev.concert.ensemble.limit.SharedLimits",
    message = "Redis (does not answer|answers again)",
    required = false)
class TwoNodesTest {
  private static final int CLIENTS = 500;
  private static final int LIMIT = 300;
  private static final String NAMESPACE = "two-nodes";

  /** 5 tokens of prompt by our estimate, and at most 20 of answer. */
  private static final String CALL =
      "{\"model\":\"real\",\"max_tokens\":20,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  private static final int TOKENS = 20;

  /** What runs out first. */
  enum Bound {
    REQUESTS(new RateLimit(LIMIT, 1_000_000), LIMIT),
    /** The last call's estimate would not fit, though what it uses would. */
    TOKENS(new RateLimit(1_000_000, LIMIT * TwoNodesTest.TOKENS), LIMIT - 1);

    private final RateLimit limit;
    private final int calls;

    Bound(RateLimit limit, int calls) {
      this.limit = limit;
      this.calls = calls;
    }
  }

  @TempDir Path folder;

  private final TestClock clock = new TestClock();
  private final Arrivals arrivals = new Arrivals(clock);
  private final AtomicInteger granted = new AtomicInteger();
  private final Set<Integer> refusals = ConcurrentHashMap.newKeySet();
  private final Upstream upstream = new Upstream();
  private RedisServer redis;
  private KeyStore store;
  private String customer;
  private RunningEnsemble one;
  private RunningEnsemble two;
  private EnsembleClient atOne;
  private EnsembleClient atTwo;

  @BeforeEach
  void start() {
    redis = new RedisServer(folder);
    store = new KeyStore(folder.resolve("keys.db"), Clock.systemUTC());
    customer = store.addCustomer("Acme", "ops@acme.example", Optional.empty()).id();
    upstream.script(
        response -> {
          arrivals.add();
          Upstream.begin(response)
              .end(
                  Upstream.data(
                      Upstream.text("hello"),
                      Upstream.finish("stop"),
                      Upstream.usage(TOKENS - 15, 0, 15),
                      "[DONE]"));
        });
  }

  private void startNodes(RateLimit limit) {
    String key =
        store
            .addKey(customer, new KeySettings("ci", Optional.empty(), limit, Optional.empty()))
            .secret();
    EnsembleOptions options =
        new EnsembleOptions(
                "127.0.0.1",
                0,
                Optional.empty(),
                List.of(),
                List.of(Upstream.options(upstream.url(), Duration.ofSeconds(20))),
                Duration.ZERO)
            .withControl(
                AccessControlOptions.NONE
                    .withKeysFile(folder.resolve("keys.db"))
                    .withRedis(redis.url(), NAMESPACE));
    one = new RunningEnsemble(options, clock);
    two = new RunningEnsemble(options, clock);
    atOne = one.client(key);
    atTwo = two.client(key);
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
    upstream.close();
    store.close();
    redis.close();
  }

  @ParameterizedTest
  @EnumSource
  void fiveHundredClientsGetTheLimitAndNotOneCallMoreThoughRedisIsStoppedInTheMiddle(Bound bound)
      throws Exception {
    startNodes(bound.limit);
    assertThatTheWholeLimitIsGrantedTo(this::both, bound);

    awaitEqualShares();
    ask(60, this::both);
    redis.kill();
    assertThatRequestsGoOnByTheShareOfTheNodeThatIsAsked(bound);
    redis.start();
    assertThatTheWholeLimitIsGrantedTo(client -> atOne, bound);
    assertThat(granted.get()).isEqualTo(2 * bound.calls);

    for (int more = 0; more < 4; more++) {
      clock.advance(25_000);
      ask(CLIENTS, this::both);
    }
    assertThat(granted.get()).isGreaterThan(2 * bound.calls + LIMIT / 2);
    assertThat(arrivals.all()).isEqualTo(granted.get());
    assertThat(arrivals.mostInSixtySeconds()).isEqualTo(bound.calls);
    assertThat(refusals).containsOnly(429);
  }

  private void assertThatTheWholeLimitIsGrantedTo(IntFunction<EnsembleClient> nodes, Bound bound)
      throws Exception {
    long until = clock.getAsLong() + 40_000;
    while (arrivals.lately() < bound.calls && clock.getAsLong() < until) {
      ask(CLIENTS, nodes);
    }
    ask(CLIENTS, this::both);
    assertThat(arrivals.lately()).isEqualTo(bound.calls);
  }

  private void assertThatRequestsGoOnByTheShareOfTheNodeThatIsAsked(Bound bound) throws Exception {
    long before = arrivals.lately();
    ask(CLIENTS, client -> atOne);
    assertThat(arrivals.lately())
        .isGreaterThan(before)
        // The other one's share is out of reach.
        .isLessThan(LIMIT - LIMIT / 4);
  }

  private EnsembleClient both(int client) {
    // Two thirds go to one of the nodes.
    return client % 3 == 0 ? atTwo : atOne;
  }

  /** What was used counts no more, and both nodes know that the other one knows of them. */
  private void awaitEqualShares() {
    LimitKeys keys = new LimitKeys(NAMESPACE);
    Redis client = Redis.createClient(one.vertx(), redis.url());
    Request number = Request.cmd(Command.HGET).arg(keys.state()).arg("number");
    Await.until(() -> answer(client, number) == 2);
    haveHeard(client, keys);
    clock.advance(62_000);
    Request complete = Request.cmd(Command.HGET).arg(keys.state()).arg("complete");
    Await.until(() -> answer(client, complete) == 1);
    haveHeard(client, keys);
    clock.advance(62_000);
    Request reported = Request.cmd(Command.KEYS).arg(keys.subject("*").replace("{", "[{]"));
    Await.until(() -> RunningEnsemble.await(client.send(reported)).size() == 0);
    RunningEnsemble.await(client.close());
  }

  /** Nodes ask once a second, one question after the other: a second later each has reply. */
  private static void haveHeard(Redis client, LimitKeys keys) {
    Request asked =
        Request.cmd(Command.ZCOUNT)
            .arg(keys.nodes())
            .arg(System.currentTimeMillis() + 1_000)
            .arg("+inf");
    Await.until(() -> answer(client, asked) == 2);
  }

  private static int answer(Redis client, Request request) {
    return RunningEnsemble.await(client.send(request)).toInteger();
  }

  private void ask(int clients, IntFunction<EnsembleClient> nodes) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> calls = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        EnsembleClient node = nodes.apply(client);
        calls.add(
            threads.submit(
                () -> {
                  int status = node.post("/v1/chat/completions", CALL).statusCode();
                  if (status == 200) {
                    granted.incrementAndGet();
                  } else {
                    refusals.add(status);
                  }
                }));
      }
      for (Future<?> call : calls) {
        call.get();
      }
    }
  }
}
