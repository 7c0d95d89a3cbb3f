package dev.concert.bridges.teams;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridge.BridgeMessages.WebhookReply;
import dev.concert.bridges.http.ChatFiles;
import dev.concert.bridges.http.ChatNetwork;
import dev.concert.bridges.http.ChatReply;
import dev.concert.bridges.platform.Account;
import dev.concert.bridges.platform.ChatCapabilities;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatPlatform;
import dev.concert.bridges.platform.EarlierMessage;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.platform.SentFile;
import dev.concert.bridges.platform.WebhookResult;
import dev.concert.bridges.token.ChatTokens;
import dev.concert.bridges.token.PublishedKeys;
import dev.concert.bridges.token.TokenResult;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.outbox.OutboxSender;
import dev.concert.foundation.rate.RateBudgets;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Microsoft Teams. */
public final class TeamsPlatform implements ChatPlatform {
  static final String APP_ID = "appId";
  static final String APP_PASSWORD = "appPassword";
  static final String TENANT_ID = "tenantId";
  private static final String GUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

  /** Teams takes about 80 KB of UTF-16; a message of that length is read by nobody. */
  private static final ChatCapabilities CAPABILITIES =
      new ChatCapabilities(10_000, String::length, Duration.ofSeconds(2));

  /** Files that people send are in SharePoint or OneDrive, pictures at the service. */
  private static final Set<String> STORES = Set.of("sharepoint.com", "sharepoint.us");

  private static final Set<String> SERVICE =
      Set.of("smba.trafficmanager.net", "asm.skype.com", "botframework.com");

  private final ChatFiles files;
  private final TeamsApi api;
  private final PublishedKeys keys;
  private final RateBudgets budgets;

  /**
   * @param clock of tokens
   */
  public TeamsPlatform(
      ChatNetwork network, TeamsEndpoints endpoints, RateBudgets budgets, InstantSource clock) {
    this.files = network.files();
    this.api = new TeamsApi(network.http(), new ChatTokens(clock), endpoints);
    this.keys = new PublishedKeys(network.vertx(), api::keys, clock);
    this.budgets = budgets;
  }

  @Override
  public String name() {
    return "teams";
  }

  /** Two of them are no secrets to the people of the tenant; all are needed. */
  @Override
  public Set<String> secrets() {
    return Set.of(APP_ID, APP_PASSWORD, TENANT_ID);
  }

  @Override
  public ChatCapabilities capabilities() {
    return CAPABILITIES;
  }

  /** A stream is for one person. */
  @Override
  public ChatCapabilities capabilities(String conversation) {
    return TeamsSender.isShared(conversation) ? CAPABILITIES : CAPABILITIES.withStreams();
  }

  /**
   * Microsoft gives a token to an application that the tenant knows, and that shows its password:
   * so the tenant is proved.
   */
  @Override
  public Future<Account> verify(Map<String, String> settings, Map<String, String> secrets) {
    String tenant = secrets.getOrDefault(TENANT_ID, "");
    String app = secrets.getOrDefault(APP_ID, "");
    if (!tenant.matches(GUID) || !app.matches(GUID)) {
      return refused(
          "The ids of the application and of the tenant look like"
              + " 01234567-89ab-cdef-0123-456789abcdef, in small letters.");
    }
    return api.token(secrets)
        .compose(
            reply ->
                switch (reply) {
                  case ChatReply.Ok _ ->
                      Future.succeededFuture(
                          new Account(
                              tenant, "Microsoft Teams (%s)".formatted(tenant), "28:" + app));
                  case ChatReply.Refused refused ->
                      refused(
                          "Microsoft does not take the application's id and password in this"
                              + " tenant: %s".formatted(sentence(refused)));
                  case ChatReply _ ->
                      Future.failedFuture(
                          new ConcertException(
                              ErrorCode.BRIDGES_UNAVAILABLE, "Microsoft does not answer now."));
                });
  }

  private static String sentence(ChatReply.Refused refused) {
    return refused
        .body()
        .path("error_description")
        .asText(refused.reason())
        .lines()
        .findFirst()
        .orElse("");
  }

  private static <T> Future<T> refused(String message) {
    return Future.failedFuture(new ConcertException(ErrorCode.BRIDGE_REFUSED, message));
  }

  @Override
  public WebhookResult read(ChatConnection connection, DeliverWebhook webhook) {
    JsonNode activity;
    try {
      activity = Json.MAPPER.readTree(webhook.body());
    } catch (IOException e) {
      return new WebhookResult.Answer(
          new WebhookReply(400, "text/plain", "This is no activity of the Bot Framework."));
    }
    String authorization = webhook.headers().getOrDefault("authorization", "");
    return new WebhookResult.Later(
        keys.check(authorization).map(token -> read(connection, token, activity)));
  }

  private static WebhookResult read(
      ChatConnection connection, TokenResult token, JsonNode activity) {
    return switch (token) {
      case TokenResult.Wrong wrong -> new WebhookResult.Forged(wrong.reason());
      case TokenResult.Genuine genuine ->
          ActivityToken.fault(genuine, connection, activity)
              .<WebhookResult>map(WebhookResult.Forged::new)
              .orElseGet(() -> TeamsReader.read(connection, activity));
    };
  }

  @Override
  public OutboxSender sender(ChatConnection connection) {
    return new TeamsSender(api, budgets, connection);
  }

  @Override
  public Future<List<EarlierMessage>> earlier(
      ChatConnection connection, InboundEvent event, int max) {
    return new TeamsThread(api).before(connection, event, max);
  }

  /** Who has the address of a file may fetch it; a picture is given to the application only. */
  @Override
  public Future<Buffer> fetch(ChatConnection connection, SentFile attachment, int maxBytes) {
    String url = attachment.reference();
    boolean isPicture = attachment.mediaType().startsWith("image/");
    if (!ChatFiles.isOf(url, api.service(), isPicture ? SERVICE : STORES)) {
      return Future.failedFuture("This is no address of Teams");
    }
    return (isPicture ? api.authorization(connection) : Future.succeededFuture(""))
        .compose(authorization -> files.fetch(url, authorization, maxBytes));
  }

  /** A text that grows in a stream says by itself that something is under way. */
  @Override
  public void showTyping(ChatConnection connection, String conversation) {
    if (TeamsSender.isShared(conversation)) {
      new TeamsSender(api, budgets, connection).type(conversation);
    }
  }
}
