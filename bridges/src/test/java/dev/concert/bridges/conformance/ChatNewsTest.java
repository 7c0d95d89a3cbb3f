package dev.concert.bridges.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.automation.EventMessages.ChatEvent;
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.testing.Await;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

  @ParameterizedTest
  @EnumSource(names = "SLACK")
  void anEngineThatIsAwayHoldsUpNobodyAndHearsLater(PlayedPlatform platform) {
    try (ChatPeople people = new ChatPeople(platform, data)) {
      String place = people.world.newPlace(true);
      people.bridges.gateway.setEngineAway(true);
      people.say(place, "one");
      people.awaitText(place, "answer to one");
      people.say(place, "two");
      people.awaitText(place, "answer to two");

      // The events are not finished: the next process offers them again, and runs no turn twice.
      people.bridges.restart();
      people.bridges.gateway.setEngineAway(false);
      Await.until(
          "both",
          () ->
              people.bridges.gateway.heard().stream()
                  .map(ChatEvent::text)
                  .distinct()
                  .sorted()
                  .toList()
                  .equals(java.util.List.of("one", "two")));
      assertThat(people.bridges.gateway.texts()).containsExactly("one", "two");
      assertThat(people.texts(place)).containsExactly("answer to one", "answer to two");
    }
  }
}
