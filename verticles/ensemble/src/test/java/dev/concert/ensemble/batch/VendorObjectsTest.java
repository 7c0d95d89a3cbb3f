package dev.concert.ensemble.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.clients.ClientProgram;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.ledger.LedgerRows;
import dev.concert.testing.Await;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Files and batches at vendors: whose they are, what is checked before they are passed on, and what
 * they cost. A line may cost $0.0075 and costs $0.000225.
 */
class VendorObjectsTest {
  private static final String ADMIN = "a-long-secret-of-the-operator";
  private static final String BOUNDARY = "the-boundary";
  private static final String LINE =
      "{\"custom_id\":\"%s\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
          + "{\"model\":\"%s\",\"max_tokens\":1000,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}}";

  @TempDir Path folder;

  private final PlayedStore store = new PlayedStore();
  private RunningEnsemble ensemble;
  private String customer;

  @BeforeEach
  void start() {
    open();
    customer =
        admin("customers", "{\"name\":\"Acme\",\"email\":\"ops@acme.example\"}")
            .path("customer_id")
            .asText();
  }

  @AfterEach
  void stop() {
    ensemble.close();
    store.close();
  }

  private void open() {
    JsonObject config =
        new JsonObject()
            .put("retrySeconds", 0)
            .put("keysFile", folder.resolve("keys.db").toString())
            .put("ledgerFile", ledger().toString())
            .put(
                "providers",
                new JsonArray()
                    .add(provider("openai", store.url() + "/v1", "chat", "other"))
                    .add(provider("anthropic", store.url(), "claude")));
    ensemble =
        new RunningEnsemble(
            EnsembleOptions.from(
                new JsonObject().put("ensemble", config),
                Map.of("ENSEMBLE_ADMIN_KEY", ADMIN, "STORE_KEY", PlayedStore.KEY)));
  }

  private static JsonObject provider(String type, String url, String... models) {
    JsonArray served = new JsonArray();
    for (String model : models) {
      served.add(
          new JsonObject()
              .put("id", model)
              .put("upstreamId", "theirs-" + model)
              .put("inputPrice", "3")
              .put("outputPrice", "15"));
    }
    return new JsonObject()
        .put("name", type)
        .put("type", type)
        .put("baseUrl", url)
        .put("apiKeyEnv", "STORE_KEY")
        .put("models", served);
  }

  private Path ledger() {
    return folder.resolve("ledger.db");
  }

  private JsonNode admin(String path, String body) {
    HttpResponse<String> answer = ensemble.client(ADMIN).post("/admin/" + path, body);
    assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
    return EnsembleClient.json(answer.body());
  }

  private JsonNode newKey(String more) {
    return admin("keys", "{\"customer_id\":\"%s\",\"name\":\"ci\"%s}".formatted(customer, more));
  }

  private EnsembleClient client(JsonNode key) {
    return ensemble.client(key.path("key").asText());
  }

  private HttpResponse<String> upload(JsonNode key, String lines) {
    String form =
        "--%1$s\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--%1$s\r\n"
                .formatted(BOUNDARY)
            + "Content-Disposition: form-data; name=\"file\"; filename=\"a.jsonl\"\r\n\r\n"
            + lines
            + "\r\n--"
            + BOUNDARY
            + "--\r\n";
    EnsembleClient client = client(key);
    return client.send(
        client
            .request("/v1/files", form)
            .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
            .build());
  }

  private HttpResponse<String> batch(JsonNode key, String file) {
    return client(key)
        .post(
            "/v1/batches",
            "{\"input_file_id\":\"%s\",\"endpoint\":\"/v1/chat/completions\",\"completion_window\":\"24h\"}"
                .formatted(file));
  }

  private static String id(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return EnsembleClient.json(answer.body()).path("id").asText();
  }

