package dev.concert.ensemble.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.Requests;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.AccessControlOptions;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.testing.Await;
import dev.concert.testing.Fastest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The admin API as an operator meets it, on two nodes that have one file of keys. */
class AdminApiTest {
  private static final String ADMIN = "an-admin-key-for-these-tests-only";
  private static final long PAUSE_NANOS = 10_000_000;

  @TempDir Path folder;

  private RunningEnsemble one;
  private RunningEnsemble two;
  private EnsembleClient admin;
  private String customer;

  @BeforeEach
  void start() {
    EnsembleOptions options =
        EnsembleOptions.embedded(Map.of())
            .withControl(
                AccessControlOptions.NONE
                    .withKeysFile(folder.resolve("keys.db"))
                    .withAdminKey(ADMIN));
    one = new RunningEnsemble(options.withLedger(folder.resolve("ledger.db")));
    two = new RunningEnsemble(options);
    admin = one.client(ADMIN);
    // The first request of a JVM takes its time.
    assertThat(opens(two, RunningEnsemble.KEY)).isEqualTo(401);
    customer =
        post("/admin/customers", "{\"name\":\"Acme\",\"email\":\"ops@acme.example\"}", 201)
            .path("customer_id")
            .asText();
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
  }

  private JsonNode post(String path, String body, int status) {
    return answer(admin.post(path, body), status);
  }

  private JsonNode put(String path, String body, int status) {
    return answer(
        admin.send(
            admin
                .request(path, "")
                .method("PUT", HttpRequest.BodyPublishers.ofString(body))
                .build()),
        status);
  }

  private JsonNode get(String path) {
    return answer(admin.get(path), 200);
  }

  private static JsonNode answer(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return EnsembleClient.json(response.body());
  }

  private JsonNode newKey(String more) {
    return post(
        "/admin/keys", "{\"customer_id\":\"%s\",\"name\":\"ci\"%s}".formatted(customer, more), 201);
  }

  private static int opens(RunningEnsemble node, String key) {
    return node.client(key).get("/api/v1/models").statusCode();
  }

  private static int call(RunningEnsemble node, String key) {
    return node.client(key).post("/api/v1/generate", Requests.DEMO).statusCode();
  }

  @Test
  void aKeyOpensEveryNodeAndARevokedOneIsLockedOutWithinASecond() {
    Fastest.isWithin(Duration.ofSeconds(1), _ -> untilTheOtherNodeAnswers(200, newKey("")));
    Fastest.isWithin(
        Duration.ofSeconds(1),
        _ -> {
          JsonNode made = newKey("");
          untilTheOtherNodeAnswers(200, made);
          post("/admin/keys/" + made.path("key_id").asText() + "/revoke", "", 200);
          return untilTheOtherNodeAnswers(401, made);
        });
  }

  private Duration untilTheOtherNodeAnswers(int status, JsonNode made) {
    String secret = made.path("key").asText();
    return Fastest.time(() -> Await.until(() -> opens(two, secret) == status));
  }

  @Test
  void aKeyIsShownOnceAndOpensEveryNode() {
    JsonNode made = newKey(",\"rate_limit_rpm\":60,\"allowed_models\":[\"demo\"]");
    String secret = made.path("key").asText();

    assertThat(secret).startsWith("ens_").startsWith(made.path("prefix").asText());
    assertThat(call(one, secret)).isEqualTo(200);
    Await.until(() -> opens(two, secret) == 200);
    JsonNode listed = get("/admin/keys").path("keys").get(0);
    assertThat(listed.path("key_id")).isEqualTo(made.path("key_id"));
    assertThat(listed.path("rate_limit_rpm").asInt()).isEqualTo(60);
    assertThat(listed.path("rate_limit_tpm").isMissingNode()).isTrue();
    assertThat(get("/admin/keys").toString()).doesNotContain(secret);
    assertThat(get("/admin/keys?customer_id=other").path("keys")).isEmpty();
  }

