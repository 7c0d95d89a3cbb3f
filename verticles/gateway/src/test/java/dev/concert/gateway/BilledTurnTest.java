package dev.concert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.agentevent.AgentEvent;
import dev.concert.error.ErrorCode;
import dev.concert.protocol.ServerEvent;
import dev.concert.testing.Await;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.math.BigDecimal;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Turns of a tenant that is billed, with a played coordinator and a played Ensemble. */
@ExpectedLog(
    logger = "dev.concert.gateway.billing.Settlements",
    message = "is not settled yet: Ensemble is away",
    required = false)
@ExpectedLog(
    logger = "dev.concert.gateway.session.Activation",
    message = "reached no agent: No room for agents",
    required = false)
class BilledTurnTest {
  private static final String TENANT = "dev";

  /** What a turn with a short text reserves. */
  private static final String RESERVED = "0.005025";

  @TempDir private Path data;
  private final FakeEnsemble ensemble = new FakeEnsemble();
  private RunningGateway gateway;
  private ApiClient api;
  private TestClient client;
  private String session;

  @BeforeEach
  void start() {
    open();
    session = client.createSession();
    client.join(session);
  }

  private void open() {
    gateway = RunningGateway.start(data);
    ensemble.on(gateway.vertx);
    api = new ApiClient(gateway.port);
    client = gateway.client();
  }

  @AfterEach
  void close() {
    client.close();
    gateway.close();
  }

  private void restart() {
    close();
    open();
    client.join(session);
  }

  /** Switches billing on, with this balance. */
  private void bill(String balance) {
    topUp("first", balance);
    ApiClient.json(api.send("PUT", "/api/billing/limits", "{}"), 200);
  }

  private void topUp(String key, String amount) {
    ApiClient.json(
        api.post(
            "/api/billing/top-ups", "{'amount':'%s','idempotencyKey':'%s'}".formatted(amount, key)),
        200);
  }

  private JsonNode account() {
    return ApiClient.json(api.get("/api/billing"), 200);
  }

  private void awaitAccount(String balance, String reserved) {
    Await.until(
        () ->
            account().path("balance").asText().equals(balance)
                && account().path("reserved").asText().equals(reserved));
  }

  private void send() {
    client.send("{'type':'run_turn','sessionId':'" + session + "','text':'go'}");
  }

  private String agent() {
    return "agent_" + session;
  }

  private void call(String turn, String cost) {
    RunningGateway.await(ensemble.call(TENANT, turn, cost));
  }

  @Test
  void aTenantWithoutBillingNeedsNoCreditAndNoEnsemble() {
    ensemble.away = true;
    String turn = client.runTurn(session, "go");
    gateway.podium.complete(agent(), turn, "done");
    client.next("turn_complete");
    assertThat(ensemble.allowances).isEmpty();
    assertThat(account().path("billed").asBoolean()).isFalse();
    assertThat(data.resolve("tenants").resolve(TENANT).resolve("billing.db")).doesNotExist();
  }

  @Test
  void aTurnThatBeganUnbilledGoesOnWhenBillingBeginsAndIsNotCharged() {
    String free = client.runTurn(session, "go");
    bill("1");
    try (TestClient other = gateway.client()) {
      String otherSession = other.createSession();
      other.join(otherSession);
      String billed = other.runTurn(otherSession, "go");
      assertThat(ensemble.allowances.get(billed)).isEqualByComparingTo(RESERVED);
      call(free, "7");
      gateway.podium.complete(agent(), free, "done");
      client.next("turn_complete");
      Await.until(() -> ensemble.closed.contains(free));
      assertThat(account().path("balance").asText()).isEqualTo("1");

      String next = client.runTurn(session, "go");
      assertThat(ensemble.allowances.get(next)).isEqualByComparingTo(RESERVED);
    }
  }

  @Test
  void aTurnReservesCreditBeforeItBeginsAndIsChargedAfterIt() {
    bill("1");
    String turn = client.runTurn(session, "go");
    assertThat(account().path("reserved").asText()).isEqualTo(RESERVED);
    assertThat(ensemble.allowances.get(turn)).isEqualByComparingTo(RESERVED);
    call(turn, "0.000000000001");
    call(turn, "0.0001");
    gateway.podium.complete(agent(), turn, "done");
    client.next("turn_complete");
    awaitAccount("0.999899999999", "0");
  }

  @Test
  void aTurnWithoutCreditIsRefusedWithWhatIsMissingAndLeavesNothing() {
    bill("0.005");
    send();
    JsonNode error = client.next("error");
    assertThat(error.path("code").asText()).isEqualTo("INSUFFICIENT_CREDITS");
    assertThat(error.path("message").asText())
        .contains(RESERVED + " USD is needed, and 0.005 USD is free of a balance of 0.005 USD");
    client.send("{'type':'get_events','sessionId':'" + session + "','afterSeq':0}");
    assertThat(client.next("events").path("events")).isEmpty();
    assertThat(account().path("reserved").asText()).isEqualTo("0");
    topUp("second", "1");
    client.runTurn(session, "go");
  }

