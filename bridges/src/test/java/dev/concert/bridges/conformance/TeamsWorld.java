package dev.concert.bridges.conformance;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridges.BridgesOptions;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.testing.chat.FakeTeams;
import dev.concert.testing.chat.TeamsActivities;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Microsoft Teams. A place is a conversation, whose id has its thread in it. */
final class TeamsWorld implements ChatWorld {
  private static final String THREAD = ";messageid=";

  private final FakeTeams teams = new FakeTeams();

  @Override
  public BridgesOptions options(Path data) {
    JsonObject urls =
        new JsonObject()
            .put("loginUrl", teams.login().toString())
            .put("openIdUrl", teams.openId().toString())
            .put("serviceUrl", teams.service().toString())
            .put("graphUrl", teams.login().toString());
    JsonObject section = new JsonObject().put("teams", urls);
    return BridgesOptions.from(
        ConfigReader.of(new JsonObject().put("bridges", section), "bridges"), data, Map.of());
  }

  @Override
  public String platform() {
    return "teams";
  }

  @Override
  public Map<String, String> secrets(int account) {
    return Map.of(
        "appId", FakeTeams.app(account),
        "appPassword", FakeTeams.password(account),
        "tenantId", FakeTeams.tenant(account));
  }

  @Override
  public int maxLength() {
    return 10_000;
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
    return isDirect ? "a:1" + teams.newId() : "19:" + teams.newId() + "@thread.tacv2";
  }

  /** A message in a channel begins a thread, unless it is in one. */
  @Override
  public DeliverWebhook message(
      int account, String connection, String place, String sender, String text, boolean mention) {
    String id = teams.newId();
    boolean isRoot = place.startsWith("19:") && !place.contains(THREAD);
    String conversation = isRoot ? place + THREAD + id : place;
    return sent(
        account,
        connection,
        TeamsActivities.message(account, id, conversation, sender, text, mention));
  }

  private DeliverWebhook sent(int account, String connection, JsonObject activity) {
    String authorization =
        teams.authorization(teams.claims(account, activity.getString("serviceUrl")));
    return new DeliverWebhook(
        "teams",
        connection,
        Map.of("content-type", "application/json", "authorization", authorization),
        activity.encode().getBytes(StandardCharsets.UTF_8));
  }

  private static JsonObject json(DeliverWebhook message) {
    return new JsonObject(new String(message.body(), StandardCharsets.UTF_8));
  }

  private static DeliverWebhook with(DeliverWebhook message, JsonObject activity) {
    return new DeliverWebhook(
        "teams",
        message.connectionId(),
        message.headers(),
        activity.encode().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public DeliverWebhook edited(DeliverWebhook message, String text) {
    return with(message, TeamsActivities.edited(json(message), text));
  }

  @Override
  public Optional<DeliverWebhook> deleted(DeliverWebhook message) {
    return Optional.of(with(message, TeamsActivities.deleted(json(message))));
  }

  @Override
  public Optional<String> threadOfPeople(String... texts) {
    String thread = newPlace(false) + THREAD + teams.newId();
    for (String text : texts) {
      teams.written(thread, "bob", text);
    }
    return Optional.of(thread);
  }

  @Override
  public String threadOf(DeliverWebhook message) {
    return json(message).getJsonObject("conversation").getString("id");
  }

  @Override
  public DeliverWebhook press(
      int account, String connection, String place, String sender, String value, String id) {
    return sent(
        account, connection, TeamsActivities.pressed(account, teams.newId(), place, sender, value));
  }

  /** A token is for a request; what is in it is not signed. */
  @Override
  public DeliverWebhook forged(DeliverWebhook webhook) {
    Map<String, String> headers = new HashMap<>(webhook.headers());
    StringBuilder token = new StringBuilder(headers.get("authorization"));
    int signature = token.lastIndexOf(".") + 10;
    token.setCharAt(signature, token.charAt(signature) == 'A' ? 'B' : 'A');
    headers.put("authorization", token.toString());
    return new DeliverWebhook("teams", webhook.connectionId(), headers, webhook.body());
  }

  @Override
  public DeliverWebhook withFile(DeliverWebhook message, String name, String content) {
    JsonObject download =
        new JsonObject()
            .put("downloadUrl", teams.file(teams.newId(), content))
            .put("uniqueId", "1150D938-8870-4044-9F2C-5BBDEBA70C9D")
            .put("fileType", "txt");
    return with(
        message,
        json(message)
            .put(
                "attachments",
                new JsonArray()
                    .add(
                        new JsonObject()
                            .put(
                                "contentType", "application/vnd.microsoft.teams.file.download.info")
                            .put("contentUrl", "https://contoso.sharepoint.com/personal/x")
                            .put("name", name)
                            .put("content", download))));
  }

  /** A stream shows it there. */
  @Override
  public boolean typesDirectly() {
    return false;
  }

  @Override
  public boolean isTyped(String place) {
    return teams.isTyped(place);
  }

  @Override
  public boolean isStreaming(String place) {
    return teams.isStreaming(place);
  }

  @Override
  public void endStreams() {
    teams.endStreams();
  }

  @Override
  public List<Seen> seen(String place) {
    return teams.messages().stream()
        .filter(
            one ->
                one.conversation().equals(place) || one.conversation().startsWith(place + THREAD))
        .map(one -> new Seen(place, one.text(), one.buttons(), ""))
        .toList();
  }

  @Override
  public void holdReply(boolean isTaken) {
    teams.fail(isTaken ? FakeTeams.Fault.HELD : FakeTeams.Fault.HELD_BEFORE);
  }

  @Override
  public boolean isHeld() {
    return teams.isHeld();
  }

  @Override
  public void fail(Fault fault) {
    teams.fail(
        switch (fault) {
          case LIMITED -> FakeTeams.Fault.RATE_LIMITED;
          case LIMITED_WITHOUT_TIME -> FakeTeams.Fault.RATE_LIMITED_IN_FRONT;
          case FAILED -> FakeTeams.Fault.SERVER_ERROR;
          case CUT_BEFORE -> FakeTeams.Fault.CUT_BEFORE;
          case CUT_AFTER -> FakeTeams.Fault.CUT_AFTER;
        });
  }

  @Override
  public void close() {
    teams.close();
  }
}
