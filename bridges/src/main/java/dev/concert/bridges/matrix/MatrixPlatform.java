package dev.concert.bridges.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
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
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Matrix. */
public final class MatrixPlatform implements ChatPlatform {
  static final String HOMESERVER = "homeserver";
  static final String AS_TOKEN = "asToken";
  static final String HS_TOKEN = "hsToken";

  /**
   * An event has 64 KiB. A change has each text twice, where JSON makes six bytes of some
   * characters.
   */
  private static final ChatCapabilities CAPABILITIES =
      new ChatCapabilities(
              4800,
              text -> text.getBytes(StandardCharsets.UTF_8).length,
              Duration.ofSeconds(2),
              false,
              false)
          .withFiles();

  private static final int TYPING_MS = 8000;
  private static final int BAD_REQUEST = 400;

  private final MatrixOptions options;
  private final MatrixApi api;
  private final RateBudgets budgets;
  private final MatrixTransaction transactions;

  public MatrixPlatform(ChatNetwork network, MatrixOptions options, RateBudgets budgets) {
    this.options = options;
    this.api = new MatrixApi(network.http(), network.files());
    this.budgets = budgets;
    this.transactions = new MatrixTransaction(api, new MatrixRooms(network.vertx(), api));
  }

  @Override
  public String name() {
    return "matrix";
  }

  @Override
  public Set<String> secrets() {
    return Set.of(HOMESERVER, AS_TOKEN, HS_TOKEN);
  }

  @Override
  public ChatCapabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public Optional<String> connectionId(Map<String, String> secrets) {
    return Optional.of(
        new MatrixRegistration(secrets.get(AS_TOKEN), secrets.get(HS_TOKEN)).connectionId());
  }

  @Override
  public Future<Account> verify(Map<String, String> settings, Map<String, String> secrets) {
    String homeserver = MatrixOptions.withoutSlash(secrets.get(HOMESERVER));
    if (!options.homeservers().contains(homeserver)) {
      return failed(
          ErrorCode.BRIDGE_REFUSED,
          "The operator of this server has to add '%s' to bridges.matrix.homeservers first."
              .formatted(homeserver));
    }
    String token = secrets.get(AS_TOKEN);
    if (!isToken(token) || !isToken(secrets.get(HS_TOKEN)) || token.equals(secrets.get(HS_TOKEN))) {
      return failed(
          ErrorCode.BRIDGE_REFUSED,
          "as_token and hs_token are two texts of 32 to 255 letters, digits, '_', '-', '.' and"
              + " '~'.");
    }
    return api.whoAmI(homeserver, token)
        .compose(
            reply ->
                switch (reply) {
                  case ChatReply.Ok ok when ok.body().path("user_id").asText("").startsWith("@") ->
                      Future.succeededFuture(account(ok.body().path("user_id").asText()));
                  case ChatReply.Refused refused when refused.status() == 401 ->
                      failed(
                          ErrorCode.BRIDGE_REFUSED,
                          "The homeserver does not know the as_token. Name the registration file in"
                              + " its app_service_config_files, and start it again.");
                  case ChatReply.Refused refused ->
                      failed(
                          ErrorCode.BRIDGE_REFUSED, "The homeserver refuses: " + refused.reason());
                  case ChatReply _ ->
                      failed(ErrorCode.BRIDGES_UNAVAILABLE, "The homeserver does not answer now.");
                });
  }

  private static boolean isToken(String text) {
    return text.matches("[A-Za-z0-9_.~-]{32,255}");
  }

  /** It belongs to who could tell the homeserver of it. */
  private static Account account(String userId) {
    return new Account(userId, userId.substring(userId.indexOf(':') + 1), userId);
  }

  private static <T> Future<T> failed(ErrorCode code, String message) {
    return Future.failedFuture(new ConcertException(code, message));
  }

