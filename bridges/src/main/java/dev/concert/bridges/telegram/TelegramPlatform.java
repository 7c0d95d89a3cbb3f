package dev.concert.bridges.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridges.http.ChatFiles;
import dev.concert.bridges.http.ChatNetwork;
import dev.concert.bridges.platform.Account;
import dev.concert.bridges.platform.ChatCapabilities;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatInbox;
import dev.concert.bridges.platform.ChatPlatform;
import dev.concert.bridges.platform.ChatReceiver;
import dev.concert.bridges.platform.OutboundFile;
import dev.concert.bridges.platform.SentFile;
import dev.concert.bridges.platform.StreamRefusals;
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
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Telegram. */
public final class TelegramPlatform implements ChatPlatform {
  static final String BOT_TOKEN = "botToken";
  static final String WEBHOOK_SECRET = "webhookSecret";
  private static final String HEADER = "x-telegram-bot-api-secret-token";

  /** Telegram counts UTF-16 code units, as Java does. */
  private static final ChatCapabilities CAPABILITIES =
      new ChatCapabilities(4000, String::length, Duration.ofMillis(1500)).withFiles();

  private final Vertx vertx;
  private final ChatFiles files;
  private final TelegramApi api;
  private final RateBudgets budgets;
  private final StreamRefusals refusals;

  /**
   * @param base of the Bot API
   */
  public TelegramPlatform(ChatNetwork network, URI base, RateBudgets budgets, InstantSource clock) {
    this.vertx = network.vertx();
    this.files = network.files();
    this.api = new TelegramApi(network, base);
    this.budgets = budgets;
    this.refusals = new StreamRefusals(clock);
  }

  @Override
  public String name() {
    return "telegram";
  }

  @Override
  public Set<String> secrets() {
    return Set.of(BOT_TOKEN);
  }

  /** With it updates come as webhooks; without it they are fetched. */
  @Override
  public Set<String> optionalSecrets() {
    return Set.of(WEBHOOK_SECRET);
  }

  @Override
  public Optional<ChatReceiver> receiver(ChatConnection connection, ChatInbox inbox) {
    return connection.secrets().containsKey(WEBHOOK_SECRET)
        ? Optional.empty()
        : Optional.of(new TelegramUpdates(vertx, api, connection, inbox));
  }

  @Override
  public ChatCapabilities capabilities() {
    return CAPABILITIES;
  }

  /** Drafts are for one person. */
  @Override
  public ChatCapabilities capabilities(String conversation) {
    return TelegramSender.isPrivate(conversation) ? CAPABILITIES.withStreams() : CAPABILITIES;
  }

  @Override
  public Future<Account> verify(Map<String, String> settings, Map<String, String> secrets) {
    if (secrets.containsKey(WEBHOOK_SECRET)
        && !secrets.get(WEBHOOK_SECRET).matches("[A-Za-z0-9_-]{16,256}")) {
      return refused("The webhook secret has 16 to 256 letters, digits, '_' and '-'.");
    }
    if (!secrets.getOrDefault(BOT_TOKEN, "").matches("\\d+:[A-Za-z0-9_-]+")) {
      return refused("The bot token looks like 123456:ABC-DEF.");
    }
    return api.call(secrets.get(BOT_TOKEN), "getMe", JsonNodeFactory.instance.objectNode())
        .compose(
            reply ->
                switch (reply) {
                  case TelegramReply.Ok ok -> Future.succeededFuture(account(ok.result()));
                  case TelegramReply.Refused refused ->
                      refused("Telegram does not take the bot token: " + refused.description());
                  case TelegramReply other ->
                      Future.failedFuture(
                          new ConcertException(
                              ErrorCode.BRIDGES_UNAVAILABLE, "Telegram does not answer now."));
                });
  }

  private static Account account(JsonNode bot) {
    String name = bot.path("username").asText("");
    return new Account(bot.path("id").asText(""), name, name);
  }

  private static <T> Future<T> refused(String message) {
    return Future.failedFuture(new ConcertException(ErrorCode.BRIDGE_REFUSED, message));
  }

  /** Telegram signs nothing: it sends a secret that only it and we know. */
  @Override
  public WebhookResult read(ChatConnection connection, DeliverWebhook webhook) {
    if (!connection.secrets().containsKey(WEBHOOK_SECRET)) {
      return new WebhookResult.Forged("the updates of this bot are fetched");
    }
    byte[] sent = webhook.headers().getOrDefault(HEADER, "").getBytes(StandardCharsets.UTF_8);
    byte[] secret = connection.secret(WEBHOOK_SECRET).getBytes(StandardCharsets.UTF_8);
    return MessageDigest.isEqual(secret, sent)
        ? TelegramReader.read(connection, webhook.body())
        : new WebhookResult.Forged("the secret is wrong");
  }

  @Override
  public OutboxSender sender(ChatConnection connection) {
    return new TelegramSender(api, budgets, connection, refusals);
  }

  @Override
  public Future<Buffer> fetch(ChatConnection connection, SentFile attachment, int maxBytes) {
    String token = connection.secret(BOT_TOKEN);
    return api.call(
            token,
            "getFile",
            JsonNodeFactory.instance.objectNode().put("file_id", attachment.reference()))
        .compose(
            reply ->
                reply instanceof TelegramReply.Ok ok
                    ? files.fetch(
                        api.file(token, ok.result().path("file_path").asText("")), "", maxBytes)
                    : Future.failedFuture("Telegram does not give the file"));
  }

  @Override
  public Future<SendOutcome> send(
      ChatConnection connection, OutboxMessage message, OutboundFile file) {
    return new TelegramSender(api, budgets, connection, refusals).send(message, file);
  }

  @Override
  public void showTyping(ChatConnection connection, String conversation) {
    String[] place = conversation.split(":", 2);
    ObjectNode parameters =
        JsonNodeFactory.instance.objectNode().put("chat_id", place[0]).put("action", "typing");
    if (place.length == 2) {
      parameters.put("message_thread_id", Long.parseLong(place[1]));
    }
    api.call(connection.secret(BOT_TOKEN), "sendChatAction", parameters);
  }
}
