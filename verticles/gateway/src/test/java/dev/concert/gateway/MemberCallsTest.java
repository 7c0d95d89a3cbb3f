package dev.concert.gateway;

import static dev.concert.gateway.RunningGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bridge.ClientCalls.AwaitEvents;
import dev.concert.bridge.ClientCalls.CallOperation;
import dev.concert.bridge.ClientCalls.EventPage;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.error.Problem;
import dev.concert.json.Json;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service asks on the bus, in the name of a member. */
class MemberCallsTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  @TempDir private Path data;

  private static Future<JsonNode> call(
      RunningGateway gateway, String tenant, String user, String operation, String request) {
    return new ConcertBus(gateway.vertx)
        .request(
            Addresses.CALL_OPERATION, new CallOperation(tenant, user, operation, request), TIMEOUT)
        .map(
            reply -> {
              try {
                return Json.MAPPER.readTree(reply.reply());
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
  }

  private static JsonNode call(RunningGateway gateway, String operation, String request) {
    return await(call(gateway, "dev", "dev-user-001", operation, request));
  }

  private static Future<EventPage> events(
      RunningGateway gateway, String session, long after, long waitMs) {
    return new ConcertBus(gateway.vertx)
        .request(
            Addresses.AWAIT_EVENTS,
            new AwaitEvents("dev", "dev-user-001", session, after, 100, waitMs),
            TIMEOUT);
  }

  @Test
  void aTurnRunsAndItsEventsAreAwaitedAsTheyCome() {
    try (RunningGateway gateway = RunningGateway.start(data)) {
      String session =
          call(gateway, "create_session", "{\"agentType\":\"echo\"}")
              .path("session")
              .path("id")
              .asText();
      String turn =
          "{\"sessionId\":\"%s\",\"text\":\"Hi\",\"clientTurnId\":\"Ev1\"}".formatted(session);
      JsonNode started = call(gateway, "run_turn", turn);
      assertThat(started.path("type").asText()).isEqualTo("turn_started");
      assertThat(call(gateway, "run_turn", turn)).isEqualTo(started);

      long seq = started.path("seq").asLong();
      Future<EventPage> next = events(gateway, session, seq, 30_000);
      String turnId = started.path("turnId").asText();
      gateway.podium.complete("agent_" + session, turnId, "Hello");
      assertThat(await(next).events()).isNotEmpty();
      StringBuilder all = new StringBuilder();
      while (all.indexOf("turn_complete") < 0) {
        EventPage page = await(events(gateway, session, seq, 30_000));
        page.events().forEach(all::append);
        seq = last(page);
      }
      assertThat(all).contains("Hello");
      assertThat(await(events(gateway, session, seq + 100, 1)).events()).isEmpty();
    }
  }

  private static long last(EventPage page) {
    try {
      return Json.MAPPER.readTree(page.events().getLast()).path("seq").asLong();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "dev,stranger,list_sessions,AUTH_FAILED",
    "other,dev-user-001,list_sessions,AUTH_FAILED",
    "dev,dev-user-001,join_session,INVALID_MESSAGE",
    "dev,dev-user-001,authenticate,INVALID_MESSAGE",
    "dev,dev-user-001,get_session,SESSION_NOT_FOUND",
    "dev,dev-user-001,test_bridge,BRIDGES_UNAVAILABLE"
  })
  void whatAMemberMayNotAskIsRefused(String tenant, String user, String operation, String code) {
    try (RunningGateway gateway = RunningGateway.start(data)) {
      Future<String> refusal =
          call(gateway, tenant, user, operation, "{\"sessionId\":\"none\",\"connectionId\":\"c\"}")
              .map("")
              .otherwise(failure -> Problem.of(failure).code().name());
      assertThat(await(refusal)).isEqualTo(code);
    }
  }
}
