package dev.concert.platform.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.harness.BilledServer;
import dev.concert.platform.harness.BilledServer.LedgerCall;
import dev.concert.platform.harness.Events;
import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.TestClient;
import dev.concert.testing.Await;
import dev.concert.testing.vendor.FakeVendor;
import io.vertx.core.http.HttpServerResponse;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Money end to end: real agents, a real Ensemble, a vendor that is played, and {@code kill -9}. The
 * campaign is {@code -Dconcert.money.kills=100 -Dconcert.money.tenants=20
 * -Dconcert.money.turns=10}.
 */
class KilledBillingTest {
  private static final int KILLS = Integer.getInteger("concert.money.kills", 1);
  private static final int TENANTS = Integer.getInteger("concert.money.tenants", 2);

  /** Turns of a tenant at the same time, each in a session of its own. */
  private static final int TURNS = Integer.getInteger("concert.money.turns", 2);

  /** Within this time after the turns were sent the server is killed, in milliseconds. */
  private static final int WINDOW_MS =
      Integer.getInteger("concert.money.window", Math.min(45_000, 1500 * TENANTS * TURNS));

  private static final long SEED = Long.getLong("concert.money.seed", 13);

  @TempDir private Path folder;

  @Test
  void aTurnOfFiftyCallsOnABalanceForTenEndsInOrder() {
    try (BilledServer server = new BilledServer(folder, List.of("acme"));
        ProtocolClient client = server.owner("acme")) {
      AtomicInteger asked = new AtomicInteger();
      server.vendor().script((_, to) -> answer(server.vendor(), to, asked.incrementAndGet() < 50));
      server.bill("acme", "0.11");
      TestClient user = session(client);
      JsonNode end = user.run("look around, again and again");

      assertThat(end.path("type").asText()).as(end.toString()).isEqualTo("turn_error");
      assertThat(end.path("code").asText()).isEqualTo("INSUFFICIENT_CREDITS");
      assertThat(end.path("message").asText()).contains("USD is needed");
      Await.until(() -> server.isSettled("acme"));
      assertThat(server.calls("acme")).hasSize(10);
      verifyLedgersAgree(server, "acme", "0.11");
      JsonNode refused = user.ask("run_turn", Map.of("text", "more"));
      assertThat(refused.path("code").asText()).isEqualTo("INSUFFICIENT_CREDITS");
    }
  }

  @Test
  void theLedgersAgreeAfterKillsAtRandomMoments() {
    Random random = new Random(SEED);
    List<String> tenants = IntStream.range(0, TENANTS).mapToObj(number -> "t" + number).toList();
    try (BilledServer server = new BilledServer(folder, tenants)) {
      server.vendor().script((asked, to) -> answerLater(server.vendor(), asked.body(), to));
      tenants.forEach(tenant -> server.bill(tenant, "1000"));
      Map<String, List<String>> sessions = new HashMap<>();
      for (int kill = 0; kill < KILLS; kill++) {
        List<JsonNode> received = runAndKill(server, sessions, tenants, random);
        server.start();
        for (String tenant : tenants) {
          Await.until(() -> server.isSettled(tenant));
          verifyLedgersAgree(server, tenant, "1000");
          verifySessions(server, tenant, sessions.get(tenant), received);
        }
      }
      for (String tenant : tenants) {
        verifyTheNextTurnWorks(server, tenant, sessions.get(tenant).getFirst());
      }
    }
  }

  /** Starts turns in all sessions, and kills the server some time after; gives what was shown. */
  private static List<JsonNode> runAndKill(
      BilledServer server,
      Map<String, List<String>> sessions,
      List<String> tenants,
      Random random) {
    List<ProtocolClient> clients = new ArrayList<>();
    try {
      for (String tenant : tenants) {
        ProtocolClient client = server.owner(tenant);
        clients.add(client);
        List<String> own = sessions.computeIfAbsent(tenant, _ -> new ArrayList<>());
        while (own.size() < TURNS) {
          own.add(session(client).sessionId());
        }
        own.forEach(session -> join(client, session));
        own.forEach(
            session ->
                client.send("run_turn", Map.of("sessionId", session, "text", "look around")));
      }
      long end = System.nanoTime() + 1_000_000L * random.nextInt(1 + WINDOW_MS);
      Await.until(() -> System.nanoTime() > end);
      server.kill();
      List<JsonNode> received = new ArrayList<>();
      for (ProtocolClient client : clients) {
        client.transcript().awaitClose(ProtocolClient.TIMEOUT);
        client.transcript().all().stream().filter(frame -> frame.has("seq")).forEach(received::add);
      }
      return received;
    } finally {
      clients.forEach(ProtocolClient::close);
    }
  }

