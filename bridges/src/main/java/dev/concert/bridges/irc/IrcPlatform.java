package dev.concert.bridges.irc;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridges.platform.Account;
import dev.concert.bridges.platform.ChatCapabilities;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatInbox;
import dev.concert.bridges.platform.ChatPlatform;
import dev.concert.bridges.platform.ChatReceiver;
import dev.concert.bridges.platform.WebhookResult;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.outbox.OutboxSender;
import dev.concert.foundation.rate.CallRate;
import dev.concert.foundation.rate.RateBudgets;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** IRC. */
public final class IrcPlatform implements ChatPlatform {
  static final String ADDRESS = "address";
  static final String PASSWORD = "password";

  /** Of the 512 bytes of a line, the server needs some for the address of who says it. */
  private static final ChatCapabilities CAPABILITIES =
      new ChatCapabilities(
          350, text -> text.getBytes(StandardCharsets.UTF_8).length, Duration.ZERO, false, false);

  private static final long REGISTER_MS = 30_000;

  /** So many lines may be said at once. */
  private static final int BURST = 5;

  private final Vertx vertx;
  private final List<String> servers;
  private final RateBudgets budgets;
  private final CallRate rate;
  private final Map<String, IrcClient> clients = new HashMap<>();

  public IrcPlatform(Vertx vertx, IrcOptions options, RateBudgets budgets) {
    this.vertx = vertx;
    this.servers = options.servers();
    this.budgets = budgets;
    this.rate = new CallRate(BURST * options.linesPerSecond(), Duration.ofSeconds(BURST));
  }

  @Override
  public String name() {
    return "irc";
  }

  @Override
  public Set<String> secrets() {
    return Set.of(ADDRESS);
  }

  @Override
  public Set<String> optionalSecrets() {
    return Set.of(PASSWORD);
  }

  /** A nick is somebody else's as soon as its owner leaves. */
  @Override
  public boolean keepsDirectChats() {
    return false;
  }

  @Override
  public ChatCapabilities capabilities() {
    return CAPABILITIES;
  }

  /** Introduces itself by another nick, since the bridge may be there already. */
  @Override
  public Future<Account> verify(Map<String, String> settings, Map<String, String> secrets) {
    Optional<IrcAddress> found = IrcAddress.of(secrets.get(ADDRESS));
    if (found.isEmpty()) {
      return refused("The address looks like ircs://nick@irc.example.com/channel,channel.");
    }
    IrcAddress address = found.get();
    if (!servers.contains(address.server())) {
      return refused(
          "The operator of this server has to add '%s' to bridges.irc.servers first."
              .formatted(address.server()));
    }
    if (!address.isTls() && secrets.containsKey(PASSWORD)) {
      return refused("A password needs TLS: begin the address with ircs://.");
    }
    NetClient client = vertx.createNetClient(IrcClient.options(address));
    return client
        .connect(address.port(), address.host())
        .recover(
            _ ->
                failed(
                    ErrorCode.BRIDGES_UNAVAILABLE,
                    "%s cannot be reached.".formatted(address.server())))
        .compose(open -> register(open, address, Optional.ofNullable(secrets.get(PASSWORD))))
        .eventually(client::close)
        .map(
            _ ->
                new Account(
                    address.nick() + "@" + address.server(), address.server(), address.nick()));
  }

  private static Future<Void> register(
      NetSocket open, IrcAddress address, Optional<String> password) {
    String other = address.nick() + ThreadLocalRandom.current().nextInt(100, 1000);
    IrcRegistration registration = new IrcRegistration(other, address.nick(), password);
    Promise<Void> registered = Promise.promise();
    open.closeHandler(
        _ ->
            registered.tryFail(
                new ConcertException(
                    ErrorCode.BRIDGES_UNAVAILABLE, "The server closed the connection.")));
    IrcClient.read(
        open,
        line -> {
          registration.heard(line).forEach(reply -> open.write(reply + "\r\n"));
          if (line.command().equals("PING")) {
            open.write("PONG :" + line.last() + "\r\n");
          }
          registration
              .refusal()
              .ifPresent(
                  reason ->
                      registered.tryFail(new ConcertException(ErrorCode.BRIDGE_REFUSED, reason)));
          if (registration.isDone()) {
            registered.tryComplete();
          }
        });
    registration.begin().forEach(line -> open.write(line + "\r\n"));
    return registered
        .future()
        .timeout(REGISTER_MS, TimeUnit.MILLISECONDS)
        .eventually(() -> open.write("QUIT\r\n").eventually(open::close));
  }

  private static <T> Future<T> refused(String message) {
    return failed(ErrorCode.BRIDGE_REFUSED, message);
  }

  private static <T> Future<T> failed(ErrorCode code, String message) {
    return Future.failedFuture(new ConcertException(code, message));
  }

  @Override
  public Optional<ChatReceiver> receiver(ChatConnection connection, ChatInbox inbox) {
    Optional<IrcClient> client =
        IrcAddress.of(connection.secret(ADDRESS))
            .map(
                address ->
                    new IrcClient(
                        vertx,
                        address,
                        Optional.ofNullable(connection.secrets().get(PASSWORD)),
                        inbox,
                        budgets,
                        rate));
    clients.values().removeIf(IrcClient::isStopped);
    client.ifPresent(one -> clients.put(connection.id(), one));
    return client.map(one -> one);
  }

  @Override
  public WebhookResult read(ChatConnection connection, DeliverWebhook webhook) {
    return new WebhookResult.Forged("IRC has no webhooks");
  }

  @Override
  public OutboxSender sender(ChatConnection connection) {
    return new IrcSender(Optional.ofNullable(clients.get(connection.id())));
  }
}
