package dev.concert.bridges.conformance;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridges.BridgesOptions;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.testing.chat.FakeGoogleChat;
import dev.concert.testing.chat.GoogleChatEvents;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** Google Chat. A place is a space, or a thread of one. */
final class GoogleChatWorld implements ChatWorld {
  private static final String PULLED = "x-played-subscription";
  private static final String THREAD = "/threads/";

  private final FakeGoogleChat google = new FakeGoogleChat();
  private final boolean isPulled;

  /**
   * @param isPulled whether events come over Pub/Sub
   */
  GoogleChatWorld(boolean isPulled) {
    this.isPulled = isPulled;
  }

  @Override
  public BridgesOptions options(Path data) {
    JsonObject urls =
        new JsonObject()
            .put("apiUrl", google.url("").toString())
            .put("pubsubUrl", google.url("").toString())
            .put("tokenUrl", google.url("/token").toString())
            .put("chatKeysUrl", google.url("/jwk/chat").toString())
            .put("openIdKeysUrl", google.url("/oauth2/v3/certs").toString());
    JsonObject section = new JsonObject().put("googlechat", urls);
    return BridgesOptions.from(
        ConfigReader.of(new JsonObject().put("bridges", section), "bridges"), data, Map.of());
  }

  @Override
  public String platform() {
    return "googlechat";
  }

  @Override
  public Map<String, String> secrets(int account) {
    return isPulled
        ? Map.of(
            "serviceAccount",
            google.keyFile(account),
            "subscription",
            FakeGoogleChat.subscription(account))
        : Map.of(
            "serviceAccount",
            google.keyFile(account),
            "projectNumber",
            FakeGoogleChat.projectNumber(account));
  }

  @Override
  public int maxLength() {
    return 4096;
  }

  @Override
  public boolean hearsEverything() {
    return false;
  }

  @Override
  public String newPlace(boolean isDirect) {
    return (isDirect ? "spaces/D" : "spaces/S") + google.newId();
  }

  private static String space(String place) {
    return place.split(THREAD, 2)[0];
  }

  private String thread(String place) {
    return place.contains(THREAD) ? place : place + THREAD + google.newId();
  }

  @Override
  public DeliverWebhook message(
      int account, String connection, String place, String sender, String text, boolean mention) {
    return sent(
        account,
        connection,
        GoogleChatEvents.message(google.newId(), space(place), thread(place), sender, text));
  }

  private DeliverWebhook sent(int account, String connection, JsonObject event) {
    return isPulled
        ? webhook(connection, Map.of(PULLED, Integer.toString(account)), event)
        : signed(account, connection, event);
  }

  private DeliverWebhook signed(int account, String connection, JsonObject event) {
    String authorization = google.authorization(google.projectClaims(account));
    return webhook(connection, Map.of("authorization", authorization), event);
  }

  private static DeliverWebhook webhook(
      String connection, Map<String, String> headers, JsonObject event) {
    return new DeliverWebhook(
        "googlechat", connection, headers, event.encode().getBytes(StandardCharsets.UTF_8));
  }

  private static JsonObject json(DeliverWebhook message) {
    return new JsonObject(new String(message.body(), StandardCharsets.UTF_8));
  }

  @Override
  public DeliverWebhook signed(
      int account, String connection, String place, String sender, String text) {
    return signed(
        account,
        connection,
        GoogleChatEvents.message(google.newId(), space(place), thread(place), sender, text));
  }

  @Override
  public int deliver(DeliverWebhook webhook, ToIntFunction<DeliverWebhook> bridges) {
    if (!webhook.headers().containsKey(PULLED)) {
      return bridges.applyAsInt(webhook);
    }
    google.publish(Integer.parseInt(webhook.headers().get(PULLED)), json(webhook));
    return 200;
  }

  @Override
  public DeliverWebhook withFile(DeliverWebhook message, String name, String content) {
    String id = "A" + google.newId();
    google.files().sent(id, content);
    JsonObject event = json(message);
    event
        .getJsonObject("message")
        .put(
            "attachment",
            new JsonArray()
                .add(
                    new JsonObject()
                        .put("name", "spaces/S/messages/M/attachments/" + id)
                        .put("contentName", name)
                        .put("contentType", "text/plain")
                        .put("source", "UPLOADED_CONTENT")
                        .put("attachmentDataRef", new JsonObject().put("resourceName", id))));
    return webhook(message.connectionId(), message.headers(), event);
  }

  @Override
  public DeliverWebhook edited(DeliverWebhook message, String text) {
    throw new UnsupportedOperationException("Google Chat does not tell of messages that change");
  }

  @Override
  public Optional<DeliverWebhook> deleted(DeliverWebhook message) {
    return Optional.empty();
  }

  @Override
  public String threadOf(DeliverWebhook message) {
    return json(message).getJsonObject("message").getJsonObject("thread").getString("name");
  }

  @Override
  public DeliverWebhook press(
      int account, String connection, String place, String sender, String value, String id) {
    return sent(
        account,
        connection,
        GoogleChatEvents.pressed(id, space(place), thread(place), sender, value));
  }

  /** A token is for a request; what is in it is not signed. */
  @Override
  public DeliverWebhook forged(DeliverWebhook webhook) {
    Map<String, String> headers = new HashMap<>(webhook.headers());
    StringBuilder token = new StringBuilder(headers.get("authorization"));
    int signature = token.lastIndexOf(".") + 10;
    token.setCharAt(signature, token.charAt(signature) == 'A' ? 'B' : 'A');
    headers.put("authorization", token.toString());
    return new DeliverWebhook("googlechat", webhook.connectionId(), headers, webhook.body());
  }

  @Override
  public List<Seen> seen(String place) {
    return google.messages().stream()
        .filter(one -> one.space().equals(place) || one.thread().equals(place))
        .map(
            one ->
                new Seen(
                    place,
                    one.text(),
                    one.buttons(),
                    one.onlyFor() == null ? null : one.onlyFor().replaceFirst("^users/", "")))
        .toList();
  }

  @Override
  public void holdReply(boolean isTaken) {
    google.fail(isTaken ? FakeGoogleChat.Fault.HELD : FakeGoogleChat.Fault.HELD_BEFORE);
  }

  @Override
  public boolean isHeld() {
    return google.isHeld();
  }

  @Override
  public void fail(Fault fault) {
    google.fail(
        switch (fault) {
          case LIMITED -> FakeGoogleChat.Fault.RATE_LIMITED;
          case LIMITED_WITHOUT_TIME -> FakeGoogleChat.Fault.RATE_LIMITED_IN_FRONT;
          case FAILED -> FakeGoogleChat.Fault.SERVER_ERROR;
          case CUT_BEFORE -> FakeGoogleChat.Fault.CUT_BEFORE;
          case CUT_AFTER -> FakeGoogleChat.Fault.CUT_AFTER;
        });
  }

  @Override
  public void close() {
    google.close();
  }
}
