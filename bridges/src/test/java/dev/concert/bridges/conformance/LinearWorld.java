package dev.concert.bridges.conformance;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridges.BridgesOptions;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.testing.chat.FakeLinear;
import dev.concert.testing.chat.LinearWebhooks;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opentest4j.TestAbortedException;

/**
 * Linear. A place is an agent session, whose name begins with {@code chat} where it is about no
 * issue; or an issue, on which a mention begins a session.
 */
final class LinearWorld implements ChatWorld {
  private static final Pattern FILE = Pattern.compile("\\[([^]]+)]\\((\\S+/uploads/\\S+)\\)");

  private final FakeLinear linear = new FakeLinear();
  private volatile InstantSource clock = InstantSource.system();
  private final AtomicInteger numbers = new AtomicInteger();
  private final Set<String> begun = ConcurrentHashMap.newKeySet();
  private final Map<String, String> threads = new ConcurrentHashMap<>();

  @Override
  public BridgesOptions options(Path data) {
    JsonObject section =
        new JsonObject().put("linear", new JsonObject().put("apiUrl", linear.api().toString()));
    return BridgesOptions.from(
        ConfigReader.of(new JsonObject().put("bridges", section), "bridges"), data, Map.of());
  }

  @Override
  public String platform() {
    return "linear";
  }

  @Override
  public Map<String, String> secrets(int account) {
    return Map.of(
        "clientId", FakeLinear.clientId(account),
        "clientSecret", FakeLinear.CLIENT_SECRET,
        "webhookSecret", FakeLinear.WEBHOOK_SECRET);
  }

  @Override
  public int maxLength() {
    return 20_000;
  }

  @Override
  public boolean hasPrivateReplies() {
    return false;
  }

  @Override
  public String newPlace(boolean isDirect) {
    String id = (isDirect ? "chat-" : "issue-") + numbers.incrementAndGet();
    if (!isDirect) {
      linear.issue(id, "");
    }
    return id;
  }

  @Override
  public Optional<String> threadOfPeople(String... texts) {
    String issue = newPlace(false);
    for (String text : texts) {
      linear.comment(issue, "comment-" + numbers.incrementAndGet(), "bob", text);
    }
    threads.put(issue, "session-" + numbers.incrementAndGet());
    return Optional.of(issue);
  }

  @Override
  public DeliverWebhook message(
      int account, String connection, String place, String sender, String text, boolean mention) {
    if (place.startsWith("issue-") && !mention) {
      JsonObject comment = new JsonObject().put("body", text).put("userId", sender);
      return signed(
          connection,
          LinearWebhooks.event(account, "create", new JsonObject())
              .put("type", "Comment")
              .put("data", comment));
    }
    String session =
        place.startsWith("issue-")
            ? threads.getOrDefault(place, "session-" + numbers.incrementAndGet())
            : place;
    if (!begun.add(session)) {
      return prompt(account, connection, session, sender, text);
    }
    JsonObject begins = LinearWebhooks.session(account, session, sender);
    if (place.startsWith("issue-")) {
      String id = "comment-" + numbers.incrementAndGet();
      begins
          .put("issue", new JsonObject().put("id", place).put("title", "It is broken"))
          .put("comment", linear.comment(place, id, sender, "@concert " + text));
    }
    linear.begin(begins);
    JsonObject event = LinearWebhooks.event(account, "created", begins);
    return signed(
        connection,
        place.startsWith("issue-")
            ? event
            : event.put("agentActivity", LinearWebhooks.prompt("p", session, sender, text)));
  }

  private DeliverWebhook prompt(
      int account, String connection, String session, String sender, String text) {
    String id = "prompt-" + numbers.incrementAndGet();
    return signed(
        connection,
        LinearWebhooks.event(account, "prompted", linear.session(session))
            .put("agentActivity", LinearWebhooks.prompt(id, session, sender, text)));
  }

