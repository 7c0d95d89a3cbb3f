package dev.concert.bridges.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.automation.EventMessages.ChatEvent;
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.testing.Await;
import dev.concert.testing.log.ExpectedLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Automations hear what members write, and nothing else. */
class ChatNewsTest {
  @TempDir Path data;

  @ParameterizedTest
  @EnumSource(names = "SLACK")
  void automationsHearMembersAndNoStrangersAndNoCodes(PlayedPlatform platform) {
    try (ChatPeople people = new ChatPeople(platform, data)) {
      ChatWorld world = people.world;
      String channel = world.newPlace(false);
      people.bridges.deliver(
          world.message(1, people.connection, channel, "U0EVE", "deploy, says Eve", false));
      DeliverWebhook message =
          world.message(1, people.connection, channel, ChatPeople.ANNE, "deploy now", false);
      people.bridges.deliver(message);
      Await.until("the message", () -> people.bridges.gateway.heard().size() == 1);
      people.bridges.deliver(world.again(message));
      String place = world.newPlace(true);
      people.say(place, "and now?");
      people.awaitText(place, "answer to and now?");

      Await.until("the other message", () -> people.bridges.gateway.heard().size() == 2);
      ChatEvent heard = people.bridges.gateway.heard().getFirst();
      assertThat(heard.text()).isEqualTo("deploy now");
      assertThat(heard.userId()).isEqualTo("anne");
      assertThat(heard.tenantId()).isEqualTo("acme");
      assertThat(heard.connectionId()).isEqualTo(people.connection);
      assertThat(heard.platform()).isEqualTo(world.platform());
      assertThat(heard.isDirect()).isFalse();
      assertThat(people.bridges.gateway.heard().get(1).isDirect()).isTrue();
    }
  }

  private static List<String> heard(ChatPeople people) {
    return people.bridges.gateway.heard().stream().map(ChatEvent::text).toList();
  }

  private static void awaitHeard(ChatPeople people, String... texts) {
    Await.until("the engine heard " + List.of(texts), () -> heard(people).size() >= texts.length);
    assertThat(heard(people)).containsExactly(texts);
  }

  @ParameterizedTest
  @EnumSource(names = "SLACK")
  void whatWasSaidWhileTheEngineWasAwayIsHeardByItAfterARestartAndDoneOnce(
      PlayedPlatform platform) {
    try (ChatPeople people = new ChatPeople(platform, data)) {
      String place = people.world.newPlace(true);
      people.bridges.gateway.setEngineAway(true);
      people.say(place, "hold on");
      people.awaitText(place, "_Working …_");
      people.say(place, "faster");
      people.awaitText(place, "steered");

      people.bridges.restartAfter(Duration.ofMinutes(1));
      people.say(place, "then");
      people.awaitText(place, "answer to then");
      people.bridges.gateway.setEngineAway(false);

      awaitHeard(people, "hold on", "faster", "then");
      assertThat(people.bridges.gateway.texts()).containsExactly("hold on", "then");
      assertThat(people.bridges.gateway.steered()).containsExactly("faster");
      assertThat(people.texts(place)).containsExactly("steered", "answer to then");
    }
  }

  @ParameterizedTest
  @EnumSource(names = "SLACK")
  void anEngineThatComesBackHearsAConversationInItsOrder(PlayedPlatform platform) {
    try (ChatPeople people = new ChatPeople(platform, data)) {
      String place = people.world.newPlace(true);
      people.bridges.gateway.setEngineAway(true);
      people.say(place, "one");
      people.awaitText(place, "answer to one");
      people.bridges.gateway.setEngineAway(false);
      people.say(place, "two");

      awaitHeard(people, "one", "two");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aHandOverThatARestartCutIsMadeAgainWithTheSameId(boolean isTaken) {
    try (ChatPeople people = new ChatPeople(PlayedPlatform.SLACK, data)) {
      String place = people.world.newPlace(true);
      people.bridges.gateway.hold("hear", isTaken);
      people.say(place, "one");
      people.awaitText(place, "answer to one");
      Await.until("the hand-over", people.bridges.gateway::isHeld);

      people.bridges.restart();
      people.say(place, "two");
      people.awaitText(place, "answer to two");
      Await.until("the next one", () -> heard(people).contains("two"));
      assertThat(people.bridges.gateway.heard().stream().distinct().map(ChatEvent::text).toList())
          .containsExactly("one", "two");
      assertThat(heard(people)).hasSize(isTaken ? 3 : 2);
      assertThat(people.bridges.gateway.texts()).containsExactly("one", "two");
    }
  }

  @ExpectedLog(
      logger = "dev.concert.foundation.outbox.OutboxDelivery",
      message = "A message to automations:chats is given up")
  @Test
  void whatTheEngineRefusesIsGivenUpAndTheNextIsHeard() {
    try (ChatPeople people = new ChatPeople(PlayedPlatform.SLACK, data)) {
      String place = people.world.newPlace(true);
      people.bridges.gateway.refuseToHear("one");
      people.say(place, "one");
      people.awaitText(place, "answer to one");
      people.say(place, "two");

      awaitHeard(people, "two");
    }
  }
}
