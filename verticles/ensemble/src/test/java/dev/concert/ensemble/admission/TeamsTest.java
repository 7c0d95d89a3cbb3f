package dev.concert.ensemble.admission;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.finish;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static dev.concert.ensemble.provider.chat.Upstream.usage;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.AccessControlOptions;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.ensemble.routing.RoutingOptions;
import dev.concert.ensemble.routing.endpoint.CacheThresholds;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Teams, rotated keys and budgets of models, as an operator makes them and their holders meet them.
 * A call here is estimated at up to 0.0151 dollars and costs 0.0153.
 */
class TeamsTest {
  private static final String ADMIN = "a-long-secret-of-the-operator";
  private static final String GENERATE = "/api/v1/generate";
  private static final String MODELS = "/api/v1/models";

  private static final RoutingOptions ROUTING =
      new RoutingOptions(
          Map.of("nick", "real"), Map.of(), Map.of(), CacheThresholds.DEFAULT, 100, Map.of());

  @TempDir Path folder;
  private final Upstream upstream = new Upstream();
  private RunningEnsemble ensemble;
  private EnsembleClient admin;
  private String customer;

  @BeforeEach
  void start() {
    upstream.events(data(text("hi"), finish("stop"), usage(100, 0, 1000), "[DONE]"));
    run();
    customer =
        post("/admin/customers", "{\"name\":\"Acme\",\"email\":\"ops@acme.example\"}", 201)
            .path("customer_id")
            .asText();
  }

  @AfterEach
  void stop() {
    ensemble.close();
    upstream.close();
  }

  private void run() {
    ensemble =
        new RunningEnsemble(
            new EnsembleOptions(
                "127.0.0.1",
                0,
                Optional.empty(),
                List.of(),
                List.of(upstream.options()),
                Duration.ZERO,
                ROUTING,
                AccessControlOptions.NONE
                    .withKeysFile(folder.resolve("keys.db"))
                    .withAdminKey(ADMIN),
                Optional.of(folder.resolve("ledger.db")),
                Duration.ZERO,
                2,
                Optional.empty(),
                List.of()));
    admin = ensemble.client(ADMIN);
  }

  @Test
  void theBudgetOfATeamBindsAllOfItsKeysToTheCent() throws Exception {
    String team = team("\"budget\":\"0.20\",\"budget_period\":\"total\"");
    List<EnsembleClient> members = List.of(member(team, ""), member(team, ""));

    members.forEach(
        member -> assertThat(member.post(GENERATE, body("real")).statusCode()).isEqualTo(200));
    int answered = 2 + manyAtOnce(members);

    assertThat(answered).isBetween(12, 14);
    assertThat(upstream.bodies).hasSize(answered);
    HttpResponse<String> refused = members.getFirst().post(GENERATE, body("real"));
    assertThat(refused.statusCode()).isEqualTo(402);
    assertThat(refused.body()).contains("The budget of this team, $0.2 in total");
    assertThat(member(team("\"budget\":\"1\""), "").post(GENERATE, body("real")).statusCode())
        .isEqualTo(200);

    JsonNode usage = get("/admin/teams/" + team + "/usage?group_by=key");
    assertThat(usage.path("team_id").asText()).isEqualTo(team);
    assertThat(usage.at("/total/calls").asInt()).isEqualTo(answered);
    assertThat(usage.path("groups")).hasSize(2);
    assertThat(get("/admin/usage?group_by=team").path("groups")).hasSize(2);

    ensemble.close();
    run();
    assertThat(ensemble.client(secrets.getFirst()).post(GENERATE, body("real")).statusCode())
        .isEqualTo(402);
  }

  @Test
  void theLimitOfATeamBindsAllOfItsKeysAndAChangeActsAtOnce() throws Exception {
    String team = team("\"rate_limit_rpm\":7");
    List<EnsembleClient> members = List.of(member(team, ""), member(team, ""));

    assertThat(manyAtOnce(members)).isEqualTo(7);
    HttpResponse<String> refused = members.getFirst().post(GENERATE, body("real"));
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).contains("This key's team has used up its requests");