  @Test
  void aRevokedKeyIsLockedOutOfEveryNode() {
    JsonNode made = newKey("");
    String secret = made.path("key").asText();
    Await.until(() -> opens(two, secret) == 200);

    post("/admin/keys/" + made.path("key_id").asText() + "/revoke", "", 200);

    assertThat(call(one, secret)).isEqualTo(401);
    Await.until(() -> opens(two, secret) == 401);
  }

  @Test
  void aKeyIsDisabledAndEnabledAgainButNotAfterItWasRevoked() {
    JsonNode made = newKey("");
    String secret = made.path("key").asText();
    String path = "/admin/keys/" + made.path("key_id").asText();

    post(path + "/status", "{\"status\":\"disabled\"}", 200);
    assertThat(call(one, secret)).isEqualTo(401);
    post(path + "/status", "{\"status\":\"enabled\"}", 200);
    assertThat(call(one, secret)).isEqualTo(200);
    post(path + "/revoke", "", 200);
    assertThat(post(path + "/status", "{\"status\":\"enabled\"}", 403).toString())
        .contains("permanent");
  }

  @Test
  void whatIsNotNamedInAChangeStaysAndNullTakesALimitAway() {
    JsonNode made =
        newKey(
            ",\"rate_limit_rpm\":60,\"rate_limit_tpm\":5000,\"budget\":\"12.50\","
                + "\"expires_at\":\"2999-01-31T13:00:00+01:00\"");
    String path = "/admin/keys/" + made.path("key_id").asText() + "/config";

    put(path, "{\"rate_limit_rpm\":null,\"allowed_models\":[]}", 200);

    JsonNode now = get(path);
    assertThat(now.path("rate_limit_rpm").isMissingNode()).isTrue();
    assertThat(now.path("rate_limit_tpm").asInt()).isEqualTo(5000);
    assertThat(now.path("budget").asText()).isEqualTo("12.50");
    assertThat(now.path("budget_period").asText()).isEqualTo("month");
    assertThat(now.path("expires_at").asText()).isEqualTo("2999-01-31T12:00:00Z");
    assertThat(call(one, made.path("key").asText())).isEqualTo(403);
  }

  @Test
  void anEmptyListOfModelsAllowsNoneAndNoListAllowsAll() {
    JsonNode none = newKey(",\"allowed_models\":[]");
    JsonNode all = newKey(",\"allowed_models\":null");
    String path = "/admin/keys/" + none.path("key_id").asText() + "/config";

    assertThat(call(one, none.path("key").asText())).isEqualTo(403);
    assertThat(call(one, all.path("key").asText())).isEqualTo(200);
    assertThat(get(path).path("allowed_models")).isEmpty();
    assertThat(get(path).path("allowed_models").isArray()).isTrue();
    put(path, "{\"allowed_models\":null}", 200);
    assertThat(get(path).path("allowed_models").isMissingNode()).isTrue();
    assertThat(call(one, none.path("key").asText())).isEqualTo(200);
  }

  @Test
  void aModelThatNobodyKnowsIsRefusedByItsName() {
    String refusal =
        post(
                "/admin/keys",
                "{\"customer_id\":\"%s\",\"name\":\"ci\",\"allowed_models\":[\"demo\",\"gpt-nope\"]}"
                    .formatted(customer),
                400)
            .toString();
    assertThat(refusal).contains("allowed_models", "'gpt-nope'");

    String path = "/admin/keys/" + newKey("").path("key_id").asText() + "/config";
    assertThat(put(path, "{\"allowed_models\":[\"gpt-nope\"]}", 400).toString())
        .contains("'gpt-nope'");
    assertThat(get(path).path("allowed_models").isMissingNode()).isTrue();
  }

  @Test
  void aBeginningOfNamesStandsForModelsThatAreServed() {
    JsonNode key =
        newKey(",\"allowed_models\":[\"de*\"],\"model_budgets\":{\"dem*\":{\"budget\":\"1\"}}");
    assertThat(call(one, key.path("key").asText())).isEqualTo(200);

    assertThat(
            post(
                    "/admin/keys",
                    "{\"customer_id\":\"%s\",\"name\":\"ci\",\"allowed_models\":[\"gpt-nope*\"]}"
                        .formatted(customer),
                    400)
                .toString())
        .contains("'gpt-nope*'");
  }

