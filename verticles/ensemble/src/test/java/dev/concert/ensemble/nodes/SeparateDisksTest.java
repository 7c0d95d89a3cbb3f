package dev.concert.ensemble.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.AccessControlOptions;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.testing.Await;
import dev.concert.testing.RedisServer;
import java.math.BigDecimal;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes, each with its own data folder, that have only a Redis in common. */
class SeparateDisksTest {
  private static final String ADMIN = "a-long-secret-of-the-operator";
  private static final String CALL =
      "{\"model\":\"real\",\"max_tokens\":1000,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  private static final String MODELS = "/api/v1/models";

  @TempDir Path folder;
  private final Upstream upstream = new Upstream();
  private RedisServer redis;
  private RunningEnsemble one;
  private RunningEnsemble two;
  private String customer;

  @BeforeEach
  void start() {
    redis = new RedisServer(folder);
    one = node("one");
    two = node("two");
    customer =
        post(one, "customers", "{\"name\":\"Acme\",\"email\":\"ops@acme.example\"}")
            .path("customer_id")
            .asText();
  }

  private RunningEnsemble node(String name) {
    return new RunningEnsemble(
        new EnsembleOptions(
                "127.0.0.1",
                0,
                Optional.empty(),
                List.of(),
                List.of(upstream.options()),
                Duration.ZERO)
            .withControl(
                AccessControlOptions.NONE
                    .withKeysFile(folder.resolve(name + "-keys.db"))
                    .withRedis(redis.url(), "separate")
                    .withAdminKey(ADMIN))
            .withLedger(folder.resolve(name + "-ledger.db")));
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
    redis.close();
    upstream.close();
  }

  @Test
  void aKeyOpensTheOtherNodeFromTheMomentItIsShownAndItsRevocationArrives() {
    for (int i = 0; i < 5; i++) {
      JsonNode key = newKey(one, "");
      assertThat(opens(two, key)).isEqualTo(200);
      assertThat(opens(one, key)).isEqualTo(200);

      post(two, "keys/" + id(key) + "/revoke", "{}");
      Await.until(() -> opens(one, key) == 401);
    }
    assertThat(keys(one)).isEqualTo(keys(two)).hasSize(5);
  }

  @Test
  void aTeamARotationAndAChangeOfOneNodeHoldOnTheOther() {
    String team =
        post(
                one,
                "teams",
                "{\"customer_id\":\"%s\",\"name\":\"t\",\"allowed_models\":[\"real\"]}"
                    .formatted(customer))
            .path("team_id")
            .asText();
    JsonNode first = newKey(two, ",\"team_id\":\"" + team + "\"");
    assertThat(two.client(first.path("key").asText()).get(MODELS).body()).doesNotContain("demo");

    JsonNode second = post(one, "keys/" + id(first) + "/rotate", "{\"overlap_seconds\":0}");
    assertThat(opens(two, second)).isEqualTo(200);
    assertThat(List.of(opens(one, first), opens(two, first))).containsOnly(401);
    answer(
        admin(two)
            .send(
                admin(two)
                    .request("/admin/teams/" + team, "")
                    .method("PUT", BodyPublishers.ofString("{\"allowed_models\":[]}"))
                    .build()));
    Await.until(
        () -> !one.client(second.path("key").asText()).get(MODELS).body().contains("\"real\""));
  }

  @Test
  void withoutRedisEachNodeGoesOnAndALaterRevocationIsNotUndone() {
    JsonNode key = newKey(one, "");
    assertThat(opens(two, key)).isEqualTo(200);
    redis.kill();

    assertThat(opens(one, key)).isEqualTo(200);
    post(one, "keys/" + id(key) + "/revoke", "{}");
    assertThat(opens(one, key)).isEqualTo(401);
    for (int i = 0; i < 3; i++) {
      post(two, "keys/" + id(key) + "/status", "{\"status\":\"disabled\"}");
      post(two, "keys/" + id(key) + "/status", "{\"status\":\"enabled\"}");
    }
    assertThat(opens(two, key)).isEqualTo(200);

    redis.start();
    Await.until(() -> opens(two, key) == 401);
    JsonNode later = newKey(two, "");
    Await.until(() -> opens(one, later) == 200);
    assertThat(opens(one, key)).isEqualTo(401);
    Await.until(() -> keys(one).equals(keys(two)));
  }

