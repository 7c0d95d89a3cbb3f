package dev.concert.bridges;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridge.BridgeMessages.WebhookReply;
import dev.concert.bridges.connection.ConnectionAdmin;
import dev.concert.bridges.connection.ConnectionStore;
import dev.concert.bridges.conversation.ChatServices;
import dev.concert.bridges.conversation.PairingAttempts;
import dev.concert.bridges.conversation.TenantChat;
import dev.concert.bridges.discord.DiscordPlatform;
import dev.concert.bridges.googlechat.GoogleChatPlatform;
import dev.concert.bridges.http.ChatHttp;
import dev.concert.bridges.linear.LinearPlatform;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatPlatform;
import dev.concert.bridges.platform.WebhookResult;
import dev.concert.bridges.slack.SlackPlatform;
import dev.concert.bridges.teams.TeamsPlatform;
import dev.concert.bridges.telegram.TelegramPlatform;
import dev.concert.bus.Accepted;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.foundation.client.GatewayClient;
import dev.concert.foundation.jdbc.JdbcDatabases;
import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.foundation.lease.FileLease;
import dev.concert.foundation.lease.LeaseTerm;
import dev.concert.foundation.rate.RateBudgets;
import dev.concert.foundation.secret.SecretStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chat bridges of this node. It holds the lease of all tenants' chats as long as it runs; the
 * epoch of that lease is in every change of theirs.
 */
