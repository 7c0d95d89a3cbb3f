package dev.concert.gateway;

import static dev.concert.gateway.ApiClient.code;
import static dev.concert.gateway.ApiClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** API keys by the operations of the contract, on a gateway in development mode. */
class ApiKeyOperationsTest {
  @TempDir static Path data;
  private static RunningGateway gateway;
  private static ApiClient http;

  @BeforeAll
  static void start() {
    gateway = RunningGateway.start(data);
    http = new ApiClient(gateway.port);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void aKeyIsShownOnceListedAndRevoked() {
    JsonNode created = create("{'name':'ci','role':'viewer'}");
    JsonNode key = created.path("key");
    String id = key.path("keyId").asText();
    assertThat(created.path("secret").asText()).startsWith("ck_" + id + "_");
    assertThat(key.path("name").asText()).isEqualTo("ci");
    assertThat(key.path("role").asText()).isEqualTo("viewer");
    assertThat(key.path("createdBy").asText()).isEqualTo("dev-user-001");

    String list = http.get("/api/keys").body();
    assertThat(list).contains(id).doesNotContain(created.path("secret").asText());

    assertThat(json(http.send("DELETE", "/api/keys/" + id, ""), 200).path("keyId").asText())
        .isEqualTo(id);
    assertThat(http.get("/api/keys").body()).doesNotContain(id);
    assertThat(code(http.send("DELETE", "/api/keys/" + id, ""), 404)).isEqualTo("KEY_NOT_FOUND");
  }

  @Test
  void theWebSocketHasTheSameOperations() {
    try (TestClient client = gateway.client(2)) {
      client.send("{'type':'create_key','name':'by socket','requestId':'1'}");
      JsonNode created = client.next("key_created");
      String id = created.path("key").path("keyId").asText();
      assertThat(created.path("requestId").asText()).isEqualTo("1");
      client.send("{'type':'list_keys','all':true}");
      assertThat(client.next("key_list").path("keys").findValuesAsText("keyId")).contains(id);
      client.send("{'type':'revoke_key','keyId':'" + id + "'}");
      assertThat(client.next("key_revoked").path("keyId").asText()).isEqualTo(id);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|'name' is missing",
        "{'name':''}|'name' must have 1 to 100 characters",
        "{'name':'k','role':'king'}|'role' must be one of",
        "{'name':'k','permissions':[]}|'permissions' must name at least one",
        "{'name':'k','permissions':['threads.fly']}|'permissions'",
        "{'name':'k','permissions':[null]}|'permissions' must name at least one",
        "{'name':'k','sessions':[]}|'sessions' must have at least one",
        "{'name':'k','sessions':['']}|'sessions' must have at least one",
        "{'name':'k','sessions':'all'}|'sessions' must be an array",
        "{'name':'k','expiresAt':1}|'expiresAt' lies in the past",
        "{'name':'k','expiresAt':'soon'}|'expiresAt' must be a whole number",
      })
  void aBadRequestNamesTheFieldAndCreatesNothing(String body, String fault) {
    int before = json(http.get("/api/keys"), 200).path("keys").size();
    JsonNode problem = json(http.post("/api/keys", body), 400);
    assertThat(problem.path("code").asText()).isEqualTo("INVALID_MESSAGE");
    assertThat(problem.path("title").asText()).contains(fault);
    assertThat(json(http.get("/api/keys"), 200).path("keys").size()).isEqualTo(before);
  }

  @Test
  void aSessionThatIsNotThereIsNamedInNoKey() {
    assertThat(code(http.post("/api/keys", "{'name':'k','sessions':['none']}"), 404))
        .isEqualTo("SESSION_NOT_FOUND");
  }

  @Test
  void aKeyMayWhatItsRoleMay() {
    String viewer = secret("{'name':'v','role':'viewer'}");
    assertThat(http.get("/api/sessions", "Authorization", viewer).statusCode()).isEqualTo(200);
    assertThat(
            code(http.post("/api/sessions", "{'agentType':'echo'}", "Authorization", viewer), 403))
        .isEqualTo("FORBIDDEN");
    String reader = secret("{'name':'r','permissions':['audit.read']}");
    assertThat(code(http.get("/api/sessions", "Authorization", reader), 403))
        .isEqualTo("FORBIDDEN");
  }

  @Test
  void aKeyCreatesNoKeysAndSeesAndRevokesOnlyItself() {
    JsonNode other = create("{'name':'other'}");
    JsonNode own = create("{'name':'own'}");
    String bearer = "Bearer " + own.path("secret").asText();
    JsonNode refused = json(http.post("/api/keys", "{'name':'k'}", "Authorization", bearer), 403);
    assertThat(refused.path("title").asText()).contains("cannot create keys");

    assertThat(
            json(http.get("/api/keys", "Authorization", bearer), 200)
                .path("keys")
                .findValuesAsText("name"))
        .containsExactly("own");
    assertThat(code(http.get("/api/keys?all=true", "Authorization", bearer), 403))
        .isEqualTo("FORBIDDEN");
    String othersId = other.path("key").path("keyId").asText();
    assertThat(code(http.send("DELETE", "/api/keys/" + othersId, "", "Authorization", bearer), 404))
        .isEqualTo("KEY_NOT_FOUND");
    String ownId = own.path("key").path("keyId").asText();
    json(http.send("DELETE", "/api/keys/" + ownId, "", "Authorization", bearer), 200);
    assertThat(code(http.get("/api/keys", "Authorization", bearer), 401)).isEqualTo("AUTH_FAILED");
  }

  @Test
  void theListComesInPages() {
    for (int i = 0; i < 5; i++) {
      create("{'name':'page-" + i + "'}");
    }
    JsonNode first = json(http.get("/api/keys?limit=2"), 200);
    JsonNode second =
        json(http.get("/api/keys?limit=2&cursor=" + first.path("nextCursor").asText()), 200);
    assertThat(first.path("keys")).hasSize(2);
    assertThat(second.path("keys")).hasSize(2);
    assertThat(first.path("keys").findValuesAsText("keyId"))
        .doesNotContainAnyElementsOf(second.path("keys").findValuesAsText("keyId"));
  }

  @Test
  void aForgedKeyIsRefusedAlsoWhereNobodyHasToAuthenticate() {
    assertThat(code(http.get("/api/sessions", "Authorization", "Bearer ck_forged"), 401))
        .isEqualTo("AUTH_FAILED");
  }

  private static JsonNode create(String body) {
    return json(http.post("/api/keys", body), 201);
  }

  private static String secret(String body) {
    return "Bearer " + create(body).path("secret").asText();
  }
}
