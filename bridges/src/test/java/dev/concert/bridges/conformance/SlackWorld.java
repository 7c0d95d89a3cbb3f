package dev.concert.bridges.conformance;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridges.BridgesOptions;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.testing.Await;
import dev.concert.testing.chat.FakeSlack;
import dev.concert.testing.chat.SlackWebhooks;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;

/** Slack. A place is a channel, or a channel and the time of its thread. */
final class SlackWorld implements ChatWorld {
  private static final String SOCKET = "x-played-socket";

  private final FakeSlack slack = new FakeSlack();
  private final AtomicInteger places = new AtomicInteger();
  private final boolean isSocket;
  private InstantSource clock = InstantSource.system();

  /**
   * @param isSocket whether events come over a socket
   */
  SlackWorld(boolean isSocket) {
    this.isSocket = isSocket;
  }

  @Override
  public BridgesOptions options(Path data) {
    JsonObject section =
        new JsonObject().put("slack", new JsonObject().put("apiUrl", slack.api().toString()));
    return BridgesOptions.from(
        ConfigReader.of(new JsonObject().put("bridges", section), "bridges"), data, Map.of());
  }

  @Override
  public String platform() {
    return "slack";
  }

  @Override
  public Map<String, String> secrets(int account) {
    return isSocket
        ? Map.of("botToken", FakeSlack.token(account), "appToken", FakeSlack.appToken(account))
        : Map.of("botToken", FakeSlack.token(account), "signingSecret", FakeSlack.SIGNING_SECRET);
  }

  @Override
  public int maxLength() {
    return 4000;
  }

  @Override
  public String newPlace(boolean isDirect) {
    return (isDirect ? "D0" : "C0") + places.incrementAndGet();
  }

  @Override
  public DeliverWebhook message(
      int account, String connection, String place, String sender, String text, boolean mention) {
    String[] parts = place.split(":", 2);
    JsonObject event =
        SlackWebhooks.message(
            parts[0],
            slack.newTime(),
            parts.length == 2 ? parts[1] : "",
            sender,
            mention ? "<@" + FakeSlack.BOT + "> " + text : text);
    JsonObject payload =
        SlackWebhooks.envelope("Ev", event).put("team_id", FakeSlack.team(account));
    return isSocket
        ? overSocket(account, connection, "events_api", payload)
        : signed(connection, "application/json", payload.encode());
  }

  /** The same event of Slack with another subtype. */
  private DeliverWebhook changed(DeliverWebhook message, JsonObject change) {
    JsonObject payload = new JsonObject(new String(message.body(), StandardCharsets.UTF_8));
    JsonObject before = payload.getJsonObject("event");
    change
        .put("type", "message")
        .put("channel", before.getString("channel"))
        .put("previous_message", before);
    payload.put("event", change);
    return isSocket
        ? new DeliverWebhook(
            "slack",
            message.connectionId(),
            message.headers(),
            payload.encode().getBytes(StandardCharsets.UTF_8))
        : signed(message.connectionId(), "application/json", payload.encode());
  }

  @Override
  public DeliverWebhook edited(DeliverWebhook message, String text) {
    JsonObject now = new JsonObject().put("text", text);
    return changed(
        message,
        new JsonObject()
            .put("subtype", "message_changed")
            .put("message", now.put("edited", new JsonObject().put("ts", slack.newTime()))));
  }

  @Override
  public Optional<DeliverWebhook> deleted(DeliverWebhook message) {
    return Optional.of(changed(message, new JsonObject().put("subtype", "message_deleted")));
  }

  @Override
  public Optional<String> threadOfPeople(String... texts) {
    String channel = newPlace(false);
    String thread = slack.newTime();
    for (String text : texts) {
      slack.written(channel, thread, "bob", text);
    }
    return Optional.of(channel + ":" + thread);
  }

  @Override
  public String threadOf(DeliverWebhook message) {
    JsonObject event =
        new JsonObject(new String(message.body(), StandardCharsets.UTF_8)).getJsonObject("event");
    return event.getString("channel") + ":" + event.getString("thread_ts", event.getString("ts"));
  }

  @Override
  public DeliverWebhook press(
      int account, String connection, String place, String sender, String value, String id) {
    String[] parts = place.split(":", 2);
    JsonObject payload =
        new JsonObject()
            .put("type", "block_actions")
            .put("team", new JsonObject().put("id", FakeSlack.team(account)))
            .put("user", new JsonObject().put("id", sender))
            .put("channel", new JsonObject().put("id", parts[0]))
            .put("message", new JsonObject().put("thread_ts", parts.length == 2 ? parts[1] : null))
            .put(
                "actions",
                new JsonArray().add(new JsonObject().put("value", value).put("action_ts", id)));
    return isSocket
        ? overSocket(account, connection, "interactive", payload)
        : signed(
            connection,
            "application/x-www-form-urlencoded",
            "payload=" + URLEncoder.encode(payload.encode(), StandardCharsets.UTF_8));
  }

