package dev.concert.bridges.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridges.conformance.ChatWorld.Fault;
import dev.concert.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The bridges end while a call is under way, and begin again; Slack sends the event once more. The
 * steps inside the database are those of {@code DurableInboxTest} and {@code OutboxDeliveryTest}.
 */
@Execution(ExecutionMode.CONCURRENT)
class ChatKillPointsTest {
  @TempDir Path data;

  /** Where they end. */
  enum Point {
    BEFORE_THE_SESSION(people -> people.bridges.gateway.hold("create_session", false)),
    AFTER_THE_SESSION(people -> people.bridges.gateway.hold("create_session", true)),
    BEFORE_THE_TURN(people -> people.bridges.gateway.hold("run_turn", false)),
    AFTER_THE_TURN(people -> people.bridges.gateway.hold("run_turn", true)),
    WHILE_IT_IS_FOLLOWED(people -> people.bridges.gateway.hold("events", false)),
    BEFORE_THE_MESSAGE(people -> people.world.fail(Fault.CUT_BEFORE)),
    AFTER_THE_MESSAGE(people -> people.world.holdReply());

    private final Consumer<ChatPeople> hold;

    Point(Consumer<ChatPeople> hold) {
      this.hold = hold;
    }
  }

  @ParameterizedTest
  @EnumSource
  void noTurnIsRunTwiceAndNoAnswerIsLostOrDoubled(Point point) {
    try (ChatPeople people = new ChatPeople(PlayedPlatform.SLACK, data)) {
      ChatWorld world = people.world;
      String place = world.newPlace(true);
      int sent = world.sent();
      point.hold.accept(people);
      DeliverWebhook message = people.say(place, "once");
      Await.until(
          "the end at " + point,
          () ->
              people.bridges.gateway.isHeld()
                  || (point == Point.BEFORE_THE_MESSAGE && world.sent() > sent)
                  || world.isHeld());
      people.bridges.restartAfter(Duration.ofMinutes(1));
      assertThat(people.bridges.deliver(world.again(message))).isEqualTo(200);
      people.awaitText(place, "answer to once");
      people.say(place, "then");
      people.awaitText(place, "answer to then");
      assertThat(people.bridges.gateway.texts()).containsExactly("once", "then");
      assertThat(people.bridges.gateway.sessions()).isEqualTo(1);
      assertThat(people.texts(place)).containsExactly("answer to once", "answer to then");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aChangeThatWasUnderWayIsThereOnce(boolean isTaken) {
    try (ChatPeople people = new ChatPeople(PlayedPlatform.SLACK, data)) {
      String place = people.world.newPlace(true);
      people.say(place, "hold on");
      people.awaitText(place, "_Working …_");
      people.world.holdChange(isTaken);
      people.say(place, "faster");
      Await.until("the change", people.world::isHeld);
      people.bridges.restartAfter(Duration.ofMinutes(1));
      people.awaitText(place, "steered");
      assertThat(people.texts(place)).containsExactly("steered");
      assertThat(people.bridges.gateway.steered()).containsExactly("faster");
    }
  }
}
