package dev.concert.ensemble.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.ledger.LedgerRows;
import dev.concert.ensemble.nodes.NodeProcess;
import dev.concert.testing.Await;
import dev.concert.testing.RedisServer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node is killed while its batch is under way; another node has a Redis in common with it. */
class LostBatchTest {
  private static final String ADMIN = "a-long-secret-of-the-operator";
  private static final Map<String, String> ENVIRONMENT =
      Map.of("ENSEMBLE_ADMIN_KEY", ADMIN, "STORE_KEY", PlayedStore.KEY);

  @TempDir Path folder;

  private final PlayedStore store = new PlayedStore();
  private RedisServer redis;
  private NodeProcess lost;
  private RunningEnsemble left;
  private String key;

  @BeforeEach
  void start() {
    redis = new RedisServer(folder);
    left = new RunningEnsemble(EnsembleOptions.from(config("left"), ENVIRONMENT));
    String customer =
        json(left.client(ADMIN)
                .post("/admin/customers", "{\"name\":\"Acme\",\"email\":\"a@acme.example\"}"))
            .path("customer_id")
            .asText();
    key =
        json(left.client(ADMIN)
                .post(
                    "/admin/keys",
                    "{\"customer_id\":\"%s\",\"name\":\"ci\",\"budget\":\"1\",\"budget_period\":\"total\"}"
                        .formatted(customer)))
            .path("key")
            .asText();
    lost = NodeProcess.start(config("lost"), ENVIRONMENT, folder.resolve("lost.log"));
  }

  @AfterEach
  void stop() {
    lost.close();
    left.close();
    redis.close();
    store.close();
  }

  private JsonObject config(String name) {
    JsonObject model =
        new JsonObject()
            .put("id", "chat")
            .put("upstreamId", "theirs-chat")
            .put("inputPrice", "3")
            .put("outputPrice", "15");
    JsonObject provider =
        new JsonObject()
            .put("name", "anthropic")
            .put("type", "anthropic")
            .put("baseUrl", store.url())
            .put("apiKeyEnv", "STORE_KEY")
            .put("models", new JsonArray().add(model));
    return new JsonObject()
        .put(
            "ensemble",
            new JsonObject()
                .put("keysFile", folder.resolve(name + "-keys.db").toString())
                .put("ledgerFile", ledger(name).toString())
                .put("redisUrl", redis.url())
                .put("providers", new JsonArray().add(provider)));
  }

  private Path ledger(String name) {
    return folder.resolve(name + "-ledger.db");
  }

  private static JsonNode json(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
    return EnsembleClient.json(answer.body());
  }

  private EnsembleClient atTheLost() {
    return new EnsembleClient("http://127.0.0.1:" + lost.port(), key);
  }

  private static JsonNode state(EnsembleClient client, String batch) {
    return json(client.get("/v1/messages/batches/" + batch)).path("processing_status");
  }

  /** The time of the claim that the killed node does not renew any more is over. */
  private void letItsClaimEnd(String batch) {
    Vertx vertx = Vertx.vertx();
    Redis client = Redis.createClient(vertx, redis.url());
    RunningEnsemble.await(client.send(Request.cmd(Command.KEYS).arg("*}:batch:*" + batch)))
        .forEach(
            claim ->
                RunningEnsemble.await(client.send(Request.cmd(Command.DEL).arg(claim.toString()))));
    RunningEnsemble.await(vertx.close());
  }

  @Test
  void anotherNodeHasItInItsBooksAndTheLostOneDoesNotRepeatIt() {
    String made =
        json(atTheLost()
                .post(
                    "/v1/messages/batches",
                    "{\"requests\":[{\"custom_id\":\"one\",\"params\":{\"model\":\"chat\",\"max_tokens\":10,"
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}},{\"custom_id\":\"two\",\"params\":"
                        + "{\"model\":\"chat\",\"max_tokens\":10,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}}]}"))
            .path("id")
            .asText();
    lost.kill();

    Await.until(() -> state(left.client(key), made).asText().equals("ended"));
    assertThat(LedgerRows.of(ledger("left"))).as("the other may live").isEmpty();

    letItsClaimEnd(made);
    state(left.client(key), made);
    assertThat(LedgerRows.of(ledger("left"))).hasSize(2);

    lost = NodeProcess.start(config("lost"), ENVIRONMENT, folder.resolve("again.log"));
    assertThat(state(atTheLost(), made).asText()).isEqualTo("ended");
    state(left.client(key), made);
    assertThat(LedgerRows.of(ledger("lost"))).isEmpty();
    assertThat(LedgerRows.of(ledger("left"))).hasSize(2);
  }

  @Test
  void aNodeThatWasOnlyAwayFindsWhatItIsNotToBook() {
    String made =
        json(left.client(key)
                .post(
                    "/v1/messages/batches",
                    "{\"requests\":[{\"custom_id\":\"one\",\"params\":{\"model\":\"chat\",\"max_tokens\":10,"
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}}]}"))
            .path("id")
            .asText();
    letItsClaimEnd(made);
    Await.until(() -> state(atTheLost(), made).asText().equals("ended"));
    state(left.client(key), made);
    state(atTheLost(), made);

    // The living node may have renewed its claim before the other asked.
    assertThat(LedgerRows.of(ledger("lost")).size() + LedgerRows.of(ledger("left")).size())
        .isEqualTo(1);
    Await.until(
        () ->
            new BigDecimal(
                        json(left.client(ADMIN).get("/admin/budgets"))
                            .at("/budgets/0/spent")
                            .asText("0"))
                    .compareTo(new BigDecimal("0.000225"))
                == 0);
  }
}
