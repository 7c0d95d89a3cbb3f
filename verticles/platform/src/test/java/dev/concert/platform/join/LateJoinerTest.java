package dev.concert.platform.join;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.platform.harness.Events;
import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.RunningPlatform;
import dev.concert.platform.harness.TestClient;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several clients in one session see the same, whenever they come. */
class LateJoinerTest {
  private static final int DELTAS = 5000;

  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  @Test
  void twoClientsSeeTheSameEventsInTheSameOrder() {
    TestClient one = TestClient.create(PLATFORM.connect(), "coding-agent");
    TestClient other = TestClient.join(PLATFORM.connect(), one.sessionId(), 0);

    String turnId = one.start("create hello.py that prints the first ten primes and run it");
    one.finish(turnId);
    other.awaitEnd(turnId);
    awaitReadyAgain(one);
    awaitReadyAgain(other);

    Events.verifyWhole(one.events(), 0);
    assertThat(withoutRequestId(other.events())).isEqualTo(withoutRequestId(one.events()));
  }

  private static void awaitReadyAgain(TestClient user) {
    user.awaitEvent(
        "the last state",
        0,
        event ->
            event.path("state").asText().equals("ready")
                && event.path("previous").asText().equals("running"));
  }

  private static List<JsonNode> withoutRequestId(List<JsonNode> events) {
    return events.stream()
        .map(event -> ((ObjectNode) event.deepCopy()).<JsonNode>without("requestId"))
        .toList();
  }

  /** The joiner asks for what came after this share of what the first client has by then. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.2, 0.37, 0.5, 0.99, 1})
  void whoJoinsInTheMiddleOfATurnSeesNoHoleAndNoRepeat(double share) {
    TestClient first = TestClient.echo(PLATFORM.connect());
    String turnId = first.start("!stream " + DELTAS);
    first.awaitEvent("a third of the turn", 0, event -> event.path("seq").asLong() > DELTAS / 3);

    long afterSeq = Math.round(first.events().getLast().path("seq").asLong() * share);
    TestClient late = TestClient.join(PLATFORM.connect(), first.sessionId(), afterSeq);
    first.awaitEnd(turnId);
    late.awaitEnd(turnId);
    awaitReadyAgain(first);
    awaitReadyAgain(late);

    verifySame(first, late, afterSeq);
    assertThat(Events.text(first.events(), "text_delta")).hasSizeGreaterThan(DELTAS * 4);
  }

  @Test
  void whoJoinsManyTimesInOneTurnNeverSeesAHole() {
    TestClient first = TestClient.echo(PLATFORM.connect());
    String turnId = first.start("!stream " + DELTAS);
    ProtocolClient[] clients = new ProtocolClient[6];
    TestClient[] late = new TestClient[clients.length];
    long[] after = new long[clients.length];

    for (int i = 0; i < clients.length; i++) {
      int wanted = (i + 1) * DELTAS / 8;
      first.awaitEvent("delta " + wanted, 0, event -> event.path("seq").asLong() > wanted);
      after[i] = wanted - 7;
      clients[i] = PLATFORM.connect();
      late[i] = TestClient.join(clients[i], first.sessionId(), after[i]);
    }
    first.awaitEnd(turnId);
    awaitReadyAgain(first);

    for (int i = 0; i < clients.length; i++) {
      awaitReadyAgain(late[i]);
      verifySame(first, late[i], after[i]);
    }
  }

  @Test
  void afterTheTurnAReplayFromAnyPlaceContinuesTheText() {
    TestClient first = TestClient.echo(PLATFORM.connect());
    first.run("!stream 300");
    awaitReadyAgain(first);
    long last = first.events().getLast().path("seq").asLong();

    for (long afterSeq = 0; afterSeq < last; afterSeq += 23) {
      TestClient late = TestClient.join(PLATFORM.connect(), first.sessionId(), afterSeq);
      awaitReadyAgain(late);
      verifySame(first, late, afterSeq);
    }
  }

  @Test
  void whoAsksForWhatIsNotYetGetsItWhenItComes() {
    TestClient first = TestClient.echo(PLATFORM.connect());
    first.run("one");
    awaitReadyAgain(first);
    long last = first.events().getLast().path("seq").asLong();
    TestClient late = TestClient.join(PLATFORM.connect(), first.sessionId(), last);

    first.run("two");
    awaitReadyAgain(late);

    Events.verifyWhole(late.events(), last);
    assertThat(Events.text(late.events(), "text_delta")).isEqualTo("two");
  }

  private static void verifySame(TestClient first, TestClient late, long afterSeq) {
    Events.verifyWhole(first.events(), 0);
    List<JsonNode> expected =
        first.events().stream().filter(event -> event.path("seq").asLong() > afterSeq).toList();
    Events.verifyWhole(late.events(), afterSeq);
    assertThat(Events.merged(late.events())).isEqualTo(Events.merged(expected));
  }
}
