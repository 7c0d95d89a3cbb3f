package dev.concert.bridges.slack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridges.http.ChatFiles;
import dev.concert.bridges.http.ChatNetwork;
import dev.concert.bridges.platform.Account;
import dev.concert.bridges.platform.ChatCapabilities;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatInbox;
import dev.concert.bridges.platform.ChatPlatform;
import dev.concert.bridges.platform.ChatReceiver;
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
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Slack. */
public final class SlackPlatform implements ChatPlatform {
  static final String BOT_TOKEN = "botToken";
  static final String SIGNING_SECRET = "signingSecret";
  static final String APP_TOKEN = "appToken";

  /** {@code chat.update} takes 4,000 characters, ten times less than {@code chat.postMessage}. */
  private static final ChatCapabilities CAPABILITIES =
      new ChatCapabilities(
              3900, text -> SlackMarkdown.render(text).length(), Duration.ofMillis(1200))
          .withFiles();

  private static final int MAX_THREAD = 200;

  private static final Set<String> FILES = Set.of("slack.com");

  private final ChatNetwork network;
  private final Vertx vertx;
  private final ChatFiles files;
  private final URI base;
  private final SlackApi api;
  private final RateBudgets budgets;
  private final InstantSource clock;
  private final SlackStreams streams;

  /**
   * @param base of Slack's methods
   */
  public SlackPlatform(ChatNetwork network, URI base, RateBudgets budgets, InstantSource clock) {
    this.network = network;
    this.vertx = network.vertx();
    this.files = network.files();
    this.base = base;
    this.api = new SlackApi(network, base);
    this.budgets = budgets;
    this.clock = clock;
    this.streams = new SlackStreams(clock);
  }

  @Override
  public String name() {
    return "slack";
  }

  @Override
  public Set<String> secrets() {
    return Set.of(BOT_TOKEN);
  }

  /** With the app token events come over a socket, without it as webhooks that are signed. */
  @Override
  public Set<String> optionalSecrets() {
    return Set.of(SIGNING_SECRET, APP_TOKEN);
  }

  @Override
  public Optional<ChatReceiver> receiver(ChatConnection connection, ChatInbox inbox) {
    return connection.secrets().containsKey(APP_TOKEN)
        ? Optional.of(new SlackSocket(network, api, connection, inbox, SlackSocket.WATCH))
        : Optional.empty();
  }

  @Override
  public ChatCapabilities capabilities() {
    return CAPABILITIES;
  }

  /** A stream of Slack answers a message in its thread. */
  @Override
  public ChatCapabilities capabilities(String conversation) {
    return SlackPlace.of(conversation).thread().isEmpty()
        ? CAPABILITIES
        : CAPABILITIES.withStreams();
  }

  @Override
  public Future<Account> verify(Map<String, String> settings, Map<String, String> secrets) {
    if (secrets.getOrDefault(SIGNING_SECRET, "").isBlank() && !secrets.containsKey(APP_TOKEN)) {
      return refused(
          "Slack needs the signing secret (the app's page 'Basic Information'), or an app token"
              + " for Socket Mode (xapp-…).");
    }
    return checkAppToken(secrets).compose(_ -> checkBotToken(secrets));
  }

  /** Asking for a socket is the only use of an app token; one that is not opened costs nothing. */
  private Future<Void> checkAppToken(Map<String, String> secrets) {
    return secrets.containsKey(APP_TOKEN)
        ? api.call(secrets.get(APP_TOKEN), SlackSocket.OPEN, Map.of())
            .compose(
                reply ->
                    reply instanceof SlackReply.Refused refused
                        ? refused(
                            "Slack does not take the app token: %s. It needs the scope"
                                + " 'connections:write'.".formatted(refused.error()))
                        : Future.succeededFuture())
        : Future.succeededFuture();
  }

  private Future<Account> checkBotToken(Map<String, String> secrets) {
    return api.call(secrets.get(BOT_TOKEN), "auth.test", Map.of())
        .compose(
            reply ->
                switch (reply) {
                  case SlackReply.Ok ok -> account(ok.body());
                  case SlackReply.Refused refused ->
                      refused("Slack does not take the bot token: %s.".formatted(refused.error()));
                  case SlackReply other ->
                      Future.failedFuture(
                          new ConcertException(
                              ErrorCode.BRIDGES_UNAVAILABLE, "Slack does not answer now."));
                });
  }

  private static Future<Account> account(JsonNode body) {
    return body.hasNonNull("bot_id")
        ? Future.succeededFuture(
            new Account(
                body.path("team_id").asText(),
                body.path("team").asText(),
                body.path("user_id").asText()))
        : refused("This is the token of a person. Take the 'Bot User OAuth Token' (xoxb-…).");
  }

  private static <T> Future<T> refused(String message) {
    return Future.failedFuture(new ConcertException(ErrorCode.BRIDGE_REFUSED, message));
  }

  /** Of a thread that was there before it named us. */
  @Override
  public Future<List<EarlierMessage>> earlier(
      ChatConnection connection, InboundEvent event, int max) {
    String[] place = event.conversation().split(":", 2);
    if (place.length < 2 || event.eventId().endsWith(":" + place[1])) {
      return Future.succeededFuture(List.of());
    }
    String asked = event.eventId().substring(event.eventId().lastIndexOf(':') + 1);
    return api.call(
            connection.secret(BOT_TOKEN),
            "conversations.replies",
            Map.of("channel", place[0], "ts", place[1], "limit", Integer.toString(MAX_THREAD)))
        .map(
            reply -> {
              List<EarlierMessage> earlier = new ArrayList<>();
              if (reply instanceof SlackReply.Ok ok) {
                for (JsonNode one : ok.body().path("messages")) {
                  if (one.path("ts").asText("").compareTo(asked) < 0) {
                    earlier.add(
                        new EarlierMessage(
                            one.path("user").asText(""),
                            SlackMarkdown.plain(one.path("text").asText(""))));
                  }
                }
              }
              return earlier.subList(Math.max(0, earlier.size() - max), earlier.size());
            });
  }

  @Override
  public WebhookResult read(ChatConnection connection, DeliverWebhook webhook) {
    if (connection.secrets().getOrDefault(SIGNING_SECRET, "").isBlank()) {
      return new WebhookResult.Forged("the events of this team come over a socket");
    }
    Optional<String> fault =
        SlackSignature.fault(
            connection.secret(SIGNING_SECRET), webhook.headers(), webhook.body(), clock.instant());
    return fault
        .<WebhookResult>map(WebhookResult.Forged::new)
        .orElseGet(
            () ->
                SlackReader.read(
                    connection,
                    webhook.headers().getOrDefault("content-type", ""),
                    webhook.body()));
  }

  @Override
  public OutboxSender sender(ChatConnection connection) {
    return new SlackSender(api, budgets, connection, streams);
  }

  /** Slack gives a file to who has the bot token, which no other host may see. */
  @Override
  public Future<Buffer> fetch(ChatConnection connection, SentFile attachment, int maxBytes) {
    return ChatFiles.isOf(attachment.reference(), base, FILES)
        ? files.fetch(attachment.reference(), "Bearer " + connection.secret(BOT_TOKEN), maxBytes)
        : Future.failedFuture("This is no address of Slack");
  }

  @Override
  public Future<SendOutcome> send(
      ChatConnection connection, OutboxMessage message, OutboundFile file) {
    return new SlackSender(api, budgets, connection, streams).send(message, file);
  }
}
