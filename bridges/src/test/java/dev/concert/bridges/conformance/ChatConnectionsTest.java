package dev.concert.bridges.conformance;

import static dev.concert.bridges.conformance.ChatPeople.ANNE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridge.BridgeMessages.RemoveBridge;
import dev.concert.testing.Await;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which tenant owns a platform account, and what remains after it is disconnected. */
@Execution(ExecutionMode.CONCURRENT)
class ChatConnectionsTest {
  @TempDir Path data;
  private ChatPeople people;
  private BridgesUnderTest bridges;
  private ChatWorld world;

  private void open(PlayedPlatform platform) {
    assumeTrue(platform.isInstalled(), () -> "The server of " + platform + " is not installed");
    people = new ChatPeople(platform, data);
    bridges = people.bridges;
    world = people.world;
  }

  @AfterEach
  void close() {
    if (people != null) {
      people.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void theListSaysHowABridgeIs(PlayedPlatform platform) {
    open(platform);
    Await.until("it is connected", () -> bridges.bridges("acme").getFirst().isConnected());
    assertThat(bridges.bridges("acme").getFirst().health())
        .matches("Connected to .+\\.|Events come as webhooks\\.");
  }

  @ParameterizedTest
  @EnumSource
  void anAccountBelongsToOneTenantAndIsNothingToAnother(PlayedPlatform platform) {
    open(platform);
    assertThat(bridges.refusal(world.addresses().add(), bridges.add("zeta", 1)))
        .isEqualTo("BRIDGE_EXISTS");
    assertThat(
            bridges.refusal(
                world.addresses().remove(), new RemoveBridge("zeta", people.connection)))
        .isEqualTo("BRIDGE_NOT_FOUND");
    assertThat(bridges.bridges("acme")).hasSize(1);
    assertThat(bridges.bridges("zeta")).isEmpty();
  }

  static Set<PlayedPlatform> pairing() {
    return CapabilityTable.platforms("who somebody is", "a code");
  }

  @ParameterizedTest
  @MethodSource("pairing")
  void whomOneTenantKnowsIsAStrangerToAnother(PlayedPlatform platform) {
    open(platform);
    String other = bridges.connect("zeta", 2);
    assertThat(bridges.bridges("acme")).hasSize(1);
    String place = world.newPlace(true);
    bridges.deliver(world.message(2, other, place, ANNE, "I am Anne elsewhere", false));
    people.awaitBeginning(place, "I do not know who you are");
    String code = bridges.pairingCode("acme", "anne");
    bridges.deliver(world.message(2, other, place, ANNE, "pair " + code, false));
    people.awaitBeginning(place, "This code is not valid");
    assertThat(bridges.gateway.texts()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aBridgeThatIsRemovedHearsNothing(PlayedPlatform platform) {
    open(platform);
    bridges.remove("acme", people.connection);
    DeliverWebhook late = world.signed(1, people.connection, world.newPlace(true), ANNE, "hello");
    assertThat(bridges.deliver(late)).isEqualTo(404);
    assertThat(bridges.bridges("acme")).isEmpty();
    bridges.restart();
    assertThat(bridges.deliver(late)).isEqualTo(404);
    assertThat(bridges.connect("zeta", 1).equals(people.connection))
        .isEqualTo(world.keepsAddress());
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsLeftOfATenantThatIsDeleted(PlayedPlatform platform) {
    open(platform);
    bridges.forget("acme");
    assertThat(bridges.bridges("acme")).isEmpty();
    DeliverWebhook late = world.signed(1, people.connection, world.newPlace(true), ANNE, "hello");
    assertThat(bridges.deliver(late)).isEqualTo(404);
    assertThat(bridges.connect("zeta", 1).equals(people.connection))
        .isEqualTo(world.keepsAddress());
  }
}