  /** A call is estimated at up to 0.0151 dollars and costs 0.0153. */
  @Test
  void theBudgetOfATeamHoldsOverBothNodesAfterARestartAndWithoutRedis() throws Exception {
    upstream.events(
        Upstream.data(
            Upstream.text("hi"), Upstream.finish("stop"), Upstream.usage(100, 0, 1000), "[DONE]"));
    String team =
        post(
                one,
                "teams",
                "{\"customer_id\":\"%s\",\"name\":\"t\",\"budget\":\"0.20\",\"budget_period\":\"total\"}"
                    .formatted(customer))
            .path("team_id")
            .asText();
    JsonNode key = newKey(one, ",\"team_id\":\"" + team + "\"");
    JsonNode other = newKey(two, ",\"team_id\":\"" + team + "\"");
    assertThat(call(one, key)).isEqualTo(200);
    assertThat(call(two, other)).isEqualTo(200);

    AtomicInteger answered = new AtomicInteger(2 + manyAtOnce(key, other));

    // What a call reserved and did not spend comes back a moment after its answer.
    Await.until(
        "the budget is spent",
        () -> {
          if (call(two, other) == 200) {
            answered.incrementAndGet();
          }
          return answered.get() >= 13;
        });
    assertThat(answered).hasValue(13);
    assertThat(upstream.bodies).hasSize(13);
    assertThat(call(one, key)).isEqualTo(402);
    Await.until(() -> shows(one, 13) && shows(two, 13));
    two.close();
    redis.kill();
    redis.start();
    assertThat(call(one, key)).isEqualTo(402);
    two = node("two");
    assertThat(List.of(call(one, key), call(two, other))).containsOnly(402);

    redis.kill();
    assertThat(manyAtOnce(key, other)).isZero();
    JsonNode shown = answer(admin(one).get("/admin/budgets"));
    assertThat(shown.path("all_nodes").asBoolean()).isFalse();
    assertThat(shown.at("/budgets/0/spent").asText()).isEqualTo(spent(13));
  }

  private static boolean shows(RunningEnsemble node, int calls) {
    JsonNode shown = answer(admin(node).get("/admin/budgets"));
    return shown.path("all_nodes").asBoolean()
        && shown.at("/budgets/0/spent").asText().equals(spent(calls));
  }

  /** A call costs 0.0153 dollars. */
  private static String spent(int calls) {
    return new BigDecimal("0.0153")
        .multiply(BigDecimal.valueOf(calls))
        .stripTrailingZeros()
        .toPlainString();
  }

  /** Also a key that the other node makes for it while Redis is away. */
  @Test
  void aTeamThatOneNodeDeletesIsGoneWithItsKeysOnTheOther() {
    String team =
        post(one, "teams", "{\"customer_id\":\"%s\",\"name\":\"t\"}".formatted(customer))
            .path("team_id")
            .asText();
    String member = ",\"team_id\":\"" + team + "\"";
    JsonNode first = newKey(two, member);
    redis.kill();

    answer(
        admin(one)
            .send(
                admin(one).request("/admin/teams/" + team + "?keys=revoke", "").DELETE().build()));
    JsonNode second = newKey(two, member);
    assertThat(List.of(opens(one, first), opens(two, second))).containsExactly(401, 200);

    redis.start();
    Await.until(() -> opens(two, first) == 401 && opens(two, second) == 401);
    Await.until(() -> keys(one).equals(keys(two)));
    assertThat(opens(one, second)).isEqualTo(401);
    for (RunningEnsemble node : List.of(one, two)) {
      assertThat(answer(admin(node).get("/admin/teams")).path("teams")).isEmpty();
    }
  }

  private int manyAtOnce(JsonNode key, JsonNode other) throws Exception {
    List<Callable<Integer>> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      calls.add(() -> call(one, key));
      calls.add(() -> call(two, other));
    }
    int answered = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> status : threads.invokeAll(calls)) {
        answered += status.get() == 200 ? 1 : 0;
      }
    }
    return answered;
  }

  private static int call(RunningEnsemble node, JsonNode key) {
    return node.client(key.path("key").asText()).post("/api/v1/generate", CALL).statusCode();
  }

  private static String id(JsonNode key) {
    return key.path("key_id").asText();
  }

  private static int opens(RunningEnsemble node, JsonNode key) {
    return node.client(key.path("key").asText()).get(MODELS).statusCode();
  }

  private static EnsembleClient admin(RunningEnsemble node) {
    return node.client(ADMIN);
  }

  private JsonNode newKey(RunningEnsemble node, String more) {
    return post(
        node, "keys", "{\"customer_id\":\"%s\",\"name\":\"ci\"%s}".formatted(customer, more));
  }

  private static JsonNode keys(RunningEnsemble node) {
    return answer(admin(node).get("/admin/keys")).path("keys");
  }

  private static JsonNode post(RunningEnsemble node, String path, String body) {
    return answer(admin(node).post("/admin/" + path, body));
  }

  private static JsonNode answer(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isLessThan(300);
    return EnsembleClient.json(response.body());
  }
}