  @Test
  void aCustomerIsChanged() {
    put(
        "/admin/customers/" + customer,
        "{\"name\":\"Acme Ltd\",\"email\":\"x@acme.example\",\"budget\":100}",
        200);

    JsonNode listed = get("/admin/customers").path("customers").get(0);
    assertThat(listed.path("name").asText()).isEqualTo("Acme Ltd");
    assertThat(listed.path("budget").asText()).isEqualTo("100");
    put("/admin/customers/cus_none", "{\"name\":\"A\",\"email\":\"x@a.example\"}", 404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | The body must be one JSON object",
        "{\"name\":\"a\",\"customer_id\":\"cus_none\"} | customer_id: there is no such customer",
        "{\"name\":\"a\"} | customer_id: must be a text",
        "{\"customer_id\":\"CUSTOMER\"} | name: must be a text",
        "{\"customer_id\":\"CUSTOMER\",\"name\":\"a\\nb\"} | name: must be one line",
        "{\"customer_id\":\"CUSTOMER\",\"name\":\"a\",\"rate_limit_rpm\":0} | rate_limit_rpm: must"
            + " be a whole number from 1",
        "{\"customer_id\":\"CUSTOMER\",\"name\":\"a\",\"rate_limit_tpm\":1.5} | rate_limit_tpm:"
            + " must be a whole number",
        "{\"customer_id\":\"CUSTOMER\",\"name\":\"a\",\"allowed_models\":\"demo\"} |"
            + " allowed_models: must be a list",
        "{\"customer_id\":\"CUSTOMER\",\"name\":\"a\",\"allowed_models\":[\"a\",1]} |"
            + " allowed_models[1]: must be a text",
        "{\"customer_id\":\"CUSTOMER\",\"name\":\"a\",\"expires_at\":\"soon\"} | expires_at: must"
            + " be",
        "{\"customer_id\":\"CUSTOMER\",\"name\":\"a\",\"budget\":\"-1\"} | budget: must be US"
            + " dollars",
        "{\"customer_id\":\"CUSTOMER\",\"name\":\"a\",\"budget\":\"lots\"} | budget: must be US"
            + " dollars",
        "{\"customer_id\":\"CUSTOMER\",\"name\":\"a\",\"budget\":\"1e900000000\"} | budget: must be"
            + " US dollars",
        "{\"customer_id\":\"CUSTOMER\",\"name\":\"a\",\"budget\":1,\"budget_period\":\"year\"} |"
            + " budget_period: must be one of day, month, total",
        "{\"customer_id\":\"CUSTOMER\",\"name\":\"a\",\"rate_limit\":5} | rate_limit: is not known"
            + " here",
        "{\"customer_id\":\"CUSTOMER\",\"name\":\"a\",\"model_budgets\":{\"demo\":{\"budget\":\"x\"}}}"
            + " | model_budgets.demo.budget: must be US dollars",
        "{\"customer_id\":\"CUSTOMER\",\"name\":\"a\",\"model_budgets\":{\"demo\":{\"sum\":1}}} |"
            + " model_budgets.demo.sum: is not known here",
      })
  void whatIsWrongIsNamedAndChangesNothing(String body, String sentence) {
    HttpResponse<String> refused = admin.post("/admin/keys", body.replace("CUSTOMER", customer));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains(sentence);
    assertThat(get("/admin/keys").path("keys")).isEmpty();
  }

  @Test
  void whatAKeyHasUsedIsToldByModel() {
    JsonNode made = newKey("");
    call(one, made.path("key").asText());

    JsonNode usage = get("/admin/keys/" + made.path("key_id").asText() + "/usage?group_by=model");

    assertThat(usage.path("groups").get(0).path("model").asText()).isEqualTo("demo");
    assertThat(usage.path("total").path("calls").asInt()).isEqualTo(1);
    assertThat(get("/admin/keys/other/usage").path("total").path("calls").asInt()).isZero();
  }