public final class BridgesVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(BridgesVerticle.class);
  private static final int OPEN_DATABASES = 256;
  private static final WebhookReply UNKNOWN =
      new WebhookReply(404, "text/plain", "There is no such connection.");

  /** What one node needs, once it has the lease. */
  private record Opened(LeaseTerm term, SecretStore secrets) {}

  private final BridgesOptions options;
  private final InstantSource clock;
  private final Map<String, Future<TenantChat>> tenants = new HashMap<>();
  private Map<String, ChatPlatform> platforms = Map.of();
  private Opened opened;
  private ConnectionStore connections;
  private JdbcDatabases databases;
  private ChatServices services;
  private ConnectionReceivers receivers;

  public BridgesVerticle(BridgesOptions options) {
    this(options, InstantSource.system());
  }

  /**
   * @param clock of signatures, codes and retries
   */
  public BridgesVerticle(BridgesOptions options, InstantSource clock) {
    this.options = options;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    RateBudgets budgets = new RateBudgets(vertx);
    ChatHttp http = new ChatHttp(vertx);
    platforms =
        Stream.<ChatPlatform>of(
                new DiscordPlatform(vertx, http, options.discordApi(), budgets, clock),
                new GoogleChatPlatform(vertx, http, options.googleChat(), budgets, clock),
                new LinearPlatform(vertx, options.linearApi(), options.page(), budgets, clock),
                new SlackPlatform(vertx, options.slackApi(), budgets, clock),
                new TeamsPlatform(vertx, http, options.teams(), budgets, clock),
                new TelegramPlatform(vertx, options.telegramApi(), budgets))
            .collect(Collectors.toUnmodifiableMap(ChatPlatform::name, one -> one));
    ConcertBus bus = new ConcertBus(vertx);
    return vertx
        .executeBlocking(this::open)
        .compose(
            done -> {
              opened = done;
              connections =
                  new ConnectionStore(vertx, options.folder(), done.secrets(), this::secretNames);
              databases =
                  new JdbcDatabases(vertx, options::tenant, TenantChat.MIGRATIONS, OPEN_DATABASES);
              services =
                  new ChatServices(
                      new GatewayClient(bus),
                      connections,
                      platforms,
                      new PairingAttempts(budgets),
                      options.agentType());
              receivers = new ConnectionReceivers(platforms, this::tenant);
              return connections.all();
            })
        .compose(this::begin)
        .onSuccess(_ -> serve(bus));
  }

  /** Each tenant goes on by itself: that one of them cannot be opened concerns no other. */
  private Future<Void> begin(List<ChatConnection> all) {
    return Future.join(
            all.stream().map(ChatConnection::tenantId).distinct().map(this::tenant).toList())
        .transform(_ -> Future.succeededFuture())
        .onSuccess(_ -> all.forEach(receivers::start))
        .mapEmpty();
  }

  private Opened open() throws Exception {
    LeaseTerm term =
        new FileLease(options.folder())
            .tryAcquire("chats")
            .orElseThrow(
                () -> new IllegalStateException("Another process serves the chats of this folder"));
    try {
      return new Opened(term, options.secrets().open());
    } catch (RuntimeException e) {
      term.close();
      throw e;
    }
  }

  private Set<String> secretNames(String platform) {
    ChatPlatform known = platforms.get(platform);
    return known == null
        ? Set.of()
        : Stream.concat(known.secrets().stream(), known.optionalSecrets().stream())
            .collect(Collectors.toUnmodifiableSet());
  }

  private void serve(ConcertBus bus) {
    new ConnectionAdmin(
            platforms, connections, this::added, receivers::stop, receivers::health, clock)
        .serve(bus);
    bus.serve(Addresses.DELIVER_WEBHOOK, this::deliver);
    bus.serve(Addresses.FORGET_CHATS, wanted -> forget(wanted.tenantId()));
    bus.serve(
        Addresses.CREATE_PAIRING_CODE,
        wanted ->
            tenant(wanted.tenantId()).compose(chat -> chat.createPairingCode(wanted.userId())));
  }

  /** The files of the tenant are its gateway's: they are closed here, and removed there. */
  private Future<Accepted> forget(String tenantId) {
    Future<TenantChat> chat = tenants.remove(tenantId);
    if (chat != null && chat.succeeded()) {
      chat.result().stop();
    }
    return connections
        .ofTenant(tenantId)
        .compose(
            all -> {
              all.forEach(one -> receivers.stop(one.id()));
              return Future.join(
                  all.stream().map(one -> connections.remove(tenantId, one)).toList());
            })
        .compose(_ -> databases.close(tenantId))
        .map(new Accepted());
  }

  private void added(ChatConnection connection) {
    receivers.start(connection);
    LOG.atInfo()
        .addKeyValue("tenantId", connection.tenantId())
        .log("A bridge to {} was added", connection.platform());
  }

  /** The chats of a tenant; what an earlier process left is going on in them. */
  private Future<TenantChat> tenant(String tenantId) {
    Future<TenantChat> there = tenants.get(tenantId);
    if (there != null && !there.failed()) {
      return there;
    }
    TenantChat chat =
        new TenantChat(
            vertx, services, new FencedDatabase(databases, tenantId, opened.term().epoch()), clock);
    Future<TenantChat> started = chat.start().map(chat);
    tenants.put(tenantId, started);
    return started.onFailure(
        failure -> LOG.error("The chats of tenant {} cannot be opened", tenantId, failure));
  }

  private Future<WebhookReply> deliver(DeliverWebhook webhook) {
    return connections
        .find(webhook.connectionId())
        .compose(
            found ->
                found
                    .filter(connection -> connection.platform().equals(webhook.platform()))
                    .map(connection -> deliver(connection, webhook))
                    .orElseGet(() -> Future.succeededFuture(UNKNOWN)));
  }

  private Future<WebhookReply> deliver(ChatConnection connection, DeliverWebhook webhook) {
    return take(connection, platforms.get(connection.platform()).read(connection, webhook));
  }

  private Future<WebhookReply> take(ChatConnection connection, WebhookResult read) {
    return switch (read) {
      case WebhookResult.Later later -> later.result().compose(known -> take(connection, known));
      case WebhookResult.Forged forged -> {
        LOG.atInfo()
            .addKeyValue("tenantId", connection.tenantId())
            .log("A webhook of {} is refused: {}", connection.platform(), forged.reason());
        yield Future.succeededFuture(new WebhookReply(401, "text/plain", forged.reason()));
      }
      case WebhookResult.Answer answer -> Future.succeededFuture(answer.reply());
      case WebhookResult.Events events ->
          tenant(connection.tenantId())
              .compose(chat -> chat.receive(connection, events.events()))
              .map(events.reply());
    };
  }

  @Override
  public Future<?> stop() {
    if (receivers == null) {
      return Future.succeededFuture();
    }
    receivers.stopAll();
    tenants.values().stream().filter(Future::succeeded).forEach(chat -> chat.result().stop());
    return databases
        .close()
        .eventually(connections::close)
        .eventually(
            () ->
                vertx.executeBlocking(
                    () -> {
                      opened.term().close();
                      return null;
                    }));
  }
}