  @Test
  void aTurnOfFiftyCallsOnABalanceForTenEndsInOrder() {
    bill("1");
    String turn = client.runTurn(session, "go");
    int made = 0;
    Future<Void> last = Future.succeededFuture();
    for (int call = 0; call < 50 && last.succeeded(); call++) {
      last = ensemble.call(TENANT, turn, "0.1");
      Await.until(last::isComplete);
      made += last.succeeded() ? 1 : 0;
    }
    assertThat(made).isEqualTo(10);
    gateway.podium.say(
        agent(), new AgentEvent(turn, new ServerEvent.TurnError("AGENT_ERROR", "HTTP 402", true)));
    JsonNode end = client.next("turn_error");
    assertThat(end.path("code").asText()).isEqualTo(ErrorCode.INSUFFICIENT_CREDITS.name());
    assertThat(end.path("message").asText()).contains("0.1 USD is needed, and 0 USD is free");
    assertThat(end.path("details").asText().lines())
        .containsExactly("balance: 1", "reserved: 1", "needed: 0.1", "currency: USD");
    awaitAccount("0", "0");
    assertThat(ensemble.spent(turn)).isEqualByComparingTo("1");
  }

  @Test
  void ofTwoTurnsThatWantTheLastCreditAtOnceOneBegins() {
    bill("0.006");
    String other = client.createSession();
    client.join(other);
    send();
    client.send("{'type':'run_turn','sessionId':'" + other + "','text':'go'}");
    String first = client.next().path("type").asText();
    Await.until(() -> client.everything().contains("turn_started"));
    Await.until(() -> client.everything().contains("INSUFFICIENT_CREDITS"));
    assertThat(first).isNotEmpty();
    assertThat(account().path("reserved").asText()).isEqualTo(RESERVED);
  }

  @Test
  void aSecondTurnOfTheSessionIsRefusedWhileTheFirstWaitsForItsCredit() {
    bill("1");
    Promise<Void> hold = Promise.promise();
    ensemble.beforeAllowance = hold::future;
    send();
    Await.until(() -> account().path("reserved").asText().equals(RESERVED));
    send();
    assertThat(client.next("error").path("code").asText()).isEqualTo("TURN_IN_PROGRESS");
    client.send("{'type':'list_sessions'}");
    assertThat(client.next("session_list").at("/sessions/0/state").asText()).isEqualTo("inactive");
    hold.complete();
    client.next("turn_started");
  }

  @Test
  void aSessionThatIsArchivedWhileItsTurnWaitsForCreditReleasesIt() {
    bill("1");
    Promise<Void> hold = Promise.promise();
    ensemble.beforeAllowance = hold::future;
    send();
    Await.until(() -> account().path("reserved").asText().equals(RESERVED));
    client.send("{'type':'archive_session','sessionId':'" + session + "'}");
    client.next("session_archived");
    hold.complete();
    assertThat(client.next("error").path("code").asText()).isEqualTo("SESSION_ARCHIVED");
    awaitAccount("1", "0");
  }

  @Test
  void aTenantWhoseBillingEndsWhileATurnWaitsForCreditIsNotTakenForBilledAfterwards() {
    bill("1");
    Promise<Void> hold = Promise.promise();
    ensemble.beforeAllowance = hold::future;
    send();
    Await.until(() -> account().path("reserved").asText().equals(RESERVED));
    ApiClient.json(api.send("PUT", "/api/billing/limits", "{'billed':false}"), 200);
    hold.complete();
    client.next("turn_started");
    Await.until(() -> ensemble.billed.isEmpty());
  }

  @Test
  void aTurnWhoseAgentDoesNotStartReleasesItsCredit() {
    bill("1");
    gateway.podium.refuseStart = true;
    send();
    assertThat(client.next("turn_error").path("code").asText()).isEqualTo("PODIUM_UNAVAILABLE");
    awaitAccount("1", "0");
  }

  @Test
  void aTurnThatIsStoppedPaysItsCallsAndReleasesTheRest() {
    bill("1");
    String turn = client.runTurn(session, "go");
    Await.until(() -> !gateway.podium.delivered.isEmpty());
    call(turn, "0.001");
    client.send("{'type':'stop_turn','sessionId':'" + session + "'}");
    Await.until(() -> !gateway.podium.interrupts.isEmpty());
    gateway.podium.complete(agent(), turn, "");
    client.next("turn_complete");
    awaitAccount("0.999", "0");
  }