  private static TestClient session(ProtocolClient client) {
    JsonNode created =
        client.ask("create_session", Map.of("agentType", "coding-agent", "model", "played"));
    return TestClient.join(client, created.path("session").path("id").asText(), 0);
  }

  private static void join(ProtocolClient client, String session) {
    client.ask("join_session", Map.of("sessionId", session, "afterSeq", 0));
  }

  /** The tenant paid exactly what Ensemble recorded, and every call has its turn. */
  private static void verifyLedgersAgree(BilledServer server, String tenant, String paidIn) {
    List<LedgerCall> calls = server.calls(tenant);
    assertThat(calls).allSatisfy(call -> assertThat(call.turnId()).startsWith("turn_"));
    assertThat(calls).allMatch(LedgerCall::ended);
    BigDecimal cost = calls.stream().map(LedgerCall::cost).reduce(BigDecimal.ZERO, BigDecimal::add);
    JsonNode account = server.account(tenant);
    assertThat(
            new BigDecimal(account.path("balance").asText())
                .subtract(new BigDecimal(account.path("owed").asText())))
        .isEqualByComparingTo(new BigDecimal(paidIn).subtract(cost));
  }

  /** No session is stuck, and its events are whole and those that were shown. */
  private static void verifySessions(
      BilledServer server, String tenant, List<String> sessions, List<JsonNode> received) {
    try (ProtocolClient client = server.owner(tenant)) {
      for (JsonNode session : client.ask("list_sessions", Map.of()).path("sessions")) {
        assertThat(session.path("state").asText()).isEqualTo("inactive");
      }
      for (String session : sessions) {
        List<JsonNode> events = everything(client, session);
        Events.verifyWhole(events, 0);
        Events.verifyKept(
            received.stream()
                .filter(event -> event.path("sessionId").asText().equals(session))
                .toList(),
            events);
        assertThat(Events.ofType(events, "turn_started"))
            .hasSameSizeAs(events.stream().filter(TestClient::isEnd).toList());
      }
    }
  }

  private static List<JsonNode> everything(ProtocolClient client, String session) {
    List<JsonNode> events = new ArrayList<>();
    boolean more = true;
    while (more) {
      long last = events.isEmpty() ? 0 : events.getLast().path("seq").asLong();
      JsonNode page =
          client.ask("get_events", Map.of("sessionId", session, "afterSeq", last, "limit", 5000));
      page.path("events").forEach(events::add);
      more = page.path("hasMore").asBoolean();
    }
    return events;
  }

  private static void verifyTheNextTurnWorks(BilledServer server, String tenant, String session) {
    try (ProtocolClient client = server.owner(tenant)) {
      JsonNode end = TestClient.join(client, session, 0).run("look around");
      assertThat(end.path("type").asText()).as(end.toString()).isEqualTo("turn_complete");
      Await.until(() -> server.isSettled(tenant));
      verifyLedgersAgree(server, tenant, "1000");
    }
  }

  private static void answer(FakeVendor vendor, HttpServerResponse to, boolean goOn) {
    FakeVendor.begin(to);
    vendor.wire().events(goOn ? BilledServer.goesOn(1) : BilledServer.ends()).forEach(to::write);
    to.end();
  }

  /** Two calls of tools, then the end; slowly, so that servers die in the middle of calls. */
  private static void answerLater(FakeVendor vendor, String body, HttpServerResponse to) {
    int results = body.split("tool_result\"", -1).length - 1;
    FakeVendor.begin(to);
    List<String> events =
        vendor.wire().events(results % 3 < 2 ? BilledServer.goesOn(results) : BilledServer.ends());
    vendor.slowly(to, events);
  }
}
