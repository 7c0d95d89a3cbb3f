package dev.concert.bridges.conformance;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridges.BridgesOptions;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.testing.chat.FakeTelegram;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;

/** Telegram. A place is a chat; a thread in a group is what replies to our messages. */
final class TelegramWorld implements ChatWorld {
  private static final String SECRET = "a-secret-of-the-webhook";
  private static final String FETCHED = "x-played-fetched";
  private static final String REPLY = "#reply";

  private final FakeTelegram telegram = new FakeTelegram();
  private final AtomicInteger numbers = new AtomicInteger(100);
  private final boolean isFetched;

  /**
   * @param isFetched whether updates are fetched
   */
  TelegramWorld(boolean isFetched) {
    this.isFetched = isFetched;
  }

  FakeTelegram telegram() {
    return telegram;
  }

  @Override
  public BridgesOptions options(Path data) {
    JsonObject section =
        new JsonObject().put("telegram", new JsonObject().put("apiUrl", telegram.api().toString()));
    return BridgesOptions.from(
        ConfigReader.of(new JsonObject().put("bridges", section), "bridges"), data, Map.of());
  }

  @Override
  public String platform() {
    return "telegram";
  }

  @Override
  public Map<String, String> secrets(int account) {
    return isFetched
        ? Map.of("botToken", FakeTelegram.token(account))
        : Map.of("botToken", FakeTelegram.token(account), "webhookSecret", SECRET);
  }

  @Override
  public int maxLength() {
    return 4096;
  }

  @Override
  public boolean hasPrivateReplies() {
    return false;
  }

  @Override
  public boolean canLookUp() {
    return false;
  }

  @Override
  public String newPlace(boolean isDirect) {
    return (isDirect ? "" : "-") + numbers.incrementAndGet();
  }

  private static JsonObject chat(String place) {
    return new JsonObject()
        .put("id", Long.parseLong(place.replace(REPLY, "")))
        .put("type", place.startsWith("-") ? "supergroup" : "private");
  }

  private static JsonObject person(String sender) {
    return new JsonObject().put("id", sender.hashCode()).put("is_bot", false);
  }

  @Override
  public DeliverWebhook message(
      int account, String connection, String place, String sender, String text, boolean mention) {
    JsonObject message =
        new JsonObject()
            .put("message_id", numbers.incrementAndGet())
            .put("from", person(sender))
            .put("chat", chat(place))
            .put("text", mention ? "@" + FakeTelegram.name(account) + " " + text : text);
    if (place.endsWith(REPLY)) {
      message.put(
          "reply_to_message",
          new JsonObject()
              .put("from", new JsonObject().put("id", 1000 + account).put("is_bot", true)));
    }
    return update(account, connection, new JsonObject().put("message", message));
  }

