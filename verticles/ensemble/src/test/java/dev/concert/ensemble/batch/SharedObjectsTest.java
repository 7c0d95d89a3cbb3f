package dev.concert.ensemble.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.ledger.LedgerRows;
import dev.concert.ensemble.provider.VendorStore;
import dev.concert.error.ConcertException;
import dev.concert.testing.Await;
import dev.concert.testing.RedisServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and batches of two nodes, each with its own data folder, that have a Redis in common. */
class SharedObjectsTest {
  private static final String ADMIN = "a-long-secret-of-the-operator";
  private static final String BOUNDARY = "the-boundary";
  private static final String LINE =
      "{\"custom_id\":\"%s\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
          + "{\"model\":\"chat\",\"max_tokens\":1000,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}}";

  @TempDir Path folder;

  private final PlayedStore store = new PlayedStore();
  private RedisServer redis;
  private RunningEnsemble one;
  private RunningEnsemble two;
  private String mine;
  private String other;

  @BeforeEach
  void start() {
    redis = new RedisServer(folder);
    one = node("one");
    two = node("two");
    String customer =
        admin("customers", "{\"name\":\"Acme\",\"email\":\"ops@acme.example\"}")
            .path("customer_id")
            .asText();
    mine = newKey(customer);
    other = newKey(customer);
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
    redis.close();
    store.close();
  }

  private RunningEnsemble node(String name) {
    JsonObject model =
        new JsonObject()
            .put("id", "chat")
            .put("upstreamId", "theirs-chat")
            .put("inputPrice", "3")
            .put("outputPrice", "15");
    JsonObject config =
        new JsonObject()
            .put("keysFile", folder.resolve(name + "-keys.db").toString())
            .put("ledgerFile", ledger(name).toString())
            .put("redisUrl", redis.url())
            .put(
                "providers",
                new JsonArray()
                    .add(
                        new JsonObject()
                            .put("name", "openai")
                            .put("type", "openai")
                            .put("baseUrl", store.url() + "/v1")
                            .put("apiKeyEnv", "STORE_KEY")
                            .put("models", new JsonArray().add(model))));
    return new RunningEnsemble(
        EnsembleOptions.from(
            new JsonObject().put("ensemble", config),
            Map.of("ENSEMBLE_ADMIN_KEY", ADMIN, "STORE_KEY", PlayedStore.KEY)));
  }

  private Path ledger(String name) {
    return folder.resolve(name + "-ledger.db");
  }

  private JsonNode admin(String path, String body) {
    return EnsembleClient.json(ok(one.client(ADMIN).post("/admin/" + path, body)));
  }

  private String newKey(String customer) {
    return admin("keys", "{\"customer_id\":\"%s\",\"name\":\"ci\"}".formatted(customer))
        .path("key")
        .asText();
  }

  private static String ok(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
    return answer.body();
  }

  private static String id(HttpResponse<String> answer) {
    return EnsembleClient.json(ok(answer)).path("id").asText();
  }

  private String upload(RunningEnsemble node) {
    String form =
        "--%1$s\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--%1$s\r\n"
                .formatted(BOUNDARY)
            + "Content-Disposition: form-data; name=\"file\"; filename=\"a.jsonl\"\r\n\r\n"
            + LINE.formatted("first")
            + "\n"
            + LINE.formatted("second")
            + "\r\n--"
            + BOUNDARY
            + "--\r\n";
    EnsembleClient client = node.client(mine);
    return id(
        client.send(
            client
                .request("/v1/files", form)
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .build()));
  }

  private static HttpResponse<String> batch(EnsembleClient client, String file) {
    return client.post(
        "/v1/batches",
        "{\"input_file_id\":\"%s\",\"endpoint\":\"/v1/chat/completions\",\"completion_window\":\"24h\"}"
            .formatted(file));
  }

  private static int delete(EnsembleClient client, String path) {
    return client.send(client.request(path, "").DELETE().build()).statusCode();
  }

