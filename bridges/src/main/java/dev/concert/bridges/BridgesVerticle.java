package dev.concert.bridges;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridge.BridgeMessages.WebhookReply;
import dev.concert.bridges.connection.ConnectionAdmin;
import dev.concert.bridges.connection.ConnectionStore;
import dev.concert.bridges.conversation.ChatServices;
import dev.concert.bridges.conversation.PairingAttempts;
import dev.concert.bridges.conversation.TokenCircuit;
import dev.concert.bridges.discord.DiscordPlatform;
import dev.concert.bridges.googlechat.GoogleChatPlatform;
import dev.concert.bridges.http.ChatNetwork;
import dev.concert.bridges.irc.IrcPlatform;
import dev.concert.bridges.linear.LinearPlatform;
import dev.concert.bridges.matrix.MatrixPlatform;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatPlatform;
import dev.concert.bridges.platform.WebhookResult;
import dev.concert.bridges.slack.SlackPlatform;
import dev.concert.bridges.teams.TeamsPlatform;
import dev.concert.bridges.telegram.TelegramPlatform;
import dev.concert.bridges.xmpp.XmppPlatform;
import dev.concert.bus.Accepted;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.DeliveryAddresses;
import dev.concert.foundation.client.GatewayClient;
import dev.concert.foundation.lease.Lease;
import dev.concert.foundation.lease.LeaseCandidate;
import dev.concert.foundation.lease.OwnerOperations;
import dev.concert.foundation.rate.RateBudgets;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chat bridges of this node. The node that holds their lease serves the chats of all tenants;
 * the others verify what platforms send, pass on to that one, and take over when it is gone.
 */
public final class BridgesVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(BridgesVerticle.class);

  /** There is one owner of the chats of all tenants. */
  private static final String LEASE = "chats";

  private static final WebhookReply UNKNOWN =
      new WebhookReply(404, "text/plain", "There is no such connection.");

  private final BridgesOptions options;
  private final InstantSource clock;
  private Map<String, ChatPlatform> platforms = Map.of();
  private ConnectionStore connections;
  private TenantChats chats;
  private Lease lease;
  private LeaseCandidate candidate;
  private OwnerOperations operations;

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
    ChatNetwork network = new ChatNetwork(vertx, options.proxies());
    platforms =
        Stream.<ChatPlatform>of(
                new DiscordPlatform(network, options.discordApi(), budgets, clock),
                new GoogleChatPlatform(network, options.googleChat(), budgets, clock),
                new IrcPlatform(vertx, options.irc(), budgets),
                new LinearPlatform(network, options.linearApi(), options.page(), budgets, clock),
                new MatrixPlatform(network, options.matrix(), budgets),
                new SlackPlatform(network, options.slackApi(), budgets, clock),
                new TeamsPlatform(network, options.teams(), budgets, clock),
                new TelegramPlatform(network, options.telegramApi(), budgets, clock),
                new XmppPlatform(network, options.xmpp(), budgets))
            .collect(Collectors.toUnmodifiableMap(ChatPlatform::name, one -> one));
    ConcertBus bus = new ConcertBus(vertx);
    return vertx
        .executeBlocking(() -> options.secrets().open())
        .compose(
            secrets -> {
              connections =
                  new ConnectionStore(vertx, options.folder(), secrets, this::secretNames);
              chats =
                  new TenantChats(
                      vertx,
                      options,
                      new ChatServices(
                          new GatewayClient(bus),
                          connections,
                          platforms,
                          new PairingAttempts(budgets),
                          new TokenCircuit(clock),
                          bus,
                          options.agentType()),
                      clock);
              lease = options.lease().open(vertx, options.folder(), bus.node());
              candidate = new LeaseCandidate(vertx, lease, LEASE, chats);
              operations = new OwnerOperations(bus, candidate, "the chats");
              return candidate.start();
            })
        .onSuccess(_ -> serve(bus));
  }

  private Set<String> secretNames(String platform) {
    ChatPlatform known = platforms.get(platform);
    return known == null
        ? Set.of()
        : Stream.concat(known.secrets().stream(), known.optionalSecrets().stream())
            .collect(Collectors.toUnmodifiableSet());
  }

  private void serve(ConcertBus bus) {
    ConnectionAdmin admin =
        new ConnectionAdmin(
            platforms, connections, chats::added, chats::removed, chats::health, clock);
    operations.serve(Addresses.ADD_BRIDGE, admin::add);
    operations.serve(Addresses.LIST_BRIDGES, admin::list);
    operations.serve(Addresses.TEST_BRIDGE, admin::test);
    operations.serve(Addresses.REMOVE_BRIDGE, admin::remove);
    operations.serve(
        Addresses.FORGET_CHATS, wanted -> chats.forget(wanted.tenantId()).map(Accepted.ACCEPTED));
    operations.serve(
        Addresses.CREATE_PAIRING_CODE,
        wanted ->
            chats
                .tenant(wanted.tenantId())
                .compose(chat -> chat.createPairingCode(wanted.userId())));
    operations.serve(
        DeliveryAddresses.NOTIFY_MEMBER,
        wanted -> chats.tenant(wanted.tenantId()).compose(chat -> chat.tell(wanted)));
    bus.serve(Addresses.DELIVER_WEBHOOK, this::deliver);
    operations.servePassedOn(Addresses.DELIVER_WEBHOOK, this::deliver);
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
    return take(
        connection, webhook, platforms.get(connection.platform()).read(connection, webhook));
  }

  private Future<WebhookReply> take(
      ChatConnection connection, DeliverWebhook webhook, WebhookResult read) {
    return switch (read) {
      case WebhookResult.Later later ->
          later.result().compose(known -> take(connection, webhook, known));
      case WebhookResult.Forged forged -> {
        LOG.atInfo()
            .addKeyValue("tenantId", connection.tenantId())
            .log("A webhook of {} is refused: {}", connection.platform(), forged.reason());
        yield Future.succeededFuture(new WebhookReply(401, "text/plain", forged.reason()));
      }
      case WebhookResult.Answer answer -> Future.succeededFuture(answer.reply());
      // Any node verifies; the owner verifies again what it is to claim.
      case WebhookResult.Events _ when !operations.isHere() ->
          operations.passOn(Addresses.DELIVER_WEBHOOK, webhook);
      case WebhookResult.Events events ->
          chats
              .tenant(connection.tenantId())
              .compose(chat -> chat.receive(connection, events.events()))
              .map(events.reply());
    };
  }

  @Override
  public Future<?> stop() {
    return candidate == null
        ? Future.succeededFuture()
        : candidate.stop().eventually(connections::close).onComplete(_ -> lease.close());
  }
}
