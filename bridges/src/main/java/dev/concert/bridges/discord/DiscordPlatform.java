package dev.concert.bridges.discord;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridge.BridgeMessages.WebhookReply;
import dev.concert.bridges.http.ChatFiles;
import dev.concert.bridges.http.ChatNetwork;
import dev.concert.bridges.http.ChatReply;
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
import dev.concert.json.Json;
import dev.concert.text.ShortText;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Discord. */
public final class DiscordPlatform implements ChatPlatform {
  static final String BOT_TOKEN = "botToken";
  static final String PUBLIC_KEY = "publicKey";
  private static final int MAX_NAME = 80;

  private static final ChatCapabilities CAPABILITIES =
      new ChatCapabilities(1950, String::length, Duration.ofMillis(1500)).withFiles();

  /** Where Discord keeps what people attach. */
  private static final Set<String> FILES = Set.of("discordapp.com", "discordapp.net");

  private final ChatNetwork network;
  private final Vertx vertx;
  private final ChatFiles files;
  private final URI base;
  private final DiscordApi api;
  private final RateBudgets budgets;
  private final InstantSource clock;

  /**
   * @param base of the REST API, with its version
   */
  public DiscordPlatform(ChatNetwork network, URI base, RateBudgets budgets, InstantSource clock) {
    this.network = network;
    this.vertx = network.vertx();
    this.files = network.files();
    this.base = base;
    this.api = new DiscordApi(network.http(), base);
    this.budgets = budgets;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "discord";
  }

  @Override
  public Set<String> secrets() {
    return Set.of(BOT_TOKEN);
  }

  @Override
  public ChatCapabilities capabilities() {
    return CAPABILITIES;
  }

  /** A bot is of one application, which has the key of the interactions. */
  @Override
  public Future<Account> verify(Map<String, String> settings, Map<String, String> secrets) {
    String token = secrets.get(BOT_TOKEN);
    if (!token.matches("[\\w.-]{20,200}")) {
      return refused("The bot token is on the page 'Bot' of the application.");
    }
    return api.get(token, "/applications/@me")
        .compose(
            reply ->
                switch (reply) {
                  case ChatReply.Ok ok -> Future.succeededFuture(account(ok.body()));
                  case ChatReply.Refused refused ->
                      refused("Discord does not take the bot token: " + refused.reason() + ".");
                  case ChatReply other -> unavailable();
                });
  }

  private static Account account(JsonNode application) {
    String id = application.path("id").asText("");
    return new Account(
        id,
        application.path("name").asText(""),
        application.path("bot").path("id").asText(id),
        Map.of(PUBLIC_KEY, application.path("verify_key").asText("")));
  }

  private static <T> Future<T> refused(String message) {
    return Future.failedFuture(new ConcertException(ErrorCode.BRIDGE_REFUSED, message));
  }

  private static <T> Future<T> unavailable() {
    return Future.failedFuture(
        new ConcertException(ErrorCode.BRIDGES_UNAVAILABLE, "Discord does not answer now."));
  }

  /** The command {@code /concert}; one of that name is replaced. */
  @Override
  public Future<Void> setUp(ChatConnection connection) {
    String path = "/applications/%s/commands".formatted(connection.account().id());
    return api.post(connection.secret(BOT_TOKEN), path, DiscordCommand.definition())
        .compose(
            reply ->
                switch (reply) {
                  case ChatReply.Ok _ -> Future.succeededFuture();
                  case ChatReply.Refused refused ->
                      refused("Discord does not take the command: " + refused.reason() + ".");
                  case ChatReply other -> unavailable();
                });
  }

  @Override
  public Optional<ChatReceiver> receiver(ChatConnection connection, ChatInbox inbox) {
    return Optional.of(new DiscordGateway(network, api, connection, inbox));
  }

  @Override
  public Future<Void> prepare(ChatConnection connection, InboundEvent event) {
    boolean opensThread =
        event.kind() == InboundEvent.Kind.MESSAGE && !event.conversation().equals(event.channel());
    return opensThread ? openThread(connection, event) : Future.succeededFuture();
  }