  /** The bot becomes a user of the homeserver, with a name. */
  @Override
  public Future<Void> setUp(ChatConnection connection) {
    String userId = connection.account().botUserId();
    ObjectNode user =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", "m.login.application_service")
            .put("username", userId.substring(1, userId.indexOf(':')))
            .put("inhibit_login", true);
    ObjectNode name = JsonNodeFactory.instance.objectNode().put("displayname", "Concert");
    return api.post(connection, "/register", user)
        .compose(
            reply ->
                reply instanceof ChatReply.Ok || isThere(reply)
                    ? api.put(
                        connection,
                        "/profile/%s/displayname".formatted(MatrixApi.encoded(userId)),
                        name)
                    : failed(
                        ErrorCode.BRIDGES_UNAVAILABLE,
                        "The homeserver does not make the bot a user. Try again."))
        .mapEmpty();
  }

  private static boolean isThere(ChatReply reply) {
    return reply instanceof ChatReply.Refused refused
        && refused.status() == BAD_REQUEST
        && refused.body().path("errcode").asText("").equals("M_USER_IN_USE");
  }

  /** The homeserver signs nothing: it sends a token that only it and we know. */
  @Override
  public WebhookResult read(ChatConnection connection, DeliverWebhook webhook) {
    byte[] sent =
        webhook.headers().getOrDefault("authorization", "").getBytes(StandardCharsets.UTF_8);
    byte[] wanted = ("Bearer " + connection.secret(HS_TOKEN)).getBytes(StandardCharsets.UTF_8);
    return MessageDigest.isEqual(wanted, sent)
        ? transactions.read(connection, webhook)
        : new WebhookResult.Forged("the hs_token is wrong");
  }

  @Override
  public Future<List<EarlierMessage>> earlier(
      ChatConnection connection, InboundEvent event, int max) {
    String room = MatrixContent.room(event.conversation());
    Optional<String> root = MatrixContent.thread(event.conversation());
    if (root.filter(one -> !MatrixReader.id(one).equals(event.eventId())).isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    String first = "/event/" + MatrixApi.encoded(root.get());
    return api.get(connection, MatrixApi.room(room, first))
        .compose(
            began ->
                api.thread(connection, room, root.get(), max + 1)
                    .map(thread -> earlier(connection, event, began, thread)));
  }

  private static List<EarlierMessage> earlier(
      ChatConnection connection, InboundEvent event, ChatReply began, ChatReply thread) {
    List<JsonNode> events = new ArrayList<>();
    if (thread instanceof ChatReply.Ok ok) {
      ok.body().path("chunk").forEach(events::addFirst);
    }
    if (began instanceof ChatReply.Ok ok) {
      events.addFirst(ok.body());
    }
    return events.stream()
        .filter(one -> MatrixReader.isOfPerson(connection, one))
        .filter(one -> !MatrixReader.id(one.path("event_id").asText("")).equals(event.eventId()))
        .filter(one -> !one.at("/content/body").asText("").isBlank())
        .map(one -> new EarlierMessage(author(one), one.at("/content/body").asText()))
        .toList();
  }

  /** Without the homeserver. */
  private static String author(JsonNode event) {
    return event.path("sender").asText("").replaceAll("\\A@|:.*", "");
  }

  @Override
  public OutboxSender sender(ChatConnection connection) {
    return new MatrixSender(api, budgets, connection);
  }

  @Override
  public Future<Buffer> fetch(ChatConnection connection, SentFile attachment, int maxBytes) {
    return api.download(connection, attachment.reference(), maxBytes);
  }

  @Override
  public Future<SendOutcome> send(
      ChatConnection connection, OutboxMessage message, OutboundFile file) {
    return new MatrixSender(api, budgets, connection).send(message, file);
  }

  @Override
  public void showTyping(ChatConnection connection, String conversation) {
    String path = "/typing/" + MatrixApi.encoded(connection.account().botUserId());
    ObjectNode typing =
        JsonNodeFactory.instance.objectNode().put("typing", true).put("timeout", TYPING_MS);
    api.put(connection, MatrixApi.room(MatrixContent.room(conversation), path), typing);
  }
}