  @Test
  void theLatestCallsAreToldWithoutWhatWasSaid() {
    String key = newKey("").path("key").asText();
    call(one, key);
    one.client(key)
        .post("/api/v1/generate", Requests.DEMO.replace("\"hello\"", "\"a secret of mine\""));
    one.client(key).post("/api/v1/generate", Requests.ofModel("nobody"));

    JsonNode logs = get("/admin/logs").path("logs");

    assertThat(logs).hasSize(2);
    assertThat(logs.get(0).path("model").asText()).isEqualTo("demo");
    assertThat(logs.get(0).path("id").asLong()).isGreaterThan(logs.get(1).path("id").asLong());
    assertThat(logs.toString()).doesNotContain("secret of mine").doesNotContain(key);
    assertThat(get("/admin/logs?limit=1&offset=1").path("logs")).hasSize(1);
    assertThat(get("/admin/logs?status=success&model=demo&provider=demo").path("logs")).hasSize(2);
    assertThat(get("/admin/logs?status=error").path("logs")).isEmpty();
    assertThat(get("/admin/logs?model=other").path("logs")).isEmpty();
    assertThat(get("/admin/logs?since=2099-01-01T00:00:00Z").path("logs")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0, limit",
    "limit=9999, limit",
    "limit=x, limit",
    "offset=-1, offset",
    "status=odd, status",
    "since=yesterday, since"
  })
  void aWrongFilterIsNamed(String query, String parameter) {
    HttpResponse<String> refused = admin.get("/admin/logs?" + query);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains(parameter + ": must be");
  }

  @Test
  void theStatusTellsOfProvidersLimitsAndKeys() {
    String key = newKey("").path("key").asText();
    call(one, key);

    JsonNode status = get("/admin/status");

    assertThat(status.path("status").asText()).isEqualTo("ok");
    assertThat(status.path("redis").asText()).isEqualTo("off");
    assertThat(status.path("keys").asInt()).isEqualTo(1);
    JsonNode demo = status.path("providers").path("demo");
    assertThat(demo.path("health").asText()).isEqualTo("healthy");
    assertThat(demo.path("requests").isNumber()).isTrue();
  }

  @Test
  void unknownIdsAndPathsAreNotFound() {
    assertThat(post("/admin/keys/key_none/revoke", "", 404).toString())
        .contains("no key with this id");
    post("/admin/nowhere", "", 404);
    put("/admin/keys", "{}", 405);
    put("/admin/keys/key_none/revoke", "{}", 405);
    assertThat(admin.get("/admin/keys/key_none/config").statusCode()).isEqualTo(404);
  }

  @Test
  void nobodyElseGetsInAndTryingManyKeysIsStopped() {
    String key = newKey("").path("key").asText();

    assertThat(one.client("").get("/admin/keys").statusCode()).isEqualTo(401);
    assertThat(one.client(key).get("/admin/keys").statusCode()).isEqualTo(403);
    assertThat(one.client(RunningEnsemble.KEY).get("/admin/keys").statusCode()).isEqualTo(403);
    assertThat(one.client(ADMIN).get("/api/v1/models").statusCode()).isEqualTo(401);
    for (int guess = 0; guess < 45; guess++) {
      one.client("guess-" + guess).get("/admin/keys");
    }
    HttpResponse<String> stopped = one.client("guess").get("/admin/keys");
    assertThat(stopped.statusCode()).isEqualTo(429);
    assertThat(stopped.headers().firstValue("retry-after")).isPresent();
  }

  @Test
  void withoutAnAdminKeyThereIsNoAdminApi() {
    try (RunningEnsemble plain = new RunningEnsemble()) {
      HttpResponse<String> refused = plain.client(ADMIN).get("/admin/keys");

      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body()).contains("ENSEMBLE_ADMIN_KEY");
    }
  }
}
