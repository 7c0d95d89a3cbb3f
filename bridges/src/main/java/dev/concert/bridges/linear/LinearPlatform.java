package dev.concert.bridges.linear;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridge.BridgeMessages.WebhookReply;
import dev.concert.bridges.http.ChatNetwork;
import dev.concert.bridges.http.ChatReply;
import dev.concert.bridges.platform.Account;
import dev.concert.bridges.platform.ChatCapabilities;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatPlatform;
import dev.concert.bridges.platform.EarlierMessage;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.platform.OutboundFile;
import dev.concert.bridges.platform.SentFile;
import dev.concert.bridges.platform.WebhookResult;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.outbox.OutboxMessage;
import dev.concert.foundation.outbox.OutboxSender;
import dev.concert.foundation.outbox.SendOutcome;
import dev.concert.foundation.rate.RateBudgets;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Linear. */
public final class LinearPlatform implements ChatPlatform {
  static final String CLIENT_ID = "clientId";
  static final String CLIENT_SECRET = "clientSecret";
  static final String WEBHOOK_SECRET = "webhookSecret";

  /** A setting: the name by which people mention the app. */
  static final String APP_NAME = "appName";

  private static final String VIEWER =
      "query viewer { viewer { id name displayName organization { id name } } }";

  /** Linear names no limit; a comment of that length is still read. */
  private static final ChatCapabilities CAPABILITIES =
      new ChatCapabilities(20_000, String::length, Duration.ZERO, false, true).withFiles();

  private final LinearApi api;
  private final LinearFiles files;
  private final LinearSessions sessions;
  private final RateBudgets budgets;
  private final InstantSource clock;
  private final Optional<URI> page;

  /**
   * @param base of Linear's API
   * @param page of Concert, to which sessions link; empty if its address is unknown
   */
  public LinearPlatform(
      ChatNetwork network, URI base, Optional<URI> page, RateBudgets budgets, InstantSource clock) {
    this.api = new LinearApi(network, base, clock);
    this.files = new LinearFiles(network, api, base);
    this.sessions = new LinearSessions(api, page);
    this.budgets = budgets;
    this.clock = clock;
    this.page = page;
  }

  @Override
  public String name() {
    return "linear";
  }

  @Override
  public Set<String> secrets() {
    return Set.of(CLIENT_ID, CLIENT_SECRET, WEBHOOK_SECRET);
  }

  /** A conversation is one session of an agent, and not a chat. */
  @Override
  public boolean keepsDirectChats() {
    return false;
  }

  @Override
  public ChatCapabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public Future<Account> verify(Map<String, String> settings, Map<String, String> secrets) {
    return api.call(secrets, VIEWER, Json.MAPPER.createObjectNode())
        .compose(
            reply ->
                switch (reply) {
                  case ChatReply.Ok ok -> account(ok.body().path("viewer"));
                  case ChatReply.Refused refused ->
                      failed(
                          ErrorCode.BRIDGE_REFUSED,
                          "Linear does not take the client id and secret: %s. Client credentials"
                                  .formatted(reason(refused))
                              + " have to be switched on for the application.");
                  case ChatReply _ ->
                      failed(ErrorCode.BRIDGES_UNAVAILABLE, "Linear does not answer now.");
                });
  }

  private static String reason(ChatReply.Refused refused) {
    return refused.body().path("error_description").asText(refused.reason());
  }

  private static Future<Account> account(JsonNode viewer) {
    JsonNode workspace = viewer.path("organization");
    return Future.succeededFuture(
        new Account(
            workspace.path("id").asText(),
            workspace.path("name").asText(),
            viewer.path("id").asText(),
            Map.of(APP_NAME, viewer.path("displayName").asText(viewer.path("name").asText()))));
  }

  private static <T> Future<T> failed(ErrorCode code, String message) {
    return Future.failedFuture(new ConcertException(code, message));
  }

  @Override
  public Future<Void> prepare(ChatConnection connection, InboundEvent event) {
    return sessions.seen(connection, event);
  }

  @Override
  public Future<Void> begun(ChatConnection connection, InboundEvent event, String sessionId) {
    return sessions.begun(connection, event, sessionId);
  }

  @Override
  public Future<List<EarlierMessage>> earlier(
      ChatConnection connection, InboundEvent event, int max) {
    return sessions.earlier(connection, event, max);
  }

  @Override
  public WebhookResult read(ChatConnection connection, DeliverWebhook webhook) {
    Optional<String> fault =
        LinearSignature.fault(connection.secret(WEBHOOK_SECRET), webhook.headers(), webhook.body());
    if (fault.isPresent()) {
      return new WebhookResult.Forged(fault.get());
    }
    try {
      JsonNode request = Json.MAPPER.readTree(webhook.body());
      return LinearSignature.isOfNow(request, clock.instant())
          ? LinearReader.read(connection, request, files::linked)
          : new WebhookResult.Forged("the time is more than a minute away");
    } catch (IOException e) {
      return new WebhookResult.Answer(
          new WebhookReply(400, "text/plain", "This is no webhook of Linear."));
    }
  }

  @Override
  public OutboxSender sender(ChatConnection connection) {
    return new LinearSender(api, files, budgets, connection, page);
  }

  @Override
  public Future<Buffer> fetch(ChatConnection connection, SentFile attachment, int maxBytes) {
    return files.fetch(connection.secrets(), attachment, maxBytes);
  }

  @Override
  public Future<SendOutcome> send(
      ChatConnection connection, OutboxMessage message, OutboundFile file) {
    return new LinearSender(api, files, budgets, connection, page).send(message, file);
  }
}
