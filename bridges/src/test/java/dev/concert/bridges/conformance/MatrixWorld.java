package dev.concert.bridges.conformance;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridges.BridgesOptions;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.testing.chat.FakeMatrix;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Matrix. A place is a room, or {@code room|event}: the thread that an event began. */
final class MatrixWorld implements ChatWorld {
  private static final String RELATES_TO = "m.relates_to";
  private static final String MESSAGE = "m.room.message";

  private final FakeMatrix matrix = new FakeMatrix();
  private final FaultyRelay relay =
      new FaultyRelay(
          matrix.api().getPort(), Pattern.compile("(?m)^PUT /\\S+/send/m\\.room\\.message/"));
  private final AtomicInteger transactions = new AtomicInteger();

  @Override
  public BridgesOptions options(Path data) {
    JsonObject homeservers =
        new JsonObject()
            .put("homeservers", new JsonArray().add("http://127.0.0.1:" + relay.port()));
    JsonObject section = new JsonObject().put("matrix", homeservers);
    return BridgesOptions.from(
        ConfigReader.of(new JsonObject().put("bridges", section), "bridges"), data, Map.of());
  }

  @Override
  public String platform() {
    return "matrix";
  }

  @Override
  public Map<String, String> secrets(int account) {
    return Map.of(
        "homeserver",
        "http://127.0.0.1:%d/".formatted(relay.port()),
        "asToken",
        FakeMatrix.asToken(account),
        "hsToken",
        FakeMatrix.hsToken(account));
  }

  @Override
  public int maxLength() {
    return 4800;
  }

  @Override
  public boolean hasPrivateReplies() {
    return false;
  }

  @Override
  public boolean keepsAddress() {
    return true;
  }

  @Override
  public String newPlace(boolean isDirect) {
    return matrix.newRoom(isDirect);
  }

  private static String room(String place) {
    return place.split("\\|")[0];
  }

  private static void relate(JsonObject content, String place) {
    if (place.contains("|")) {
      content.put(
          RELATES_TO,
          new JsonObject().put("rel_type", "m.thread").put("event_id", place.split("\\|")[1]));
    }
  }

  /** With the pill that clients make of a mention. */
  private static JsonObject said(int account, String place, String text, boolean mention) {
    JsonObject content =
        new JsonObject()
            .put("msgtype", "m.text")
            .put("body", mention ? FakeMatrix.bot(account) + ": " + text : text);
    if (mention) {
      JsonArray users = new JsonArray().add(FakeMatrix.bot(account));
      content.put("m.mentions", new JsonObject().put("user_ids", users));
    }
    relate(content, place);
    return content;
  }

  @Override
  public DeliverWebhook message(
      int account, String connection, String place, String sender, String text, boolean mention) {
    return happens(
        account,
        connection,
        matrix.say(
            room(place), FakeMatrix.user(sender), MESSAGE, said(account, place, text, mention)));
  }

  private DeliverWebhook happens(int account, String connection, JsonObject event) {
    return transaction(
        connection, Map.of("authorization", "Bearer " + FakeMatrix.hsToken(account)), event);
  }

  private DeliverWebhook transaction(
      String connection, Map<String, String> headers, JsonObject event) {
    JsonObject body = new JsonObject().put("events", new JsonArray().add(event));
    return new DeliverWebhook(
        "matrix",
        connection,
        "PUT",
        "/_matrix/app/v1/transactions/" + transactions.incrementAndGet(),
        headers,
        body.encode().getBytes(StandardCharsets.UTF_8));
  }

  /** The events of these as those of one transaction. */
  static DeliverWebhook together(DeliverWebhook... webhooks) {
    JsonArray events = new JsonArray();
    Stream.of(webhooks).map(MatrixWorld::event).forEach(events::add);
    DeliverWebhook first = webhooks[0];
    return new DeliverWebhook(
        first.platform(),
        first.connectionId(),
        first.method(),
        first.path(),
        first.headers(),
        new JsonObject().put("events", events).encode().getBytes(StandardCharsets.UTF_8));
  }

  private static JsonObject event(DeliverWebhook webhook) {
    return new JsonObject(new String(webhook.body(), StandardCharsets.UTF_8))
        .getJsonArray("events")
        .getJsonObject(0);
  }

  private DeliverWebhook after(DeliverWebhook before, String type, JsonObject content) {
    JsonObject event = event(before);
    return transaction(
        before.connectionId(),
        before.headers(),
        matrix.say(event.getString("room_id"), event.getString("sender"), type, content));
  }

  @Override
  public DeliverWebhook edited(DeliverWebhook message, String text) {
    JsonObject said = new JsonObject().put("msgtype", "m.text");
    return after(
        message,
        MESSAGE,
        said.copy()
            .put("body", "* " + text)
            .put("m.new_content", said.copy().put("body", text))
            .put(
                RELATES_TO,
                new JsonObject()
                    .put("rel_type", "m.replace")
                    .put("event_id", event(message).getString("event_id"))));
  }

  @Override
  public Optional<DeliverWebhook> deleted(DeliverWebhook message) {
    JsonObject gone = new JsonObject().put("redacts", event(message).getString("event_id"));
    return Optional.of(after(message, "m.room.redaction", gone));
  }

