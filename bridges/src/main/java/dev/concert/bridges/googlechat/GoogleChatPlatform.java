package dev.concert.bridges.googlechat;

import com.fasterxml.jackson.databind.JsonNode;
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
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Google Chat. */
public final class GoogleChatPlatform implements ChatPlatform {
  static final String SERVICE_ACCOUNT = "serviceAccount";
  static final String PROJECT_NUMBER = "projectNumber";
  static final String SUBSCRIPTION = "subscription";

  /** Below what Google takes, which is 4096 UTF-16 code units. */
  private static final ChatCapabilities CAPABILITIES =
      new ChatCapabilities(
          4000, text -> GoogleChatMarkdown.render(text).length(), Duration.ofSeconds(2));

  private final Vertx vertx;
  private final ChatFiles files;
  private final GoogleChatApi api;
  private final PublishedKeys chatKeys;
  private final PublishedKeys openIdKeys;
  private final RateBudgets budgets;

  /**
   * @param clock of tokens
   */
  public GoogleChatPlatform(
      ChatNetwork network,
      GoogleChatEndpoints endpoints,
      RateBudgets budgets,
      InstantSource clock) {
    this.vertx = network.vertx();
    this.files = network.files();
    this.api = new GoogleChatApi(vertx, network.http(), new ChatTokens(clock), endpoints);
    this.chatKeys = new PublishedKeys(vertx, api::chatKeys, clock);
    this.openIdKeys = new PublishedKeys(vertx, api::openIdKeys, clock);
    this.budgets = budgets;
  }

  /**
   * @throws IllegalStateException where the connection has no service account
   */
  static ChatServiceAccount account(ChatConnection connection) {
    return ChatServiceAccount.of(connection.secret(SERVICE_ACCOUNT))
        .orElseThrow(() -> new IllegalStateException("The key of the service account is unread"));
  }

  @Override
  public String name() {
    return "googlechat";
  }

  @Override
  public Set<String> secrets() {
    return Set.of(SERVICE_ACCOUNT);
  }

  /** With a subscription events are pulled; with the project's number they come as webhooks. */
  @Override
  public Set<String> optionalSecrets() {
    return Set.of(PROJECT_NUMBER, SUBSCRIPTION);
  }

  @Override
  public ChatCapabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public Optional<ChatReceiver> receiver(ChatConnection connection, ChatInbox inbox) {
    return connection.secrets().containsKey(SUBSCRIPTION)
        ? Optional.of(new GoogleChatPull(vertx, api, connection, inbox))
        : Optional.empty();
  }

  @Override
  public Future<Account> verify(Map<String, String> settings, Map<String, String> secrets) {
    Optional<ChatServiceAccount> account =
        ChatServiceAccount.of(secrets.getOrDefault(SERVICE_ACCOUNT, ""));
    Optional<String> project = account.flatMap(ChatServiceAccount::project);
    if (project.isEmpty()) {
      return refused(
          "The service account is the content of a JSON key file of an account of the project"
              + " (…@PROJECT.iam.gserviceaccount.com).");
    }
    if (!secrets.containsKey(PROJECT_NUMBER) && !secrets.containsKey(SUBSCRIPTION)) {
      return refused(
          "Google Chat needs the project's number for events over HTTP, or a subscription of"
              + " Pub/Sub.");
    }
    if (!secrets.getOrDefault(PROJECT_NUMBER, "1").matches("\\d{1,20}")) {
      return refused("The project's number has digits only. It is not the project's id.");
    }
    if (!secrets
        .getOrDefault(SUBSCRIPTION, "projects/p/subscriptions/s")
        .matches("projects/[\\w.:-]+/subscriptions/[\\w.~+%-]+")) {
      return refused("The subscription looks like projects/PROJECT/subscriptions/NAME.");
    }
    return api.tryOut(account.get())
        .recover(
            failure ->
                failure instanceof IllegalArgumentException
                    ? refused(failure.getMessage() + ".")
                    : Future.failedFuture(failure))
        .compose(reply -> account(project.get(), reply));
  }

  private static Future<Account> account(String project, ChatReply reply) {
    return switch (reply) {
      case ChatReply.Ok _ ->
          Future.succeededFuture(
              new Account(project, "Google Chat (%s)".formatted(project), "users/app"));
      case ChatReply.Refused refused ->
          refused(
              "Google does not take the service account: %s"
                  .formatted(refused.body().path("error_description").asText(refused.reason())));
      case ChatReply _ ->
          Future.failedFuture(
              new ConcertException(ErrorCode.BRIDGES_UNAVAILABLE, "Google does not answer now."));
    };
  }

  private static <T> Future<T> refused(String message) {
    return Future.failedFuture(new ConcertException(ErrorCode.BRIDGE_REFUSED, message));
  }

  @Override
  public WebhookResult read(ChatConnection connection, DeliverWebhook webhook) {
    if (!connection.secrets().containsKey(PROJECT_NUMBER)) {
      return new WebhookResult.Forged("the events of this application are pulled");
    }
    String authorization = webhook.headers().getOrDefault("authorization", "");
    boolean isOfChat = PublishedKeys.namedIssuer(authorization).equals(GoogleChatToken.CHAT);
    return new WebhookResult.Later(
        (isOfChat ? chatKeys : openIdKeys)
            .check(authorization)
            .map(token -> read(connection, token, webhook.body())));
  }

  private static WebhookResult read(ChatConnection connection, TokenResult token, byte[] body) {
    return switch (token) {
      case TokenResult.Wrong wrong -> new WebhookResult.Forged(wrong.reason());
      case TokenResult.Genuine genuine ->
          GoogleChatToken.fault(genuine, connection)
              .<WebhookResult>map(WebhookResult.Forged::new)
              .orElseGet(() -> read(body, GoogleChatToken.isPushed(genuine, connection)));
    };
  }

  private static WebhookResult read(byte[] body, boolean isPushed) {
    try {
      JsonNode event = Json.MAPPER.readTree(body);
      return isPushed
          ? new WebhookResult.Events(
              GoogleChatReader.published(event.path("message")), WebhookResult.received())
          : GoogleChatReader.read(event);
    } catch (IOException e) {
      return new WebhookResult.Answer(
          new WebhookReply(400, "text/plain", "This is no event of Google Chat."));
    }
  }

  @Override
  public OutboxSender sender(ChatConnection connection) {
    return new GoogleChatSender(api, budgets, connection);
  }

  @Override
  public Future<Buffer> fetch(ChatConnection connection, SentFile attachment, int maxBytes) {
    return attachment.reference().isEmpty()
        ? Future.failedFuture("Google gives applications no files of Drive")
        : api.media(connection, attachment.reference())
            .compose(media -> files.fetch(media.url(), media.authorization(), maxBytes));
  }
}