  /** A thread that was there before it named us. */
  @Override
  public Future<List<EarlierMessage>> earlier(
      ChatConnection connection, InboundEvent event, int max) {
    if (!event.conversation().equals(event.channel())) {
      return Future.succeededFuture(List.of());
    }
    String path =
        "/channels/%s/messages?limit=%d&before=%s"
            .formatted(event.channel(), max, event.eventId().substring(2));
    return api.get(connection.secret(BOT_TOKEN), path)
        .map(
            reply -> {
              List<EarlierMessage> earlier = new ArrayList<>();
              if (reply instanceof ChatReply.Ok ok) {
                for (JsonNode one : ok.body()) {
                  earlier.addFirst(
                      new EarlierMessage(
                          one.path("author").path("username").asText(""),
                          one.path("content").asText("")));
                }
              }
              return earlier;
            });
  }

  private Future<Void> openThread(ChatConnection connection, InboundEvent event) {
    String line = event.text().lines().findFirst().orElse("").strip();
    String name = ShortText.marked(line, MAX_NAME);
    ObjectNode thread =
        Json.MAPPER
            .createObjectNode()
            .put("name", name.isEmpty() ? "Concert" : name)
            .put("auto_archive_duration", 1440);
    String token = connection.secret(BOT_TOKEN);
    String path = "/channels/%s/messages/%s".formatted(event.channel(), event.conversation());
    return api.post(token, path + "/threads", thread)
        .compose(
            reply ->
                switch (reply) {
                  case ChatReply.Ok _ -> Future.succeededFuture();
                  case ChatReply.Refused _
                      when DiscordApi.code(reply) == DiscordApi.THREAD_IS_THERE ->
                      Future.succeededFuture();
                  case ChatReply.Refused _ -> sayThatThereIsNoThread(token, event);
                  case ChatReply other -> unavailable();
                });
  }

  private Future<Void> sayThatThereIsNoThread(String token, InboundEvent event) {
    ObjectNode message =
        DiscordSender.message(
            "⚠️ I cannot answer here: I need the permissions 'Create Public Threads' and 'Send"
                + " Messages in Threads'.");
    message
        .put("nonce", DiscordSender.nonce("no-thread " + event.conversation()))
        .put("enforce_nonce", true);
    return api.post(token, "/channels/%s/messages".formatted(event.channel()), message).mapEmpty();
  }

  @Override
  public WebhookResult read(ChatConnection connection, DeliverWebhook webhook) {
    String key = connection.settings().getOrDefault(PUBLIC_KEY, "");
    return DiscordSignature.fault(key, webhook.headers(), webhook.body(), clock.instant())
        .<WebhookResult>map(WebhookResult.Forged::new)
        .orElseGet(() -> interaction(connection, webhook.body()));
  }

  private static WebhookResult interaction(ChatConnection connection, byte[] body) {
    JsonNode interaction;
    try {
      interaction = Json.MAPPER.readTree(body);
    } catch (IOException e) {
      return new WebhookResult.Answer(
          new WebhookReply(400, "text/plain", "This is no interaction of Discord."));
    }
    if (interaction.path("type").asInt() == DiscordReader.PING) {
      return new WebhookResult.Answer(json(Json.MAPPER.createObjectNode().put("type", 1)));
    }
    if (!interaction.path("application_id").asText("").equals(connection.account().id())) {
      return new WebhookResult.Answer(
          new WebhookReply(403, "text/plain", "This is another application."));
    }
    return DiscordReader.interaction(interaction)
        .<WebhookResult>map(
            event -> new WebhookResult.Events(List.of(event), json(DiscordCommand.deferred(event))))
        .orElseGet(
            () ->
                new WebhookResult.Answer(
                    new WebhookReply(400, "text/plain", "This interaction is not known.")));
  }

  private static WebhookReply json(JsonNode body) {
    return new WebhookReply(200, "application/json", body.toString());
  }

  @Override
  public OutboxSender sender(ChatConnection connection) {
    return new DiscordSender(api, budgets, connection);
  }

  @Override
  public Future<Buffer> fetch(ChatConnection connection, SentFile attachment, int maxBytes) {
    return ChatFiles.isOf(attachment.reference(), base, FILES)
        ? files.fetch(attachment.reference(), "", maxBytes)
        : Future.failedFuture("This is no address of Discord");
  }

  @Override
  public Future<SendOutcome> send(
      ChatConnection connection, OutboxMessage message, OutboundFile file) {
    return new DiscordSender(api, budgets, connection).send(message, file);
  }

  @Override
  public void showTyping(ChatConnection connection, String conversation) {
    api.post(
        connection.secret(BOT_TOKEN),
        "/channels/%s/typing".formatted(conversation),
        MissingNode.getInstance());
  }
}
