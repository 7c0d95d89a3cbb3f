package dev.concert.platform.turn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.harness.Events;
import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.RunningPlatform;
import dev.concert.platform.harness.TestClient;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every frame passes before anything is done with it. */
class ConnectionTest {
  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  @Test
  void aConnectionIsGreetedInTheOrderOfTheProtocol() {
    ProtocolClient client = PLATFORM.connect();

    assertThat(Events.types(client.transcript().all()))
        .containsExactly("welcome", "connected", "authenticated");
    JsonNode welcome = client.await("welcome");
    assertThat(welcome.path("protocolVersion").asInt()).isEqualTo(1);
    assertThat(welcome.path("requiresAuth").asBoolean()).isFalse();
    assertThat(client.await("connected").path("heartbeatIntervalMs").asInt()).isEqualTo(30_000);
    assertThat(client.await("authenticated").path("identity").path("userId").asText()).isNotEmpty();
  }

  @Test
  void aPingIsAnsweredWithItsOwnTimeAndRequestId() {
    JsonNode pong = PLATFORM.connect().ask("ping", Map.of("ts", 42));

    assertThat(pong.path("type").asText()).isEqualTo("pong");
    assertThat(pong.path("ts").asLong()).isEqualTo(42);
    assertThat(pong.path("serverTs").asLong()).isPositive();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {                                                  | INVALID_JSON    | JSON
          [1]                                                | INVALID_JSON    | object
          'x'                                                | INVALID_JSON    | JSON
          {"type":7}                                         | INVALID_MESSAGE | type
          {"type":"dance"}                                   | INVALID_MESSAGE | type
          {"type":"ping","requestId":7}                      | INVALID_MESSAGE | requestId
          {"type":"ping","ts":"now"}                         | INVALID_MESSAGE | ts
          {"type":"join_session"}                            | INVALID_MESSAGE | sessionId
          {"type":"create_session","agentType":""}           | INVALID_MESSAGE | agentType
          {"type":"list_sessions","limit":501}               | INVALID_MESSAGE | limit
          {"type":"list_files","sessionId":"s","depth":11}   | INVALID_MESSAGE | depth
          {"type":"run_turn","sessionId":"s"}                | INVALID_MESSAGE | text
          {"type":"get_events","sessionId":"s","afterSeq":-1}| INVALID_MESSAGE | afterSeq
          {"type":"answer_question","sessionId":"s","questionId":"q"}|INVALID_MESSAGE|answers
          """,
      quoteCharacter = '\0')
  void aFrameThatIsWrongIsRefusedByNameAndTheConnectionLives(
      String frame, String code, String named) {
    ProtocolClient client = PLATFORM.connect();

    client.sendText(frame);
    JsonNode error = client.await("error");

    assertThat(error.path("code").asText()).isEqualTo(code);
    assertThat(error.path("message").asText()).contains(named);
    assertThat(client.ask("ping", Map.of()).path("type").asText()).isEqualTo("pong");
  }

  @Test
  void aFrameOverOneMebibyteIsRefusedAndTheConnectionLives() {
    TestClient user = TestClient.echo(PLATFORM.connect());

    user.send("run_turn", Map.of("text", "x".repeat(1 << 20)));
    JsonNode error = user.client().await("error");

    assertThat(error.path("code").asText()).isEqualTo("MESSAGE_TOO_LARGE");
    assertThat(user.run("a small one").path("finalText").asText()).isEqualTo("a small one");
  }

  @Test
  void aFrameOfLettersThatTakeMoreBytesIsMeasuredInBytes() {
    TestClient user = TestClient.echo(PLATFORM.connect());

    user.send("run_turn", Map.of("text", "é".repeat(600_000)));

    assertThat(user.client().await("error").path("code").asText()).isEqualTo("MESSAGE_TOO_LARGE");
  }

  @Test
  void whoSendsTooFastIsToldWhenToComeBack() {
    ProtocolClient client = PLATFORM.connect();

    for (int i = 0; i < 61; i++) {
      client.send("ping", Map.of("ts", i));
    }
    JsonNode error = client.await("error");

    assertThat(error.path("code").asText()).isEqualTo("RATE_LIMITED");
    assertThat(error.path("retryAfterMs").asLong()).isBetween(1L, 10_000L);
    assertThat(client.transcript().ended()).isFalse();
    assertThat(PLATFORM.connect().ask("ping", Map.of()).path("type").asText()).isEqualTo("pong");
  }

  @Test
  void whoNeverStopsSendingIsCutOff() {
    ProtocolClient client = PLATFORM.connect();

    for (int i = 0; i < 700 && !client.transcript().ended(); i++) {
      try {
        client.send("ping", Map.of());
      } catch (CompletionException closed) {
        break;
      }
    }

    assertThat(client.transcript().awaitClose(ProtocolClient.TIMEOUT)).isEqualTo(4429);
  }
}
