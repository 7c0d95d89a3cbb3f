package dev.concert.bridges.conformance;

import static dev.concert.bridges.conformance.ChatPeople.ANNE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridge.BridgeMessages.ForgetTenant;
import dev.concert.testing.Await;
import dev.concert.testing.RequiresRoot;
import dev.concert.testing.SmallDisk;
import dev.concert.testing.log.ExpectedLog;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The disk of the bridges gets full. */
@RequiresRoot("mounts a small disk")
@ExpectedLog(
    logger = "dev.concert.error.DiskFailure",
    message = "The disk is full or fails: \\[SQLITE_FULL")
@ExpectedLog(
    logger = "dev.concert.foundation.outbox.OutboxDelivery",
    message = "Cannot read or write the outbox; trying again: The server's disk is full or fails",
    required = false)
class ChatFullDiskTest {
  /**
   * More than what is free in files that are there already. It is stored for its turn, and for the
   * engine of automations.
   */
  private static final String LARGE = "hold " + "x".repeat(3 << 20);

  @TempDir Path data;
  private SmallDisk disk;

  @BeforeEach
  void mount() {
    disk = SmallDisk.at(data, 24);
  }

  @AfterEach
  void unmount() {
    disk.close();
  }

  @Test
  void whatCannotBeStoredIsNotTakenAndWhatTheAgentSaysMeanwhileIsSaidOnce() {
    try (ChatPeople people = new ChatPeople(PlayedPlatform.TELEGRAM, data)) {
      String place = people.world.newPlace(true);
      people.say(place, "hold on");
      Await.until("a turn", () -> !people.bridges.gateway.texts().isEmpty());
      disk.fill();
      DeliverWebhook large = said(people, LARGE);
      assertThat(refusal(people, large)).isEqualTo("STORAGE_UNAVAILABLE");
      people.bridges.gateway.speak("said meanwhile");
      people.bridges.gateway.finish();

      disk.makeRoom();
      people.awaitText(place, "said meanwhile");
      assertThat(people.bridges.deliver(people.world.again(large))).isEqualTo(200);
      Await.until("a turn of it", () -> people.bridges.gateway.texts().contains(LARGE));
      assertThat(people.bridges.gateway.texts()).hasSize(2);
      assertThat(people.texts(place)).containsExactly("said meanwhile");
    }
  }

  @Test
  void whatWasTakenOfATransactionIsHandledAndTheRestOnceItComesAgain() {
    try (ChatPeople people = new ChatPeople(PlayedPlatform.MATRIX, data)) {
      DeliverWebhook both =
          MatrixWorld.together(said(people, "small"), said(people, LARGE), said(people, "last"));
      disk.fillExcept(1 << 20);
      assertThat(refusal(people, both)).isEqualTo("STORAGE_UNAVAILABLE");

      disk.makeRoom();
      Await.until("a turn", () -> people.bridges.gateway.texts().equals(List.of("small")));
      assertThat(people.bridges.deliver(both)).isEqualTo(200);
      Await.until("turns of the rest", () -> people.bridges.gateway.texts().size() == 3);
      assertThat(people.bridges.gateway.texts()).containsExactlyInAnyOrder("small", LARGE, "last");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PlayedPlatform.class,
      names = {"TELEGRAM", "GITHUB"})
  void aDeletedTenantIsNotForgottenByHalvesAndGoesOnceThereIsRoom(PlayedPlatform platform) {
    try (BridgesUnderTest bridges = new BridgesUnderTest(platform, data)) {
      String connection = bridges.connect("acme", 1);
      disk.fill();

      assertThat(bridges.refusal(bridges.world.addresses().forget(), new ForgetTenant("acme")))
          .isEqualTo("STORAGE_UNAVAILABLE");
      assertThat(bridges.bridges("acme")).hasSize(1);

      disk.makeRoom();
      bridges.forget("acme");
      assertThat(bridges.bridges("acme")).isEmpty();
      // The account is free for another tenant.
      assertThat(bridges.connect("other", 1)).isNotEqualTo(connection);
    }
  }

  private static DeliverWebhook said(ChatPeople people, String text) {
    String place = people.world.newPlace(true);
    return people.world.message(1, people.connection, place, ANNE, text, false);
  }

  private static String refusal(ChatPeople people, DeliverWebhook webhook) {
    return people.bridges.refusal(people.world.addresses().deliver(), webhook);
  }
}