  private static String lines(int count) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add(LINE.formatted("line-" + i, "chat"));
    }
    return String.join("\n", lines);
  }

  private JsonNode sdk(String name, JsonNode key, JsonNode other) throws Exception {
    return ClientProgram.npm("vendor-sdks")
        .answers(
            "batches.mjs",
            List.of(name, ensemble.baseUrl(), key.path("key").asText(), other.path("key").asText()))
        .getFirst();
  }

  @Test
  void openAisSdkHasFilesAndBatchesOfItsKeyAlone() throws Exception {
    JsonNode key = newKey(",\"budget\":\"1\",\"budget_period\":\"total\"");

    JsonNode facts = sdk("openai", key, newKey(""));

    assertThat(facts.path("ended").asText()).as("%s", facts).isEqualTo("completed");
    assertThat(facts.path("first").asText()).isEqualTo("validating");
    assertThat(facts.path("cancelled").asText()).isEqualTo("cancelled");
    assertThat(facts.path("answers").toString()).isEqualTo("[\"one\",\"two\",\"three\"]");
    assertThat(facts.path("words").asText()).isEqualTo("words of mine");
    assertThat(facts.path("size").asInt()).isEqualTo(13);
    assertThat(facts.path("purposes").asInt()).isEqualTo(1);
    assertThat(facts.path("files").asInt()).isEqualTo(3);
    assertThat(facts.path("batches").asInt()).isEqualTo(2);
    assertThat(facts.path("hidden").toString()).isEqualTo("[404,404,404,404,404,400,0,0]");
    assertThat(facts.path("hiddenOutput").asInt()).isEqualTo(404);
    assertThat(facts.path("deleted").asBoolean()).isTrue();
    assertThat(facts.path("gone").asInt()).isEqualTo(404);
    assertThat(store.everything()).contains("theirs-chat").doesNotContain("\"chat\"");
    assertBooked("chat", "/one", "/two", "/three");
  }

  @Test
  void anthropicsSdkHasBatchesOfItsKeyAlone() throws Exception {

    JsonNode facts = sdk("anthropic", newKey(""), newKey(""));

    assertThat(facts.path("made").asText()).as("%s", facts).isEqualTo("in_progress");
    assertThat(facts.path("first").asText()).isEqualTo("in_progress");
    assertThat(facts.path("ended").asText()).isEqualTo("ended");
    assertThat(facts.path("cancelled").asText()).isEqualTo("canceling");
    assertThat(facts.path("answers").toString())
        .isEqualTo("[[\"one\",\"Yes.\"],[\"two\",\"Yes.\"]]");
    assertThat(facts.path("hidden").toString()).isEqualTo("[404,404,404,404,0]");
    assertThat(facts.path("batches").asInt()).isEqualTo(2);
    assertThat(facts.path("deleted").asText()).isEqualTo("message_batch_deleted");
    assertThat(facts.path("gone").asInt()).isEqualTo(404);
    assertBooked("claude", "/one", "/two");
  }

  /** Each answer is a call, at half the price. */
  private void assertBooked(String model, String... ids) {
    List<Map<String, String>> rows = LedgerRows.of(ledger());
    assertThat(rows).hasSameSizeAs(ids);
    for (int i = 0; i < ids.length; i++) {
      assertThat(rows.get(i).get("request_id")).endsWith(ids[i]);
      assertThat(rows.get(i))
          .containsEntry("form", "batch")
          .containsEntry("model", model)
          .containsEntry("input_tokens", "100")
          .containsEntry("output_tokens", "10")
          .containsEntry("cost", "0.000225")
          .containsEntry("outcome", "end_turn");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "completions | {'model':'chat','prompt':'hi'} | 200",
        "completions | {'model':'chat','prompt':'hi','service_tier':'priority'} | 400",
        "embeddings | {'model':'chat','input':'hi'} | 200",
        "embeddings | {'model':'chat','input':'hi','models':['dearer']} | 400",
        "moderations | {'model':'chat','input':'hi'} | 200"
      })
  void aLineMayBeForAnyOperationThatBatchesHave(String operation, String body, int status) {
    String line =
        "{'custom_id':'a','method':'POST','url':'/v1/%s','body':%s}".formatted(operation, body);

    HttpResponse<String> answer = upload(newKey(""), line.replace('\'', '"'));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "other | \"chat\" | 403 | may not use the model 'other'",
        "nowhere | \"chat\" | 403 | may not use the model 'nowhere'",
        "chat | \"custom_id\":\"b\" | 400 | line 2: custom_id",
        "chat | \"method\":\"POST\" | 400 | line 2: method",
        "chat | /v1/chat/completions | 400 | line 2: url",
        "chat | \"max_tokens\" | 400 | line 2: service_tier"
      })
  void eachLineIsCheckedBeforeAnythingIsPassedOn(
      String model, String replaced, int status, String words) {
    JsonNode key = newKey(",\"allowed_models\":[\"chat\",\"claude\"]");
    String bad =
        switch (replaced) {
          case "\"custom_id\":\"b\"" -> LINE.formatted("a", model);
          case "\"method\":\"POST\"" -> LINE.formatted("b", model).replace("POST", "GET");
          case "/v1/chat/completions" ->
              LINE.formatted("b", model).replace(replaced, "/v1/images/generations");
          case "\"max_tokens\"" ->
              LINE.formatted("b", model)
                  .replace(replaced, "\"service_tier\":\"priority\",\"max_tokens\"");
          default -> LINE.formatted("b", model);
        };

    HttpResponse<String> refused = upload(key, LINE.formatted("a", "chat") + "\n" + bad);

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(status);
    assertThat(refused.body()).contains(words, "line 2");
    HttpResponse<String> requests =
        client(key)
            .post(
                "/v1/messages/batches",
                "{\"requests\":[{\"custom_id\":\"a\",\"params\":{\"model\":\"other\",\"max_tokens\":5,"
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}}]}");
    assertThat(requests.statusCode()).as(requests.body()).isEqualTo(403);
    assertThat(requests.body()).contains("requests[0]");
    assertThat(store.asked).isEmpty();
  }

  @Test
  void aBatchMayHaveMoreValuesThanACall() {
    String request =
        "{\"custom_id\":\"%d\",\"params\":{\"model\":\"claude\",\"max_tokens\":5,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}}";
    String all =
        IntStream.range(0, 60_000).mapToObj(request::formatted).collect(Collectors.joining(","));

    HttpResponse<String> made =
        client(newKey("")).post("/v1/messages/batches", "{\"requests\":[" + all + "]}");

    assertThat(id(made)).isNotEmpty();
  }

  @Test
  void aBatchHoldsWhatItMayCostUntilItIsOverAlsoAfterARestartAndIsBookedOnce() throws Exception {
    store.endless = true;
    JsonNode key = newKey(",\"budget\":\"0.02\",\"budget_period\":\"total\"");
    String file = id(upload(key, lines(2)));

    List<Integer> both = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<String>>> calls =
          List.of(threads.submit(() -> batch(key, file)), threads.submit(() -> batch(key, file)));
      for (Future<HttpResponse<String>> call : calls) {
        both.add(call.get().statusCode());
      }
    }
    assertThat(both).as("two at once, of which one fits").containsExactlyInAnyOrder(200, 402);

    ensemble.close();
    open();
    assertThat(batch(key, file).statusCode()).as("after a restart").isEqualTo(402);
    String made =
        EnsembleClient.json(client(key).get("/v1/batches").body()).at("/data/0/id").asText();
    store.endless = false;
    Await.until(
        () -> client(key).get("/v1/batches/" + made).body().contains("\"status\":\"completed\""));
    assertBooked("chat", "/line-0", "/line-1");
    client(key).get("/v1/batches/" + made);
    assertThat(spent()).isEqualTo("0.00045");

    ensemble.close();
    open();
    assertThat(spent()).isEqualTo("0.00045");
    store.failing = 503;
    assertThat(batch(key, file).statusCode()).isEqualTo(503);
    store.failing = 0;
    assertThat(batch(key, file).statusCode()).as("what failed holds nothing").isEqualTo(200);
    assertThat(LedgerRows.of(ledger())).hasSize(2);
  }

  private String spent() {
    JsonNode budgets =
        EnsembleClient.json(ensemble.client(ADMIN).get("/admin/budgets").body()).path("budgets");
    return budgets.path(0).path("spent").asText();
  }

  @Test
  void whatARevokedKeyHasLeftGoesAtTheVendorToo() {
    JsonNode key = newKey("");
    String file = id(upload(key, lines(1)));

    admin("keys/" + key.path("key_id").asText() + "/revoke", "{}");

    Await.until(() -> store.asked.contains("DELETE /v1/files/" + file));
    assertThat(client(key).get("/v1/files/" + file).statusCode()).isEqualTo(401);
  }

  @Test
  void aRequestForAFileCountsAgainstTheLimitOfItsKey() {
    JsonNode key = newKey(",\"rate_limit_rpm\":2");
    assertThat(client(key).get("/v1/files").statusCode()).isEqualTo(200);
    assertThat(client(key).get("/v1/batches").statusCode()).isEqualTo(200);

    assertThat(client(key).get("/v1/messages/batches").statusCode()).isEqualTo(429);
  }
}
