package dev.concert.bridges.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The bridges end while a call is under way, and begin again; the platform sends the event once
 * more. The steps inside the database are those of {@code DurableInboxTest} and {@code
 * OutboxDeliveryTest}.
 */
@Execution(ExecutionMode.CONCURRENT)
class ChatKillPointsTest {
  private static final String SENT_AGAIN = "\n\n_(sent again)_";

  @TempDir Path data;

  /** Where they end. */
  enum Point {
    BEFORE_THE_SESSION(people -> people.bridges.gateway.hold("create_session", false)),
    AFTER_THE_SESSION(people -> people.bridges.gateway.hold("create_session", true)),
    BEFORE_THE_TURN(people -> people.bridges.gateway.hold("run_turn", false)),
    AFTER_THE_TURN(people -> people.bridges.gateway.hold("run_turn", true)),
    WHILE_IT_IS_FOLLOWED(people -> people.bridges.gateway.hold("events", false)),
    BEFORE_THE_MESSAGE(people -> people.world.holdReply(false)),
    AFTER_THE_MESSAGE(people -> people.world.holdReply(true));

    private final Consumer<ChatPeople> hold;

    Point(Consumer<ChatPeople> hold) {
      this.hold = hold;
    }
  }

  /** All platforms in the campaign; one that looks messages up, and one that cannot, each time. */
  static Stream<Arguments> points() {
    Set<PlayedPlatform> platforms =
        Boolean.getBoolean("concert.chat.kills")
            ? PlayedPlatform.ofEachPlatform()
            : EnumSet.of(PlayedPlatform.SLACK, PlayedPlatform.TELEGRAM);
    return platforms.stream()
        .filter(PlayedPlatform::isInstalled)
        .flatMap(one -> Stream.of(Point.values()).map(point -> Arguments.of(one, point)));
  }

  @ParameterizedTest
  @MethodSource("points")
  void noTurnIsRunTwiceAndNoAnswerIsLostOrDoubled(PlayedPlatform platform, Point point) {
    try (ChatPeople people = new ChatPeople(platform, data)) {
      ChatWorld world = people.world;
      String place = world.newPlace(true);
      point.hold.accept(people);
      DeliverWebhook message = people.say(place, "once");
      Await.until("the end at " + point, () -> people.bridges.gateway.isHeld() || world.isHeld());
      people.bridges.restartAfter(Duration.ofMinutes(1));
      if (world.repeats()) {
        assertThat(people.bridges.deliver(world.again(message))).isEqualTo(200);
      }
      // Where nobody can say whether it is there, it is sent again, and says so.
      boolean isUnknown = !world.canLookUp() && world.isHeld();
      List<String> answer = world.pieces("answer to once" + (isUnknown ? SENT_AGAIN : ""));
      people.awaitText(place, answer.getLast());
      people.say(place, "then");
      people.awaitText(place, "answer to then");
      assertThat(people.bridges.gateway.texts()).containsExactly("once", "then");
      assertThat(people.bridges.gateway.sessions()).isEqualTo(1);
      // What a stream said that was being begun goes away in Teams.
      List<String> texts =
          people.texts(place).stream().filter(one -> !one.equals("_Working …_")).toList();
      int copies = isUnknown && point == Point.AFTER_THE_MESSAGE ? 2 : 1;
      assertThat(texts).endsWith("answer to then");
      if (world.keepsAnswers()) {
        List<String> end = Stream.concat(answer.stream(), Stream.of("answer to then")).toList();
        assertThat(texts)
            .endsWith(end.toArray(new String[0]))
            .hasSizeBetween(end.size(), end.size() + copies - 1);
      }
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
