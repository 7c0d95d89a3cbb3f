package dev.concert.bridges.conformance;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridges.BridgesOptions;
import dev.concert.bridges.irc.IrcUser;
import dev.concert.bridges.irc.NgIrcd;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.testing.Await;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import org.opentest4j.TestAbortedException;

/**
 * A real IRC server. A place is a channel, or what people and the bot say to each other alone from
 * a moment on.
 */
final class IrcWorld implements ChatWorld {
  private static final String SAID = "x-said";
  private static final String REPLY = "!reply";
  private static final String LOBBY = "#lobby";

  private final NgIrcd server = new NgIrcd();
  private final FaultyRelay relay =
      new FaultyRelay(server.port(), Pattern.compile("(?m)^PRIVMSG "));
  private final AtomicInteger numbers = new AtomicInteger();
  private final AtomicInteger channels = new AtomicInteger();
  private final Map<String, IrcUser> people = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Integer>> begun = new ConcurrentHashMap<>();
  private final IrcUser watcher = new IrcUser(server.port(), "watcher");

  IrcWorld() {
    watcher.send("JOIN " + LOBBY);
    Await.until(
        "the watcher", () -> watcher.lines().stream().anyMatch(one -> one.contains(" 366 ")));
  }

  private static String nick(int account) {
    return "concert" + account;
  }

  @Override
  public BridgesOptions options(Path data) {
    JsonObject irc =
        new JsonObject()
            .put("servers", new JsonArray().add("127.0.0.1:" + relay.port()))
            .put("linesPerSecond", 1000);
    JsonObject section = new JsonObject().put("irc", irc);
    return BridgesOptions.from(
        ConfigReader.of(new JsonObject().put("bridges", section), "bridges"), data, Map.of());
  }

  @Override
  public String platform() {
    return "irc";
  }

  @Override
  public Map<String, String> secrets(int account) {
    return Map.of(
        "address",
        "irc://%s@127.0.0.1:%d/lobby,c1,c2,c3,c4".formatted(nick(account), relay.port()));
  }

  @Override
  public int maxLength() {
    return 350;
  }

  @Override
  public boolean hasPrivateReplies() {
    return false;
  }

  @Override
  public boolean showsWork() {
    return false;
  }

  @Override
  public List<String> pieces(String text) {
    return text.lines().filter(line -> !line.isBlank()).toList();
  }

  @Override
  public boolean canLookUp() {
    return false;
  }

  @Override
  public String newPlace(boolean isDirect) {
    if (!isDirect) {
      return "#c" + channels.incrementAndGet();
    }
    String place = "alone-" + numbers.incrementAndGet();
    Map<String, Integer> seen = new ConcurrentHashMap<>();
    people.forEach((name, user) -> seen.put(name, user.lines().size()));
    begun.put(place, seen);
    return place;
  }

  private IrcUser user(String name) {
    return people.computeIfAbsent(
        name,
        _ -> {
          IrcUser user = new IrcUser(server.port(), name);
          Await.until(name, () -> user.lines().stream().anyMatch(one -> one.contains(" 001 ")));
          List.of("#c1", "#c2", "#c3", "#c4").forEach(channel -> user.send("JOIN " + channel));
          return user;
        });
  }

  @Override
  public DeliverWebhook message(
      int account, String connection, String place, String sender, String text, boolean mention) {
    boolean isReply = place.endsWith(REPLY);
    JsonObject said =
        new JsonObject()
            .put("account", account)
            .put("sender", sender)
            .put("target", place.startsWith("#") ? place.replace(REPLY, "") : nick(account))
            .put("text", mention || isReply ? nick(account) + ": " + text : text);
    return new DeliverWebhook(
        "irc", connection, Map.of(SAID, "yes"), said.encode().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public DeliverWebhook signed(
      int account, String connection, String place, String sender, String text) {
    return new DeliverWebhook("irc", connection, Map.of(), new byte[] {1});
  }

  @Override
  public int deliver(DeliverWebhook webhook, ToIntFunction<DeliverWebhook> bridges) {
    if (!webhook.headers().containsKey(SAID)) {
      return bridges.applyAsInt(webhook);
    }
    JsonObject said = new JsonObject(new String(webhook.body(), StandardCharsets.UTF_8));
    Await.until("the bot", () -> isThere(nick(said.getInteger("account"))));
    user(said.getString("sender")).say(said.getString("target"), said.getString("text"));
    return 200;
  }

  /** By what the watcher sees: who comes and goes. */
  private boolean isThere(String nick) {
    boolean isThere = false;
    for (String line : watcher.lines()) {
      if (line.startsWith(":" + nick + "!")) {
        isThere = line.contains(" JOIN ") || isThere && !line.contains(" QUIT ");
      }
    }
    return isThere;
  }

  @Override
  public boolean repeats() {
    return false;
  }

  @Override
  public void stopped() {
    Await.until("the bots have left", () -> !isThere(nick(1)) && !isThere(nick(2)));
  }

  @Override
  public DeliverWebhook edited(DeliverWebhook message, String text) {
    throw new TestAbortedException("Nothing that was said can be changed");
  }

  @Override
  public Optional<DeliverWebhook> deleted(DeliverWebhook message) {
    return Optional.empty();
  }

  @Override
  public String threadOf(DeliverWebhook message) {
    return new JsonObject(new String(message.body(), StandardCharsets.UTF_8)).getString("target")
        + REPLY;
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
  public List<Seen> seen(String place) {
    return place.startsWith("#")
        ? heard(place, user("U0ANNE"), 0, place.replace(REPLY, ""))
        : begunSince(place);
  }

  private List<Seen> begunSince(String place) {
    List<Seen> seen = new ArrayList<>();
    people.forEach(
        (name, user) ->
            seen.addAll(heard(place, user, begun.get(place).getOrDefault(name, 0), name)));
    return seen;
  }

  /** What bots said; a question is open as long as it is the last. */
  private static List<Seen> heard(String place, IrcUser user, int from, String target) {
    List<Seen> seen = new ArrayList<>();
    List<String> lines = user.lines();
    for (String line : lines.subList(Math.min(from, lines.size()), lines.size())) {
      String[] parts = line.split(" ", 4);
      if (parts.length == 4
          && parts[0].startsWith(":concert")
          && parts[1].equals("PRIVMSG")
          && parts[2].equalsIgnoreCase(target)) {
        seen.replaceAll(one -> new Seen(one.place(), one.text(), List.of(), ""));
        String text = parts[3].substring(1);
        seen.add(
            new Seen(
                place,
                text,
                text.startsWith("_Answer ") ? List.of("yes 1", "no 1") : List.of(),
                ""));
      }
    }
    return seen;
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
    people.values().forEach(IrcUser::close);
    watcher.close();
    relay.close();
    server.close();
  }
}