  @Test
  void aTurnWhoseAgentCrashesPaysItsCallsAndReleasesTheRest() {
    bill("1");
    String turn = client.runTurn(session, "go");
    Await.until(() -> !gateway.podium.delivered.isEmpty());
    call(turn, "0.001");
    gateway.podium.say(agent(), new ServerEvent.SandboxRemoved("crash"));
    assertThat(client.next("turn_error").path("code").asText()).isEqualTo("AGENT_CRASHED");
    awaitAccount("0.999", "0");
  }

  @Test
  void aDeletedSessionReleasesItsCredit() {
    bill("1");
    String turn = client.runTurn(session, "go");
    call(turn, "0.001");
    client.send("{'type':'delete_session','sessionId':'" + session + "'}");
    client.next("session_deleted");
    awaitAccount("0.999", "0");
  }

  @Test
  void aCallInProgressAtTheEndOfTheTurnIsChargedWhenItsCostIsKnown() {
    bill("1");
    String turn = client.runTurn(session, "go");
    ensemble.open.put(turn, 1L);
    gateway.podium.complete(agent(), turn, "done");
    client.next("turn_complete");
    Await.until(() -> ensemble.closed.size() > 1);
    assertThat(account().path("reserved").asText()).isEqualTo(RESERVED);
    ensemble.record(turn, "0.004");
    ensemble.open.remove(turn);
    awaitAccount("0.996", "0");
  }

  @Test
  void whatEnsembleCannotAnswerNowIsSettledWhenItIsBack() {
    bill("1");
    String turn = client.runTurn(session, "go");
    call(turn, "0.25");
    ensemble.away = true;
    gateway.podium.complete(agent(), turn, "done");
    client.next("turn_complete");
    send();
    assertThat(client.next("error").path("code").asText()).isEqualTo("ENSEMBLE_UNAVAILABLE");
    assertThat(account().path("reserved").asText()).isEqualTo("0.25");
    ensemble.away = false;
    awaitAccount("0.75", "0");
  }

  @Test
  void whatIsNotSettledAtTheEndOfTheGatewayIsSettledByTheNext() {
    bill("1");
    String turn = client.runTurn(session, "go");
    call(turn, "0.25");
    ensemble.away = true;
    restart();
    assertThat(account().path("reserved").asText()).isEqualTo("0.25");
    ensemble.away = false;
    awaitAccount("0.75", "0");
    assertThat(account().path("billed").asBoolean()).isTrue();
    client.runTurn(session, "again");
  }

  @Test
  void theLimitOfATurnIsAllThatItReserves() {
    bill("1");
    ApiClient.json(api.send("PUT", "/api/billing/limits", "{'perTurn':'0.002'}"), 200);
    String turn = client.runTurn(session, "go");
    assertThat(account().path("reserved").asText()).isEqualTo("0.002");
    assertThat(ensemble.allowances.get(turn)).isEqualByComparingTo("0.002");
    Future<Void> beyond = ensemble.call(TENANT, turn, "0.003");
    Await.until(beyond::isComplete);
    assertThat(beyond.cause())
        .hasMessageContaining("spends at most 0.002 USD for a turn, of which 0 USD is left");
  }

  @Test
  void whoManagesBillingIsToldEachChange() {
    bill("1");
    String turn = client.runTurn(session, "go");
    gateway.podium.complete(agent(), turn, "done");
    client.next("turn_complete");
    awaitAccount("1", "0");
    Await.until(() -> client.everything().contains("\"reserved\":\"0\",\"currency\":\"USD\""));
    assertThat(client.everything())
        .contains("\"type\":\"balance_update\",\"balance\":\"1\",\"reserved\":\"" + RESERVED);
  }

  @Test
  void usageIsShownBySessionAndModel() {
    String turn = client.runTurn(session, "go");
    Await.until(() -> !gateway.podium.delivered.isEmpty());
    for (int call = 0; call < 2; call++) {
      gateway.podium.say(agent(), new ServerEvent.UsageUpdate("m", "p", 10, 5, 2, "0.0000001"));
      client.next("usage_update");
    }
    gateway.podium.complete(agent(), turn, "done");
    client.next("turn_complete");
    Await.until(
        () ->
            ApiClient.json(api.get("/api/usage"), 200).at("/sessions/0/models/0/calls").asInt()
                == 2);
    JsonNode usage = ApiClient.json(api.get("/api/usage?sessionId=" + session), 200);
    assertThat(usage.at("/sessions/0/models/0/inputTokens").asLong()).isEqualTo(20);
    assertThat(new BigDecimal(usage.at("/sessions/0/models/0/cost").asText()))
        .isEqualByComparingTo("0.0000002");
    assertThat(ApiClient.code(api.get("/api/usage?sessionId=none"), 404))
        .isEqualTo("SESSION_NOT_FOUND");
  }
}