  @Override
  public Optional<String> threadOfPeople(String... texts) {
    String place = matrix.newRoom(false);
    for (String text : texts) {
      JsonObject said =
          matrix.say(room(place), FakeMatrix.user("bob"), MESSAGE, said(1, place, text, false));
      place = place.contains("|") ? place : place + "|" + said.getString("event_id");
    }
    return Optional.of(place);
  }

  @Override
  public String threadOf(DeliverWebhook message) {
    return event(message).getString("room_id") + "|" + event(message).getString("event_id");
  }

  /** A person reacts with one of the signs that the bot put there. */
  @Override
  public DeliverWebhook press(
      int account, String connection, String place, String sender, String value, String id) {
    String[] pressed = value.split(" ", 2);
    JsonObject relation =
        new JsonObject()
            .put("rel_type", "m.annotation")
            .put("event_id", pressed[0])
            .put("key", pressed[1]);
    return happens(
        account,
        connection,
        matrix.say(
            room(place),
            FakeMatrix.user(sender),
            "m.reaction",
            new JsonObject().put(RELATES_TO, relation)));
  }

  @Override
  public DeliverWebhook withFile(DeliverWebhook message, String name, String content) {
    JsonObject event = event(message);
    String text = event.getJsonObject("content").getString("body");
    event.put(
        "content",
        new JsonObject()
            .put("msgtype", "m.file")
            .put("body", text)
            .put("filename", name)
            .put("url", matrix.upload(content))
            .put(
                "info",
                new JsonObject().put("mimetype", "text/plain").put("size", content.length())));
    return transaction(message.connectionId(), message.headers(), event);
  }

  @Override
  public List<String> files(String place) {
    return matrix.events(room(place)).stream()
        .map(one -> one.getJsonObject("content"))
        .filter(one -> "m.file".equals(one.getString("msgtype")))
        .map(one -> one.getString("filename") + "=" + matrix.file(one.getString("url")))
        .toList();
  }

  @Override
  public boolean isTyped(String place) {
    return matrix.isTyped(room(place));
  }

  @Override
  public DeliverWebhook again(DeliverWebhook webhook) {
    return transaction(webhook.connectionId(), webhook.headers(), event(webhook));
  }

  @Override
  public void revoke(int account, boolean isRevoked) {
    matrix.suspend(account, isRevoked);
  }

  @Override
  public int sent() {
    return matrix.sent();
  }

  @Override
  public void limitWithoutTime() {
    matrix.fail(FakeMatrix.Fault.RATE_LIMITED_WITHOUT_TIME);
  }

  @Override
  public DeliverWebhook forged(DeliverWebhook webhook) {
    Map<String, String> headers = new HashMap<>(webhook.headers());
    headers.replaceAll((_, token) -> token.replace('k', 'c'));
    return new DeliverWebhook(
        webhook.platform(),
        webhook.connectionId(),
        webhook.method(),
        webhook.path(),
        Map.copyOf(headers),
        webhook.body());
  }

  @Override
  public List<Seen> seen(String place) {
    List<JsonObject> events = matrix.events(room(place));
    Map<String, JsonObject> changes = new HashMap<>();
    for (JsonObject event : events) {
      JsonObject content = event.getJsonObject("content");
      if (isOfBot(event) && content.containsKey("m.new_content")) {
        changes.put(
            content.getJsonObject(RELATES_TO).getString("event_id"),
            content.getJsonObject("m.new_content"));
      }
    }
    return events.stream()
        .filter(MatrixWorld::isOfBot)
        .filter(one -> isIn(one.getJsonObject("content"), place))
        .map(one -> seen(place, one, changes))
        .toList();
  }

  private static Seen seen(String place, JsonObject event, Map<String, JsonObject> changes) {
    String id = event.getString("event_id");
    JsonObject content = changes.getOrDefault(id, event.getJsonObject("content"));
    List<String> buttons =
        content.getJsonArray("dev.concert.signs", new JsonArray()).stream()
            .map(one -> id + " " + ((JsonObject) one).getString("sign"))
            .toList();
    return new Seen(place, content.getString("body"), buttons, "");
  }

  private static boolean isOfBot(JsonObject event) {
    return event.getString("sender").startsWith("@concert")
        && "m.text".equals(event.getJsonObject("content").getString("msgtype"));
  }

  /** A new message in a place. */
  private static boolean isIn(JsonObject content, String place) {
    JsonObject relation = content.getJsonObject(RELATES_TO, new JsonObject());
    return place.contains("|")
        ? place.endsWith("|" + relation.getString("event_id"))
            && "m.thread".equals(relation.getString("rel_type"))
        : relation.isEmpty();
  }

  @Override
  public void holdReply(boolean isTaken) {
    relay.hold(isTaken);
  }

  @Override
  public boolean isHeld() {
    return relay.isHeld();
  }

  @Override
  public void fail(Fault fault) {
    matrix.fail(
        switch (fault) {
          case LIMITED -> FakeMatrix.Fault.RATE_LIMITED;
          case LIMITED_WITHOUT_TIME -> FakeMatrix.Fault.RATE_LIMITED;
          case FAILED -> FakeMatrix.Fault.SERVER_ERROR;
          case CUT_BEFORE -> FakeMatrix.Fault.CUT_BEFORE;
          case CUT_AFTER -> FakeMatrix.Fault.CUT_AFTER;
        });
  }

  @Override
  public void close() {
    relay.close();
    matrix.close();
  }
}