    put("/admin/teams/" + team, "{\"rate_limit_rpm\":9}");
    assertThat(manyAtOnce(members)).isEqualTo(2);
    put("/admin/teams/" + team, "{\"rate_limit_rpm\":null}");
    assertThat(members.getFirst().post(GENERATE, body("real")).statusCode()).isEqualTo(200);
  }

  @Test
  void aKeyMayUseTheModelsThatBothItAndItsTeamMayUse() {
    String team = team("\"allowed_models\":[\"real\"]");
    EnsembleClient all = member(team, "");
    EnsembleClient other = member(team, ",\"allowed_models\":[\"nick\"]");

    assertThat(all.post(GENERATE, body("real")).statusCode()).isEqualTo(200);
    assertThat(all.post(GENERATE, body("nick")).body())
        .contains("This key's team may not use the model 'nick'");
    assertThat(other.post(GENERATE, body("nick")).statusCode()).isEqualTo(403);
    assertThat(other.post(GENERATE, body("real")).statusCode()).isEqualTo(403);
    assertThat(EnsembleClient.json(other.get(MODELS).body()).path("models")).isEmpty();

    put("/admin/teams/" + team, "{\"allowed_models\":[]}");
    assertThat(all.post(GENERATE, body("real")).statusCode()).isEqualTo(403);
  }

  @Test
  void theBudgetOfAModelHoldsByWhateverNameItIsCalled() throws Exception {
    EnsembleClient key =
        client(
            newKey(
                ",\"model_budgets\":{\"real\":{\"budget\":\"0.20\",\"budget_period\":\"total\"}}"));

    assertThat(manyAtOnce(List.of(key))).isBetween(12, 14);
    for (String name : List.of("real", "nick")) {
      HttpResponse<String> refused = key.post(GENERATE, body(name));
      assertThat(refused.statusCode()).isEqualTo(402);
      assertThat(refused.body()).contains("The budget of this key for the model 'real', $0.2 in");
    }
    assertThat(key.post(GENERATE, body("demo")).statusCode()).isNotEqualTo(402);

    ensemble.close();
    run();
    assertThat(ensemble.client(secrets.getFirst()).post(GENERATE, body("nick")).statusCode())
        .isEqualTo(402);
  }

  @Test
  void aRotatedKeyHasTwoSecretsForAWhileAndNeverThree() {
    JsonNode first = newKey("");
    String path = "/admin/keys/" + first.path("key_id").asText() + "/rotate";

    JsonNode second = post(path, "{\"overlap_seconds\":3600}", 200);
    assertThat(second.path("key_id")).isEqualTo(first.path("key_id"));
    assertThat(statuses(first, second)).containsExactly(200, 200);

    JsonNode third = post(path, "{}", 200);
    assertThat(statuses(first, second, third)).containsExactly(401, 200, 200);

    JsonNode fourth = post(path, "{\"overlap_seconds\":0}", 200);
    assertThat(statuses(second, third, fourth)).containsExactly(401, 401, 200);

    post("/admin/keys/" + first.path("key_id").asText() + "/revoke", "", 200);
    assertThat(statuses(third, fourth)).containsOnly(401);
    assertThat(post(path, "{}", 403).toString()).contains("permanent");
    assertThat(post(path, "{\"overlap_seconds\":999999}", 400).toString())
        .contains("overlap_seconds: must be a whole number from 0 to 604800");
  }

  @Test
  void ofManyRotationsAtOnceTwoSecretsAreLeft() throws Exception {
    JsonNode key = newKey("");
    String path = "/admin/keys/" + key.path("key_id").asText() + "/rotate";
    List<Callable<String>> rotations = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      rotations.add(() -> post(path, "{}", 200).path("key").asText());
    }
    Set<String> made = new HashSet<>(Set.of(key.path("key").asText()));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<String> secret : threads.invokeAll(rotations)) {
        made.add(secret.get());
      }
    }

    assertThat(made).hasSize(11);
    assertThat(
            made.stream().filter(secret -> ensemble.client(secret).get(MODELS).statusCode() == 200))
        .hasSize(2);
  }

  @Test
  void whatIsWrongIsNamedAndChangesNothing() {
    String team = team("\"name\":\"research\"");
    String other =
        post("/admin/customers", "{\"name\":\"B\",\"email\":\"b@b.example\"}", 201)
            .path("customer_id")
            .asText();

    assertThat(
            post(
                    "/admin/keys",
                    "{\"customer_id\":\"%s\",\"name\":\"ci\",\"team_id\":\"%s\"}"
                        .formatted(other, team),
                    400)
                .toString())
        .contains("team_id: the customer has no such team");
    assertThat(post("/admin/teams", "{\"customer_id\":\"none\",\"name\":\"a\"}", 400).toString())
        .contains("customer_id: there is no such customer");
    assertThat(
            post(
                    "/admin/teams",
                    "{\"customer_id\":\"%s\",\"name\":\"a\",\"model_budgets\":{\"gpt-nope\":{\"budget\":\"1\"}}}"
                        .formatted(customer),
                    400)
                .toString())
        .contains("model_budgets: there is no model 'gpt-nope'");
    assertThat(
            post(
                    "/admin/teams",
                    "{\"customer_id\":\"%s\",\"name\":\"a\",\"expires_at\":null}"
                        .formatted(customer),
                    400)
                .toString())
        .contains("expires_at: is not known here");
    assertThat(admin.get("/admin/teams/team_none").statusCode()).isEqualTo(404);
    assertThat(get("/admin/teams").path("teams")).hasSize(1);
    assertThat(ensemble.client("ens_wrong").get("/admin/teams").statusCode()).isEqualTo(403);
  }

  @Test
  void aTeamIsDeletedOnlyWithItsKeysWhichAreRevokedThen() {
    String team = team("\"name\":\"research\",\"budget\":\"1\"");
    JsonNode key = newKey(",\"team_id\":\"%s\"".formatted(team));
    JsonNode elsewhere = newKey("");
    String path = "/admin/teams/" + team;

    assertThat(answer(delete(path), 400).toString())
        .contains("keys: the team has 1 key.", "delete them with it");
    assertThat(answer(delete(path + "?keys=keep"), 400).toString()).contains("must be revoke");
    assertThat(statuses(key)).containsExactly(200);

    JsonNode gone = answer(delete(path + "?keys=revoke"), 200);
    assertThat(gone.path("revoked_keys").asInt()).isEqualTo(1);
    assertThat(statuses(key, elsewhere)).containsExactly(401, 200);
    assertThat(get("/admin/teams").path("teams")).isEmpty();
    assertThat(get("/admin/budgets").path("budgets")).isEmpty();
    for (HttpResponse<String> unknown : List.of(delete(path), admin.get(path))) {
      assertThat(unknown.statusCode()).isEqualTo(404);
    }
    assertThat(
            post(
                    "/admin/keys",
                    "{\"customer_id\":\"%s\",\"name\":\"ci\",\"team_id\":\"%s\"}"
                        .formatted(customer, team),
                    400)
                .toString())
        .contains("no such team");
    assertThat(
            post(
                    "/admin/keys/" + key.path("key_id").asText() + "/status",
                    "{\"status\":\"enabled\"}",
                    403)
                .toString())
        .contains("permanent");

    answer(delete("/admin/teams/" + team("\"name\":\"empty\"")), 200);
  }

  private HttpResponse<String> delete(String path) {
    return admin.send(admin.request(path, "").DELETE().build());
  }

  private final List<String> secrets = new ArrayList<>();

  private static String body(String model) {
    return "{\"model\":\"%s\",\"max_tokens\":1000,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
        .formatted(model);
  }

  private static int manyAtOnce(List<EnsembleClient> clients) throws Exception {
    List<Callable<Integer>> calls = new ArrayList<>();
    for (int call = 0; call < 40; call++) {
      EnsembleClient client = clients.get(call % clients.size());
      calls.add(() -> client.post(GENERATE, body("real")).statusCode());
    }
    int answered = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> status : threads.invokeAll(calls)) {
        answered += status.get() == 200 ? 1 : 0;
      }
    }
    return answered;
  }

  private List<Integer> statuses(JsonNode... keys) {
    return List.of(keys).stream()
        .map(key -> ensemble.client(key.path("key").asText()).get(MODELS).statusCode())
        .toList();
  }

  private String team(String more) {
    String name = more.contains("\"name\"") ? "" : "\"name\":\"research\",";
    return post(
            "/admin/teams", "{\"customer_id\":\"%s\",%s%s}".formatted(customer, name, more), 201)
        .path("team_id")
        .asText();
  }

  private EnsembleClient member(String team, String more) {
    return client(newKey(",\"team_id\":\"%s\"%s".formatted(team, more)));
  }

  private JsonNode newKey(String more) {
    return post(
        "/admin/keys", "{\"customer_id\":\"%s\",\"name\":\"ci\"%s}".formatted(customer, more), 201);
  }

  private EnsembleClient client(JsonNode key) {
    secrets.add(key.path("key").asText());
    return ensemble.client(key.path("key").asText());
  }

  private JsonNode post(String path, String body, int status) {
    return answer(admin.post(path, body), status);
  }

  private void put(String path, String body) {
    answer(
        admin.send(admin.request(path, "").method("PUT", BodyPublishers.ofString(body)).build()),
        200);
  }

  private JsonNode get(String path) {
    return answer(admin.get(path), 200);
  }

  private static JsonNode answer(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return EnsembleClient.json(response.body());
  }
}
