package dev.concert.bridges.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridges.conformance.ChatWorld.Seen;
import dev.concert.testing.Await;
import java.nio.file.Path;
import java.util.List;

/** Anne, a member of one tenant, in a chat that has one connection. */
final class ChatPeople implements AutoCloseable {
  static final String ANNE = "U0ANNE";

  final BridgesUnderTest bridges;
  final ChatWorld world;
  final String connection;

  ChatPeople(PlayedPlatform platform, Path data) {
    bridges = new BridgesUnderTest(platform, data);
    world = bridges.world;
    connection = bridges.connect("acme", 1);
    if (world.pairs()) {
      pair("acme", "anne", ANNE);
    }
  }

  /** A member says in a direct chat of this connection who they are. */
  void pair(String tenant, String user, String sender) {
    String place = world.newPlace(true);
    String code = bridges.pairingCode(tenant, user);
    bridges.deliver(world.message(1, connection, place, sender, "pair " + code, false));
    awaitText(place, "I know you now. Write to me what you want done.");
  }

  /** Anne writes something; the bridges take it. */
  DeliverWebhook say(String place, String text) {
    DeliverWebhook message = world.message(1, connection, place, ANNE, text, false);
    assertThat(bridges.deliver(message)).isEqualTo(200);
    return message;
  }

  List<String> texts(String place) {
    return world.seen(place).stream().map(Seen::text).toList();
  }

  void awaitText(String place, String text) {
    Await.until("'" + text + "' in " + place, () -> texts(place).contains(text));
  }

  void awaitBeginning(String place, String text) {
    Await.until(
        "'" + text + "…' in " + place,
        () -> texts(place).stream().anyMatch(one -> one.startsWith(text)));
  }

  /** The buttons of a place, as soon as there are some. */
  List<String> awaitButtons(String place) {
    Await.until("buttons", () -> !buttons(place).isEmpty());
    return buttons(place);
  }

  private List<String> buttons(String place) {
    return world.seen(place).stream().flatMap(one -> one.buttons().stream()).toList();
  }

  @Override
  public void close() {
    bridges.close();
  }
}
