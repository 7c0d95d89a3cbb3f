package dev.concert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.gateway.auth.Authentication;
import dev.concert.gateway.auth.Authenticator;
import dev.concert.gateway.billing.BillingOptions;
import dev.concert.gateway.billing.CreditService;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Role;
import dev.concert.testing.Await;
import io.vertx.core.Future;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The routes about money, where a token names a tenant and a role: {@code acme:owner}. */
class BillingRoutesTest {
  @TempDir private Path data;
  private RunningGateway gateway;
  private ApiClient api;

  @BeforeEach
  void start() {
    gateway = RunningGateway.start(data, new ByTenantAndRole());
    new FakeEnsemble().on(gateway.vertx);
    api = new ApiClient(gateway.port);
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  private HttpResponse<String> send(String who, String method, String path, String body) {
    return api.send(method, path, body, "Authorization", "Bearer " + who);
  }

  private JsonNode get(String who, String path) {
    return ApiClient.json(send(who, "GET", path, ""), 200);
  }

  private HttpResponse<String> topUp(String who, String key, String amount) {
    return send(
        who,
        "POST",
        "/api/billing/top-ups",
        "{'amount':'%s','idempotencyKey':'%s'}".formatted(amount, key));
  }

  @Test
  void aTopUpCountsOnceForItsKey() {
    ApiClient.json(topUp("acme:owner", "k", "12.50"), 200);
    ApiClient.json(topUp("acme:owner", "k", "12.5"), 200);
    assertThat(get("acme:owner", "/api/billing").path("balance").asText()).isEqualTo("12.5");
    HttpResponse<String> other = topUp("acme:owner", "k", "13");
    assertThat(ApiClient.code(other, 400)).isEqualTo("INVALID_MESSAGE");
    assertThat(other.body()).contains("idempotencyKey").contains("12.5 USD");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1e3", "1,5", "NaN", "0.0000000000001", "1234567890123", " 1"})
  void anAmountThatIsNoneIsRefusedAndChangesNothing(String amount) {
    HttpResponse<String> refused = topUp("acme:owner", "k", amount);
    assertThat(ApiClient.code(refused, 400)).isEqualTo("INVALID_MESSAGE");
    assertThat(refused.body()).contains("'amount'");
    assertThat(get("acme:owner", "/api/billing").path("balance").asText()).isEqualTo("0");
    assertThat(data.resolve("tenants/acme/billing.db")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"perTurn", "perDay", "perMonth"})
  void aLimitIsSetReadAndReplaced(String limit) {
    String path = "/api/billing/limits";
    ApiClient.json(send("acme:owner", "PUT", path, "{'" + limit + "':'2.50'}"), 200);
    JsonNode account = get("acme:owner", "/api/billing");
    assertThat(account.path("billed").asBoolean()).isTrue();
    assertThat(account.path("limits").path(limit).asText()).isEqualTo("2.5");
    ApiClient.json(send("acme:owner", "PUT", path, "{'billed':false}"), 200);
    assertThat(get("acme:owner", "/api/billing").path("billed").asBoolean()).isFalse();
    assertThat(get("acme:owner", "/api/billing").path("limits").has(limit)).isFalse();
    assertThat(send("acme:owner", "PUT", path, "{'" + limit + "':'much'}").body())
        .contains("'" + limit + "'");
  }

  @Test
  void theStatementComesInPagesTheNewestFirst() {
    for (int i = 1; i <= 5; i++) {
      topUp("acme:owner", "k" + i, Integer.toString(i));
    }
    List<String> amounts = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = get("acme:owner", "/api/billing/statement?limit=2" + cursor);
      page.path("entries").forEach(entry -> amounts.add(entry.path("amount").asText()));
      cursor =
          page.path("nextCursor").isTextual() ? "&cursor=" + page.path("nextCursor").asText() : "";
    } while (!cursor.isEmpty());
    assertThat(amounts).containsExactly("5", "4", "3", "2", "1");
    JsonNode newest = get("acme:owner", "/api/billing/statement").at("/entries/0");
    assertThat(newest.path("kind").asText()).isEqualTo("top_up");
    assertThat(newest.path("balance").asText()).isEqualTo("15");
    assertThat(newest.path("by").asText()).isEqualTo("owner@acme");
    assertThat(
            ApiClient.code(send("acme:owner", "GET", "/api/billing/statement?cursor=x", ""), 400))
        .isEqualTo("INVALID_MESSAGE");
  }

  @ParameterizedTest
  @EnumSource(value = Role.class, names = "OWNER", mode = EnumSource.Mode.EXCLUDE)
  void onlyWhoManagesBillingReadsAndChangesIt(Role role) {
    String who = "acme:" + role.wireName();
    topUp("acme:owner", "k", "1");
    assertThat(ApiClient.code(topUp(who, "other", "1"), 403)).isEqualTo("FORBIDDEN");
    assertThat(send(who, "PUT", "/api/billing/limits", "{}").statusCode()).isEqualTo(403);
    assertThat(send(who, "GET", "/api/billing", "").statusCode()).isEqualTo(403);
    assertThat(send(who, "GET", "/api/billing/statement", "").statusCode()).isEqualTo(403);
    assertThat(get("acme:owner", "/api/billing").path("balance").asText()).isEqualTo("1");
  }

  @Test
  void aTenantSeesNothingOfTheMoneyOfAnother() {
    try (TestClient acme = client("acme:owner");
        TestClient beta = client("beta:owner");
        TestClient developer = client("acme:developer")) {
      topUp("acme:owner", "k", "7");
      assertThat(acme.next("balance_update").path("balance").asText()).isEqualTo("7");
      assertThat(get("beta:owner", "/api/billing").path("balance").asText()).isEqualTo("0");
      assertThat(get("beta:owner", "/api/billing/statement").path("entries")).isEmpty();
      ApiClient.json(topUp("beta:owner", "k", "1"), 200);
      assertThat(beta.next("balance_update").path("balance").asText()).isEqualTo("1");
      assertThat(get("acme:owner", "/api/billing").path("balance").asText()).isEqualTo("7");
      developer.send("{'type':'ping'}");
      developer.next("pong");
      assertThat(developer.everything()).doesNotContain("balance_update");
      assertThat(beta.everything()).doesNotContain("\"7\"");
    }
  }

  @Test
  void theCreditOfOneTenantIsNoCreditOfAnother() {
    ApiClient.json(send("acme:owner", "PUT", "/api/billing/limits", "{}"), 200);
    topUp("beta:owner", "k", "1");
    try (TestClient acme = client("acme:owner");
        TestClient beta = client("beta:owner")) {
      String session = acme.createSession();
      acme.send("{'type':'run_turn','sessionId':'" + session + "','text':'go'}");
      assertThat(acme.next("error").path("code").asText()).isEqualTo("INSUFFICIENT_CREDITS");
      beta.runTurn(beta.createSession(), "go");
      Await.until(() -> !gateway.podium.delivered.isEmpty());
    }
  }

  @Test
  void whereTheOperatorBillsEveryTenantOnlyTheOperatorAddsCredit() {
    gateway.close();
    gateway =
        RunningGateway.start(
            data,
            new ByTenantAndRole(),
            options -> options.withBilling(new BillingOptions(true, false)));
    new FakeEnsemble().on(gateway.vertx);
    api = new ApiClient(gateway.port);
    assertThat(get("acme:owner", "/api/billing").path("billed").asBoolean()).isTrue();
    assertThat(ApiClient.code(topUp("acme:owner", "k", "1"), 403)).isEqualTo("FORBIDDEN");
    HttpResponse<String> off = send("acme:owner", "PUT", "/api/billing/limits", "{'billed':false}");
    assertThat(ApiClient.code(off, 403)).isEqualTo("FORBIDDEN");
    try (TestClient acme = client("acme:owner")) {
      String session = acme.createSession();
      acme.send("{'type':'run_turn','sessionId':'" + session + "','text':'go'}");
      assertThat(acme.next("error").path("code").asText()).isEqualTo("INSUFFICIENT_CREDITS");
      Path tenants = data.resolve("tenants");
      for (int time = 0; time < 2; time++) {
        assertThat(
                RunningGateway.await(
                    CreditService.topUp(gateway.vertx, tenants, "acme", "1", "invoice 17")))
            .isEqualTo("1");
      }
      acme.runTurn(session, "go");
    }
  }

  private TestClient client(String who) {
    TestClient client = TestClient.connectOnly(gateway.port);
    client.send("{'type':'authenticate','token':'" + who + "'}");
    client.next("authenticated");
    return client;
  }

  private static final class ByTenantAndRole implements Authenticator {
    @Override
    public Optional<Identity> everybody() {
      return Optional.empty();
    }

    @Override
    public Future<Authentication> authenticate(String token) {
      String[] parts = token.split(":");
      return Future.succeededFuture(
          Authentication.lasting(
              Identity.of(
                  parts[1] + "@" + parts[0],
                  parts[1] + "@" + parts[0] + ".example",
                  parts[0],
                  Role.valueOf(parts[1].toUpperCase(Locale.ROOT)))));
    }
  }
}