  private List<String> listed(RunningEnsemble node, String key, String path) {
    List<String> ids = new ArrayList<>();
    EnsembleClient.json(ok(node.client(key).get(path)))
        .path("data")
        .forEach(one -> ids.add(one.path("id").asText()));
    return ids;
  }

  @Test
  void whatOneNodeHasMadeBelongsToItsKeyOnBothAndIsInTheBooksOfOne() {
    String file = upload(one);
    assertThat(ok(two.client(mine).get("/v1/files/" + file + "/content"))).contains("first");
    String made = id(batch(two.client(mine), file));
    for (RunningEnsemble node : List.of(one, two)) {
      assertThat(listed(node, mine, "/v1/files")).contains(file);
      assertThat(listed(node, mine, "/v1/batches")).containsExactly(made);
      EnsembleClient stranger = node.client(other);
      assertThat(listed(node, other, "/v1/files")).isEmpty();
      assertThat(listed(node, other, "/v1/batches")).isEmpty();
      assertThat(stranger.get("/v1/files/" + file).statusCode()).isEqualTo(404);
      assertThat(stranger.get("/v1/batches/" + made).statusCode()).isEqualTo(404);
      assertThat(delete(stranger, "/v1/files/" + file)).isEqualTo(404);
      assertThat(batch(stranger, file).statusCode()).isEqualTo(400);
    }

    Await.until(() -> ok(one.client(mine).get("/v1/batches/" + made)).contains("completed"));
    String output =
        EnsembleClient.json(ok(one.client(mine).get("/v1/batches/" + made)))
            .path("output_file_id")
            .asText();
    for (RunningEnsemble node : List.of(one, two)) {
      assertThat(ok(node.client(mine).get("/v1/files/" + output + "/content")))
          .contains("first", "second");
      assertThat(node.client(other).get("/v1/files/" + output).statusCode()).isEqualTo(404);
    }
    ok(two.client(mine).get("/v1/batches/" + made));
    ok(one.client(mine).get("/v1/batches/" + made));
    assertThat(LedgerRows.of(ledger("two"))).hasSize(2);
    assertThat(LedgerRows.of(ledger("one"))).isEmpty();

    assertThat(delete(one.client(mine), "/v1/files/" + file)).isEqualTo(200);
    assertThat(two.client(mine).get("/v1/files/" + file).statusCode()).isEqualTo(404);
    assertThat(listed(two, mine, "/v1/files")).containsExactly(output);
  }

  @Test
  void withoutRedisEachNodeKnowsItsOwnAndWhatWasDeletedMeanwhileStaysSo() {
    String first = upload(one);
    assertThat(listed(two, mine, "/v1/files")).containsExactly(first);
    redis.kill();

    String second = upload(one);
    assertThat(listed(one, mine, "/v1/files")).containsExactly(second, first);
    assertThat(two.client(mine).get("/v1/files/" + second).statusCode()).isEqualTo(404);
    assertThat(delete(two.client(mine), "/v1/files/" + first)).isEqualTo(200);

    redis.start();
    Await.until(() -> listed(two, mine, "/v1/files").equals(List.of(second)));
    Await.until(() -> listed(one, mine, "/v1/files").equals(List.of(second)));
  }

  /** Its results would be gone before the node that holds its money has read them. */
  @Test
  void aBatchIsNotDeletedBeforeItIsInTheBooksOfItsNode() {
    KeptObject batch =
        new KeptObject(
            KeptObject.Kind.BATCH,
            "msgbatch_1",
            "key_1",
            "cus_1",
            "anthropic",
            VendorStore.Api.ANTHROPIC,
            JsonNodeFactory.instance.objectNode(),
            Optional.empty(),
            false,
            true);

    assertThatThrownBy(() -> BatchSettlement.booked(batch))
        .isInstanceOf(ConcertException.class)
        .hasMessageContaining("Delete it in a minute");
    assertThat(BatchSettlement.booked(batch.over())).isEqualTo(batch.over());
  }
}