  private DeliverWebhook signed(String connection, JsonObject event) {
    byte[] body =
        event.put("webhookTimestamp", clock.millis()).encode().getBytes(StandardCharsets.UTF_8);
    return new DeliverWebhook(
        "linear", connection, Map.of("linear-signature", LinearWebhooks.sign(body)), body);
  }

  /** What people drop into a text becomes a link to Linear's store. */
  @Override
  public DeliverWebhook withFile(DeliverWebhook message, String name, String content) {
    String url = linear.file("file-" + numbers.incrementAndGet(), content);
    JsonObject event = new JsonObject(new String(message.body(), StandardCharsets.UTF_8));
    JsonObject said = event.getJsonObject("agentActivity").getJsonObject("content");
    said.put("body", "%s [%s](%s)".formatted(said.getString("body"), name, url));
    return signed(message.connectionId(), event);
  }

  @Override
  public List<String> files(String place) {
    return linear.activities(place).stream()
        .map(one -> one.getJsonObject("content").getString("body", ""))
        .map(FILE::matcher)
        .filter(Matcher::matches)
        .map(file -> file.group(1) + "=" + linear.contentOf(file.group(2)))
        .toList();
  }

  @Override
  public DeliverWebhook edited(DeliverWebhook message, String text) {
    throw new TestAbortedException("What is said to an agent cannot be changed");
  }

  @Override
  public void use(InstantSource now) {
    clock = now;
  }

  @Override
  public boolean signsTime() {
    return true;
  }

  @Override
  public DeliverWebhook again(DeliverWebhook webhook) {
    return signed(
        webhook.connectionId(), new JsonObject(new String(webhook.body(), StandardCharsets.UTF_8)));
  }

  @Override
  public Optional<DeliverWebhook> deleted(DeliverWebhook message) {
    return Optional.empty();
  }

  @Override
  public String threadOf(DeliverWebhook message) {
    return new JsonObject(new String(message.body(), StandardCharsets.UTF_8))
        .getJsonObject("agentSession")
        .getString("id");
  }

  /** Linear says the chosen option as a prompt. */
  @Override
  public DeliverWebhook press(
      int account, String connection, String place, String sender, String value, String id) {
    return prompt(account, connection, place, sender, value);
  }

  @Override
  public DeliverWebhook forged(DeliverWebhook webhook) {
    byte[] body = webhook.body().clone();
    body[body.length / 2] ^= 1;
    return new DeliverWebhook(webhook.platform(), webhook.connectionId(), webhook.headers(), body);
  }

  @Override
  public List<Seen> seen(String place) {
    List<JsonObject> activities = linear.activities(threads.getOrDefault(place, place));
    List<Seen> seen = new ArrayList<>();
    for (JsonObject one : activities) {
      JsonObject content = one.getJsonObject("content");
      boolean isOpen = one == activities.getLast();
      seen.add(
          new Seen(
              place,
              content.getString("body", content.getString("action")),
              isOpen ? options(one) : List.of(),
              ""));
    }
    return seen;
  }

  private static List<String> options(JsonObject activity) {
    JsonObject metadata = activity.getJsonObject("signalMetadata", new JsonObject());
    return metadata.getJsonArray("options", new JsonArray()).stream()
        .map(one -> ((JsonObject) one).getString("value"))
        .toList();
  }

  @Override
  public void holdReply(boolean isTaken) {
    linear.fail(isTaken ? FakeLinear.Fault.HELD : FakeLinear.Fault.HELD_BEFORE);
  }

  @Override
  public boolean isHeld() {
    return linear.isHeld();
  }

  @Override
  public void fail(Fault fault) {
    linear.fail(
        switch (fault) {
          case LIMITED -> FakeLinear.Fault.RATE_LIMITED;
          case LIMITED_WITHOUT_TIME -> FakeLinear.Fault.RATE_LIMITED_WITHOUT_TIME;
          case FAILED -> FakeLinear.Fault.SERVER_ERROR;
          case CUT_BEFORE -> FakeLinear.Fault.CUT_BEFORE;
          case CUT_AFTER -> FakeLinear.Fault.CUT_AFTER;
        });
  }

  @Override
  public void close() {
    linear.close();
  }
}