  private static DeliverWebhook overSocket(
      int account, String connection, String type, JsonObject payload) {
    return new DeliverWebhook(
        "slack",
        connection,
        Map.of(SOCKET, Integer.toString(account), "type", type),
        payload.encode().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public DeliverWebhook signed(
      int account, String connection, String place, String sender, String text) {
    DeliverWebhook message = message(account, connection, place, sender, text, false);
    return signed(
        connection, "application/json", new String(message.body(), StandardCharsets.UTF_8));
  }

  @Override
  public int deliver(DeliverWebhook webhook, ToIntFunction<DeliverWebhook> bridges) {
    if (!webhook.headers().containsKey(SOCKET)) {
      return bridges.applyAsInt(webhook);
    }
    int account = Integer.parseInt(webhook.headers().get(SOCKET));
    Await.until("a socket", () -> slack.isConnected(account));
    slack.send(
        account,
        webhook.headers().get("type"),
        new JsonObject(new String(webhook.body(), StandardCharsets.UTF_8)));
    return 200;
  }

  private DeliverWebhook signed(String connection, String type, String body) {
    String time = Long.toString(clock.instant().getEpochSecond());
    return new DeliverWebhook(
        "slack",
        connection,
        Map.of(
            "content-type", type,
            "x-slack-request-timestamp", time,
            "x-slack-signature", SlackWebhooks.sign(time, body)),
        body.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public DeliverWebhook withFile(DeliverWebhook message, String name, String content) {
    JsonObject payload = new JsonObject(new String(message.body(), StandardCharsets.UTF_8));
    payload
        .getJsonObject("event")
        .put("subtype", "file_share")
        .put(
            "files",
            new JsonArray().add(slack.file("F" + places.incrementAndGet(), name, content)));
    return isSocket
        ? overSocket(1, message.connectionId(), "events_api", payload)
        : signed(message.connectionId(), "application/json", payload.encode());
  }

  @Override
  public List<String> files(String place) {
    return slack.files().received().stream()
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
    return !isSocket;
  }

  @Override
  public DeliverWebhook again(DeliverWebhook webhook) {
    return webhook.headers().containsKey(SOCKET)
        ? webhook
        : signed(
            webhook.connectionId(),
            webhook.headers().get("content-type"),
            new String(webhook.body(), StandardCharsets.UTF_8));
  }

  @Override
  public void revoke(int account, boolean isRevoked) {
    slack.revoke(account, isRevoked);
  }

  @Override
  public void limitWithoutTime() {
    slack.fail("chat.postMessage", FakeSlack.Fault.RATE_LIMITED_WITHOUT_TIME);
  }

  @Override
  public void holdReply(boolean isTaken) {
    slack.fail("chat.postMessage", isTaken ? FakeSlack.Fault.HELD : FakeSlack.Fault.HELD_BEFORE);
  }

  @Override
  public void holdChange(boolean isTaken) {
    slack.fail("chat.update", isTaken ? FakeSlack.Fault.HELD : FakeSlack.Fault.HELD_BEFORE);
  }

  @Override
  public boolean isHeld() {
    return slack.isHeld();
  }

  @Override
  public void failWithServerError() {
    slack.fail("chat.postMessage", FakeSlack.Fault.SERVER_ERROR);
  }

  @Override
  public int sent() {
    return (int) slack.calls().stream().filter("chat.postMessage"::equals).count();
  }

  @Override
  public DeliverWebhook forged(DeliverWebhook webhook) {
    byte[] body = webhook.body().clone();
    body[body.length / 2] ^= 1;
    return new DeliverWebhook(webhook.platform(), webhook.connectionId(), webhook.headers(), body);
  }

  @Override
  public List<Seen> seen(String place) {
    String[] parts = place.split(":", 2);
    List<Seen> seen = new ArrayList<>();
    for (FakeSlack.Message one : slack.messages()) {
      if (one.channel().equals(parts[0]) && (parts.length == 1 || one.thread().equals(parts[1]))) {
        seen.add(new Seen(place, shown(one), buttons(one.blocks()), one.onlyFor()));
      }
    }
    return seen;
  }

  /** With the task that is under way. */
  private static String shown(FakeSlack.Message message) {
    String task =
        message.blocks().stream()
            .map(JsonObject.class::cast)
            .filter(one -> "in_progress".equals(one.getString("status")))
            .map(one -> "_" + one.getString("title") + "_")
            .findFirst()
            .orElse("");
    String between = message.text().isEmpty() || task.isEmpty() ? "" : "\n\n";
    return message.text() + between + task;
  }

  @Override
  public String newStreamPlace() {
    return threadOfPeople().orElseThrow();
  }

  @Override
  public boolean isStreaming(String place) {
    return slack.isStreaming(place.split(":", 2)[0]);
  }

  @Override
  public void endStreams() {
    slack.endStreams();
  }

  @Override
  public void refuseStreams(String place) {
    slack.refuseStreams(place.split(":", 2)[0]);
  }

  FakeSlack slack() {
    return slack;
  }

  private static List<String> buttons(JsonArray blocks) {
    List<String> values = new ArrayList<>();
    for (Object block : blocks) {
      for (Object element : ((JsonObject) block).getJsonArray("elements", new JsonArray())) {
        values.add(((JsonObject) element).getString("value"));
      }
    }
    return values;
  }

  @Override
  public void fail(Fault fault) {
    slack.fail(
        "chat.postMessage",
        switch (fault) {
          case LIMITED -> FakeSlack.Fault.RATE_LIMITED;
          case LIMITED_WITHOUT_TIME -> FakeSlack.Fault.RATE_LIMITED_WITH_200;
          case FAILED -> FakeSlack.Fault.FATAL_ERROR;
          case CUT_BEFORE -> FakeSlack.Fault.CUT_BEFORE;
          case CUT_AFTER -> FakeSlack.Fault.CUT_AFTER;
        });
  }

  @Override
  public void close() {
    slack.close();
  }
}