  @Override
  public DeliverWebhook edited(DeliverWebhook message, String text) {
    JsonObject update = new JsonObject(new String(message.body(), StandardCharsets.UTF_8));
    JsonObject changed =
        new JsonObject()
            .put("update_id", numbers.incrementAndGet())
            .put("edited_message", update.getJsonObject("message").put("text", text));
    return new DeliverWebhook(
        "telegram",
        message.connectionId(),
        message.headers(),
        changed.encode().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Optional<DeliverWebhook> deleted(DeliverWebhook message) {
    return Optional.empty();
  }

  @Override
  public String threadOf(DeliverWebhook message) {
    JsonObject update = new JsonObject(new String(message.body(), StandardCharsets.UTF_8));
    return update.getJsonObject("message").getJsonObject("chat").getLong("id") + REPLY;
  }

  @Override
  public DeliverWebhook press(
      int account, String connection, String place, String sender, String value, String id) {
    return update(
        account,
        connection,
        new JsonObject()
            .put(
                "callback_query",
                new JsonObject()
                    .put("id", id)
                    .put("from", person(sender))
                    .put("message", new JsonObject().put("chat", chat(place)))
                    .put("data", value)));
  }

  private DeliverWebhook update(int account, String connection, JsonObject update) {
    update.put("update_id", numbers.incrementAndGet());
    return new DeliverWebhook(
        "telegram",
        connection,
        isFetched
            ? Map.of(FETCHED, Integer.toString(account))
            : Map.of("x-telegram-bot-api-secret-token", SECRET),
        update.encode().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public DeliverWebhook signed(
      int account, String connection, String place, String sender, String text) {
    DeliverWebhook message = message(account, connection, place, sender, text, false);
    return new DeliverWebhook(
        "telegram", connection, Map.of("x-telegram-bot-api-secret-token", SECRET), message.body());
  }

  @Override
  public int deliver(DeliverWebhook webhook, ToIntFunction<DeliverWebhook> bridges) {
    if (!webhook.headers().containsKey(FETCHED)) {
      return bridges.applyAsInt(webhook);
    }
    telegram.update(
        Integer.parseInt(webhook.headers().get(FETCHED)),
        new JsonObject(new String(webhook.body(), StandardCharsets.UTF_8)));
    return 200;
  }

  @Override
  public DeliverWebhook withFile(DeliverWebhook message, String name, String content) {
    String id = "file" + numbers.incrementAndGet();
    telegram.files().sent(id, content);
    JsonObject update = new JsonObject(new String(message.body(), StandardCharsets.UTF_8));
    JsonObject said = update.getJsonObject("message");
    said.put("caption", said.remove("text"))
        .put(
            "document",
            new JsonObject()
                .put("file_id", id)
                .put("file_name", name)
                .put("mime_type", "text/plain")
                .put("file_size", content.length()));
    return new DeliverWebhook(
        "telegram",
        message.connectionId(),
        message.headers(),
        update.encode().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public List<String> files(String place) {
    return telegram.files().received().stream()
        .filter(one -> one.channel().equals(place.replace(REPLY, "")))
        .map(one -> one.name() + "=" + one.content())
        .toList();
  }

  @Override
  public boolean isTyped(String place) {
    return telegram.isTyped(place.replace(REPLY, ""));
  }

  @Override
  public boolean isStreaming(String place) {
    return telegram.isDrafted(place);
  }

  @Override
  public void endStreams() {
    telegram.forgetDrafts();
  }

  @Override
  public void refuseStreams(String place) {
    telegram.refuseDrafts();
  }

  @Override
  public void revoke(int account, boolean isRevoked) {
    telegram.revoke(account, isRevoked);
  }

  @Override
  public void limitWithoutTime() {
    telegram.fail(FakeTelegram.Fault.RATE_LIMITED_WITHOUT_TIME);
  }

  @Override
  public int sent() {
    return telegram.sent();
  }

  @Override
  public DeliverWebhook forged(DeliverWebhook webhook) {
    Map<String, String> headers = new HashMap<>(webhook.headers());
    headers.replaceAll((_, secret) -> secret.replace('a', 'b'));
    return new DeliverWebhook(
        webhook.platform(), webhook.connectionId(), Map.copyOf(headers), webhook.body());
  }

  @Override
  public List<Seen> seen(String place) {
    return telegram.messages().stream()
        .filter(one -> one.chat().equals(place.replace(REPLY, "")))
        .map(one -> new Seen(place, one.text(), one.buttons(), ""))
        .toList();
  }

  @Override
  public void holdReply(boolean isTaken) {
    telegram.fail(isTaken ? FakeTelegram.Fault.HELD : FakeTelegram.Fault.HELD_BEFORE);
  }

  @Override
  public boolean isHeld() {
    return telegram.isHeld();
  }

  @Override
  public void fail(Fault fault) {
    telegram.fail(
        switch (fault) {
          case LIMITED, LIMITED_WITHOUT_TIME -> FakeTelegram.Fault.RATE_LIMITED;
          case FAILED -> FakeTelegram.Fault.SERVER_ERROR;
          case CUT_BEFORE -> FakeTelegram.Fault.CUT_BEFORE;
          case CUT_AFTER -> FakeTelegram.Fault.CUT_AFTER;
        });
  }

  @Override
  public void close() {
    telegram.close();
  }
}
