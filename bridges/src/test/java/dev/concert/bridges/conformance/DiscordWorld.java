package dev.concert.bridges.conformance;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridges.BridgesOptions;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.testing.Await;
import dev.concert.testing.chat.DiscordEventsPlayed;
import dev.concert.testing.chat.FakeDiscord;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** Discord: messages come over the gateway, commands and buttons over HTTP. */
final class DiscordWorld implements ChatWorld {
  private static final String GATEWAY = "x-played-gateway";

  private final FakeDiscord discord = new FakeDiscord();
  private InstantSource clock = InstantSource.system();

  @Override
  public BridgesOptions options(Path data) {
    JsonObject section =
        new JsonObject().put("discord", new JsonObject().put("apiUrl", discord.api().toString()));
    return BridgesOptions.from(
        ConfigReader.of(new JsonObject().put("bridges", section), "bridges"), data, Map.of());
  }

  @Override
  public String platform() {
    return "discord";
  }

  @Override
  public Map<String, String> secrets(int account) {
    return Map.of("botToken", FakeDiscord.token(account));
  }

  @Override
  public int maxLength() {
    return 2000;
  }

  /** A reply to a message is for all; one to a command is not. */
  @Override
  public boolean hasPrivateReplies() {
    return false;
  }

  @Override
  public String newPlace(boolean isDirect) {
    return (isDirect ? "1" : "2") + discord.newId();
  }

  private static String person(String name) {
    return "3" + Integer.toUnsignedString(name.hashCode());
  }

  @Override
  public DeliverWebhook message(
      int account, String connection, String place, String sender, String text, boolean mention) {
    String bot = FakeDiscord.bot(account).getString("id");
    JsonObject message =
        DiscordEventsPlayed.message(
            discord.newId(), place, person(sender), mention ? "<@" + bot + "> " + text : text);
    if (mention) {
      message.put("mentions", new JsonArray().add(FakeDiscord.bot(account)));
    }
    return new DeliverWebhook(
        "discord",
        connection,
        Map.of(GATEWAY, Integer.toString(account)),
        message.encode().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public int deliver(DeliverWebhook webhook, ToIntFunction<DeliverWebhook> bridges) {
    if (!webhook.headers().containsKey(GATEWAY)) {
      return bridges.applyAsInt(webhook);
    }
    int account = Integer.parseInt(webhook.headers().get(GATEWAY));
    Await.until("the bot is connected", () -> discord.isConnected(account));
    discord.dispatch(
        account,
        webhook.headers().getOrDefault("type", "MESSAGE_CREATE"),
        new JsonObject(new String(webhook.body(), StandardCharsets.UTF_8)));
    return 200;
  }

  @Override
  public DeliverWebhook signed(
      int account, String connection, String place, String sender, String text) {
    String token = "token-" + discord.newId();
    discord.expect(token, place, sender);
    return signed(
        connection,
        DiscordEventsPlayed.command(
            account, discord.newId(), token, place, person(sender), "status"));
  }

  private DeliverWebhook signed(String connection, JsonObject interaction) {
    String time = Long.toString(clock.instant().getEpochSecond());
    String body = interaction.encode();
    return new DeliverWebhook(
        "discord",
        connection,
        Map.of("x-signature-timestamp", time, "x-signature-ed25519", discord.sign(time, body)),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private static DeliverWebhook dispatched(DeliverWebhook message, String type, JsonObject data) {
    Map<String, String> headers = new HashMap<>(message.headers());
    headers.put("type", type);
    return new DeliverWebhook(
        "discord", message.connectionId(), headers, data.encode().getBytes(StandardCharsets.UTF_8));
  }

  private static JsonObject json(DeliverWebhook message) {
    return new JsonObject(new String(message.body(), StandardCharsets.UTF_8));
  }

  @Override
  public DeliverWebhook edited(DeliverWebhook message, String text) {
    return dispatched(
        message,
        "MESSAGE_UPDATE",
        json(message)
            .put("content", text)
            .put("edited_timestamp", "2026-01-01T00:00:01.000000+00:00"));
  }

  @Override
  public Optional<DeliverWebhook> deleted(DeliverWebhook message) {
    JsonObject before = json(message);
    return Optional.of(
        dispatched(
            message,
            "MESSAGE_DELETE",
            new JsonObject()
                .put("id", before.getString("id"))
                .put("channel_id", before.getString("channel_id"))));
  }

  @Override
  public Optional<String> threadOfPeople(String... texts) {
    return Optional.of(discord.threadOfPeople("bob", texts));
  }

  /** A thread has the id of its first message. */
  @Override
  public String threadOf(DeliverWebhook message) {
    return new JsonObject(new String(message.body(), StandardCharsets.UTF_8)).getString("id");
  }

  @Override
  public DeliverWebhook press(
      int account, String connection, String place, String sender, String value, String id) {
    String token = "token-" + discord.newId();
    discord.expect(token, place, sender);
    return signed(
        connection,
        DiscordEventsPlayed.button(account, discord.newId(), token, place, person(sender), value));
  }

  @Override
  public DeliverWebhook withFile(DeliverWebhook message, String name, String content) {
    JsonObject changed =
        json(message)
            .put("attachments", new JsonArray().add(discord.file(discord.newId(), name, content)));
    return dispatched(message, "MESSAGE_CREATE", changed);
  }

  @Override
  public List<String> files(String place) {
    return discord.files().received().stream()
        .filter(one -> one.channel().equals(place))
        .map(one -> one.name() + "=" + one.content())
        .toList();
  }

  @Override
  public void use(InstantSource newClock) {
    clock = newClock;
  }

  @Override
  public boolean signsTime() {
    return true;
  }

  @Override
  public boolean isTyped(String place) {
    return discord.isTyped(place);
  }

  @Override
  public void revoke(int account, boolean isRevoked) {
    discord.revoke(account, isRevoked);
  }

  @Override
  public void limitWithoutTime() {
    discord.fail(FakeDiscord.Fault.RATE_LIMITED_WITHOUT_TIME);
  }

  @Override
  public int sent() {
    return discord.sent();
  }

  @Override
  public DeliverWebhook forged(DeliverWebhook webhook) {
    byte[] body = webhook.body().clone();
    body[body.length / 2] ^= 1;
    return new DeliverWebhook(webhook.platform(), webhook.connectionId(), webhook.headers(), body);
  }

  @Override
  public List<Seen> seen(String place) {
    return discord.messages().stream()
        .filter(one -> one.channel().equals(place))
        .map(one -> new Seen(place, one.text(), one.buttons(), one.onlyFor()))
        .toList();
  }

  @Override
  public void holdReply(boolean isTaken) {
    discord.fail(isTaken ? FakeDiscord.Fault.HELD : FakeDiscord.Fault.HELD_BEFORE);
  }

  @Override
  public boolean isHeld() {
    return discord.isHeld();
  }

  @Override
  public void fail(Fault fault) {
    discord.fail(
        switch (fault) {
          case LIMITED -> FakeDiscord.Fault.RATE_LIMITED;
          case LIMITED_WITHOUT_TIME -> FakeDiscord.Fault.RATE_LIMITED_IN_FRONT;
          case FAILED -> FakeDiscord.Fault.SERVER_ERROR;
          case CUT_BEFORE -> FakeDiscord.Fault.CUT_BEFORE;
          case CUT_AFTER -> FakeDiscord.Fault.CUT_AFTER;
        });
  }

  @Override
  public void close() {
    discord.close();
  }
}
