package dev.concert.bridges.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.automation.DeliveryMessages.Delivered;
import dev.concert.automation.DeliveryMessages.NotifyMember;
import dev.concert.bus.DeliveryAddresses;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a member is told in their direct chat. */
class MemberNoticeTest {
  @TempDir Path data;

  private static Delivered tell(ChatPeople people, String tenant, String user, String key) {
    return people.bridges.ask(
        DeliveryAddresses.NOTIFY_MEMBER,
        new NotifyMember(tenant, user, key, "Failed: nightly\n\n" + "word ".repeat(10_000)));
  }

  @Test
  void aNoticeIsOneMessageInTheLastDirectChatOfThatMemberAlsoAfterARestart() {
    try (ChatPeople people = new ChatPeople(PlayedPlatform.SLACK, data)) {
      String place = people.world.newPlace(true);
      people.say(place, "hello");
      people.awaitText(place, "answer to hello");
      people.world.fail(ChatWorld.Fault.LIMITED);
      assertThat(tell(people, "acme", "anne", "item_1")).isEqualTo(Delivered.sent());
      people.bridges.restart();
      assertThat(tell(people, "acme", "anne", "item_1")).isEqualTo(Delivered.sent());
      assertThat(tell(people, "acme", "ben", "item_2").outcome()).isEqualTo("refused");
      assertThat(tell(people, "zeta", "anne", "item_3").outcome()).isEqualTo("refused");

      people.say(place, "then");
      people.awaitText(place, "answer to then");
      assertThat(people.texts(place)).hasSize(3);
      assertThat(people.texts(place).get(1)).startsWith("Failed: nightly").endsWith(" …");
      assertThat(people.texts(place).get(1).length()).isLessThanOrEqualTo(people.world.maxLength());
    }
  }

  @Test
  void wherePlacesChangeTheirOwnersNobodyIsTold() {
    try (ChatPeople people = new ChatPeople(PlayedPlatform.LINEAR, data)) {
      Delivered delivered = tell(people, "acme", "anne", "item_1");
      assertThat(delivered.outcome()).isEqualTo("refused");
      assertThat(delivered.reason()).contains("pair, and write to it there");
    }
  }
}
