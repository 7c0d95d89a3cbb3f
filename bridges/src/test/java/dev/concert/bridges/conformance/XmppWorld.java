package dev.concert.bridges.conformance;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridges.BridgesOptions;
import dev.concert.bridges.xmpp.XmppUser;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.testing.Await;
import dev.concert.testing.chatserver.Prosody;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import org.opentest4j.TestAbortedException;

/**
 * A real XMPP server. A place is a room, or what people and the bot say to each other alone from a
 * moment on.
 */
final class XmppWorld implements ChatWorld {
  private static final String SAID = "x-said";
  private static final String REPLY = "!reply";
  private static final String[] CHANNELS = {"c1", "c2", "c3", "c4"};

  private final Prosody server = new Prosody();
  private final FaultyRelay relay = new FaultyRelay(server.port(), Pattern.compile("<body"));
  private final AtomicInteger numbers = new AtomicInteger();
  private final AtomicInteger channels = new AtomicInteger();
  private final Map<String, XmppUser> people = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Integer>> begun = new ConcurrentHashMap<>();
  private final XmppUser watcher = new XmppUser(server, "watcher");

  XmppWorld() {
    server.addUser(bot(1));
    server.addUser(bot(2));
    watcher.join("lobby");
  }

  private static String bot(int account) {
    return "concert" + account;
  }

  @Override
  public BridgesOptions options(Path data) {
    JsonObject xmpp =
        new JsonObject().put("servers", new JsonArray().add("127.0.0.1:" + relay.port()));
    JsonObject section = new JsonObject().put("xmpp", xmpp);
    return BridgesOptions.from(
        ConfigReader.of(new JsonObject().put("bridges", section), "bridges"), data, Map.of());
  }

  @Override
  public String platform() {
    return "xmpp";
  }

  @Override
  public Map<String, String> secrets(int account) {
    return Map.of(
        "address",
        server
            .address(bot(account), "c1", "c2", "c3", "c4", "lobby")
            .replace(server.server(), "127.0.0.1:" + relay.port()),
        "password",
        Prosody.PASSWORD);
  }

  @Override
  public int maxLength() {
    return 4000;
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
    if (!isDirect) {
      return "c%d@%s".formatted(channels.incrementAndGet(), Prosody.ROOMS);
    }
    String place = "alone-" + numbers.incrementAndGet();
    Map<String, Integer> seen = new ConcurrentHashMap<>();
    people.forEach((name, user) -> seen.put(name, user.heard()));
    begun.put(place, seen);
    return place;
  }

  private XmppUser user(String name) {
    return people.computeIfAbsent(
        name,
        _ -> {
          XmppUser user = new XmppUser(server, name.toLowerCase(Locale.ROOT));
          for (String channel : CHANNELS) {
            user.join(channel);
          }
          return user;
        });
  }

  private static boolean isRoom(String place) {
    return place.contains("@");
  }

  private static String target(String place, int account) {
    return isRoom(place) ? place.replace(REPLY, "") : bot(account) + "@" + Prosody.DOMAIN;
  }

  @Override
  public DeliverWebhook message(
      int account, String connection, String place, String sender, String text, boolean mention) {
    boolean isReply = place.endsWith(REPLY);
    return said(
        connection,
        new JsonObject()
            .put("account", account)
            .put("sender", sender)
            .put("target", target(place, account))
            .put("id", "said-" + numbers.incrementAndGet())
            .put("text", mention || isReply ? bot(account) + ": " + text : text));
  }

  private static DeliverWebhook said(String connection, JsonObject said) {
    return new DeliverWebhook(
        "xmpp", connection, Map.of(SAID, "yes"), said.encode().getBytes(StandardCharsets.UTF_8));
  }

  private static JsonObject said(DeliverWebhook webhook) {
    return new JsonObject(new String(webhook.body(), StandardCharsets.UTF_8));
  }

  @Override
  public DeliverWebhook signed(
      int account, String connection, String place, String sender, String text) {
    return new DeliverWebhook("xmpp", connection, Map.of(), new byte[] {1});
  }

  @Override
  public int deliver(DeliverWebhook webhook, ToIntFunction<DeliverWebhook> bridges) {
    if (!webhook.headers().containsKey(SAID)) {
      return bridges.applyAsInt(webhook);
    }
    JsonObject said = said(webhook);
    Await.until("the bot", () -> isThere(said.getInteger("account")));
    XmppUser user = user(said.getString("sender"));
    String target = said.getString("target");
    String text = said.getString("text");
    String id = said.getString("id");
    if (said.containsKey("file")) {
      byte[] content = said.getString("content").getBytes(StandardCharsets.UTF_8);
      user.say(target, text, id, user.upload(said.getString("file"), content));
    } else {
      user.say(target, text, id, Optional.ofNullable(said.getString("corrected")));
    }
    return 200;
  }

  /** A client gives the server the name without its folder. */
  @Override
  public DeliverWebhook withFile(DeliverWebhook message, String name, String content) {
    return said(
        message.connectionId(),
        said(message)
            .put("file", name.substring(name.lastIndexOf('/') + 1))
            .put("content", content));
  }

  @Override
  public List<String> files(String place) {
    return people.entrySet().stream()
        .flatMap(
            one -> one.getValue().files(begun.get(place).getOrDefault(one.getKey(), 0)).stream())
        .toList();
  }

  private boolean isThere(int account) {
    return watcher.isThere("lobby@%s/%s".formatted(Prosody.ROOMS, bot(account)));
  }

  @Override
  public boolean repeats() {
    return false;
  }

  @Override
  public void stopped() {
    Await.until("the bots have left", () -> !isThere(1) && !isThere(2));
  }

  @Override
  public DeliverWebhook edited(DeliverWebhook message, String text) {
    JsonObject said = said(message);
    return said(
        message.connectionId(),
        said.put("corrected", said.getString("id"))
            .put("id", "said-" + numbers.incrementAndGet())
            .put("text", text));
  }

  @Override
  public Optional<DeliverWebhook> deleted(DeliverWebhook message) {
    return Optional.empty();
  }

  @Override
  public String threadOf(DeliverWebhook message) {
    return said(message).getString("target") + REPLY;
  }

  @Override
  public DeliverWebhook press(
      int account, String connection, String place, String sender, String value, String id) {
    return message(account, connection, place, sender, value, false);
  }

  @Override
  public DeliverWebhook forged(DeliverWebhook webhook) {
    return webhook;
  }

  @Override
  public boolean isTyped(String place) {
    return user("U0ANNE").isTyped();
  }

  @Override
  public List<Seen> seen(String place) {
    List<Seen> seen = new ArrayList<>();
    if (isRoom(place)) {
      user("U0ANNE").said(0, place.replace(REPLY, "")).forEach(one -> seen.add(seen(place, one)));
    } else {
      people.forEach(
          (name, user) ->
              user.said(begun.get(place).getOrDefault(name, 0), "")
                  .forEach(one -> seen.add(seen(place, one))));
    }
    return seen;
  }

  private static Seen seen(String place, XmppUser.Said said) {
    boolean isOpen = said.text().lines().toList().getLast().startsWith("_Answer ");
    return new Seen(place, said.text(), isOpen ? List.of("yes 1", "no 1") : List.of(), "");
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
    switch (fault) {
      case CUT_BEFORE -> relay.cut(false);
      case CUT_AFTER -> relay.cut(true);
      default -> throw new TestAbortedException("This server is real: it does not fail on purpose");
    }
  }

  @Override
  public void close() {
    people.values().forEach(XmppUser::close);
    watcher.close();
    relay.close();
    server.close();
  }
}
