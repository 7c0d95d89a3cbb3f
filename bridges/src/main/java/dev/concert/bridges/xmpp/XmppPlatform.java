package dev.concert.bridges.xmpp;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridges.http.ChatFiles;
import dev.concert.bridges.http.ChatHttp;
import dev.concert.bridges.http.ChatNetwork;
import dev.concert.bridges.platform.Account;
import dev.concert.bridges.platform.ChatCapabilities;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatInbox;
import dev.concert.bridges.platform.ChatPlatform;
import dev.concert.bridges.platform.ChatReceiver;
import dev.concert.bridges.platform.OutboundFile;
import dev.concert.bridges.platform.SentFile;
import dev.concert.bridges.platform.WebhookResult;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.outbox.OutboxMessage;
import dev.concert.foundation.outbox.SendOutcome;
import dev.concert.foundation.rate.RateBudgets;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLSocketFactory;

/** XMPP. */
public final class XmppPlatform implements ChatPlatform {
  static final String ADDRESS = "address";
  static final String PASSWORD = "password";

  /** Clients show corrections of the last message only, or more slowly than other platforms. */
  private static final ChatCapabilities CAPABILITIES =
      new ChatCapabilities(4000, String::length, Duration.ofSeconds(3), false, false).withFiles();

  private final Vertx vertx;
  private final XmppOptions options;
  private final RateBudgets budgets;
  private final SSLSocketFactory tls;
  private final ChatHttp http;
  private final ChatFiles files;
  private final Map<String, XmppClient> clients = new HashMap<>();

  public XmppPlatform(ChatNetwork network, XmppOptions options, RateBudgets budgets) {
    this(network, options, budgets, (SSLSocketFactory) SSLSocketFactory.getDefault());
  }

  /**
   * @param tls trusts the servers
   */
  XmppPlatform(
      ChatNetwork network, XmppOptions options, RateBudgets budgets, SSLSocketFactory tls) {
    this.vertx = network.vertx();
    this.options = options;
    this.budgets = budgets;
    this.tls = tls;
    this.http = network.http();
    this.files = network.files();
  }

  @Override
  public String name() {
    return "xmpp";
  }

  @Override
  public Set<String> secrets() {
    return Set.of(ADDRESS, PASSWORD);
  }

  @Override
  public ChatCapabilities capabilities() {
    return CAPABILITIES;
  }

  /** Signs in and leaves again. */
  @Override
  public Future<Account> verify(Map<String, String> settings, Map<String, String> secrets) {
    Optional<XmppAddress> found = XmppAddress.of(secrets.get(ADDRESS));
    if (found.isEmpty()) {
      return Future.failedFuture(
          new ConcertException(
              ErrorCode.BRIDGE_REFUSED,
              "The address looks like xmpp://user@example.org/room@rooms.example.org?"
                  + "server=xmpp.example.org:5222."));
    }
    XmppAddress address = found.get();
    if (!options.servers().contains(address.server())) {
      return Future.failedFuture(
          new ConcertException(
              ErrorCode.BRIDGE_REFUSED,
              "The operator of this server has to add '%s' to bridges.xmpp.servers first."
                  .formatted(address.server())));
    }
    Context context = vertx.getOrCreateContext();
    Promise<Account> account = Promise.promise();
    Thread.ofVirtual()
        .start(
            () -> {
              Future<Account> signedIn = signIn(address, secrets.get(PASSWORD));
              context.runOnContext(_ -> signedIn.onComplete(account));
            });
    return account.future();
  }

  /** Blocking. */
  private Future<Account> signIn(XmppAddress address, String password) {
    try (XmppStream stream = XmppStream.connect(address, tls)) {
      XmppLogin.signIn(stream, address, password);
      return Future.succeededFuture(new Account(address.bare(), address.domain(), address.bare()));
    } catch (XmppLogin.RefusedException e) {
      return Future.failedFuture(new ConcertException(ErrorCode.BRIDGE_REFUSED, e.getMessage()));
    } catch (IOException e) {
      return Future.failedFuture(
          new ConcertException(
              ErrorCode.BRIDGES_UNAVAILABLE,
              "%s cannot be reached, or does not speak XMPP with a good certificate."
                  .formatted(address.server())));
    }
  }

  @Override
  public Optional<ChatReceiver> receiver(ChatConnection connection, ChatInbox inbox) {
    Optional<XmppClient> client =
        XmppAddress.of(connection.secret(ADDRESS))
            .map(
                address -> new XmppClient(vertx, address, connection.secret(PASSWORD), tls, inbox));
    clients.values().removeIf(XmppClient::isStopped);
    client.ifPresent(one -> clients.put(connection.id(), one));
    return client.map(one -> one);
  }

  @Override
  public WebhookResult read(ChatConnection connection, DeliverWebhook webhook) {
    return new WebhookResult.Forged("XMPP has no webhooks");
  }

  private Optional<XmppUploads> server(ChatConnection connection) {
    return Optional.ofNullable(clients.get(connection.id()))
        .map(client -> new XmppUploads(client, http, files));
  }

  @Override
  public XmppSender sender(ChatConnection connection) {
    return new XmppSender(budgets, server(connection));
  }

  @Override
  public Future<SendOutcome> send(
      ChatConnection connection, OutboxMessage message, OutboundFile file) {
    return sender(connection).send(message, file);
  }

  @Override
  public Future<Buffer> fetch(ChatConnection connection, SentFile attachment, int maxBytes) {
    return server(connection)
        .map(server -> server.fetch(attachment.reference(), maxBytes))
        .orElseGet(() -> Future.failedFuture("not connected"));
  }

  @Override
  public void showTyping(ChatConnection connection, String conversation) {
    Optional.ofNullable(clients.get(connection.id())).ifPresent(one -> one.compose(conversation));
  }
}
