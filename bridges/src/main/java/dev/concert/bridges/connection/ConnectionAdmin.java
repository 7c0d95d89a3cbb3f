package dev.concert.bridges.connection;

import dev.concert.bridge.BridgeMessages.AddBridge;
import dev.concert.bridge.BridgeMessages.Bridge;
import dev.concert.bridge.BridgeMessages.BridgeTested;
import dev.concert.bridge.BridgeMessages.Bridges;
import dev.concert.bridge.BridgeMessages.ListBridges;
import dev.concert.bridge.BridgeMessages.RemoveBridge;
import dev.concert.bridge.BridgeMessages.TestBridge;
import dev.concert.bridges.platform.Account;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatPlatform;
import dev.concert.bridges.platform.ChatReceiver;
import dev.concert.bus.Accepted;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/** Adds, lists, tests and removes connections. Who may, the gateway has checked. */
public final class ConnectionAdmin {
  private static final ChatReceiver.Health WEBHOOKS =
      new ChatReceiver.Health(true, "Events come as webhooks.");
  private static final int ID_BYTES = 16;

  private final Map<String, ChatPlatform> platforms;
  private final ConnectionStore store;
  private final Consumer<ChatConnection> added;
  private final Consumer<String> removed;
  private final Function<String, Optional<ChatReceiver.Health>> health;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param added is given each new connection
   * @param removed is given the id of each that goes
   * @param health of the receiver of a connection; empty where it has none
   */
  public ConnectionAdmin(
      Map<String, ChatPlatform> platforms,
      ConnectionStore store,
      Consumer<ChatConnection> added,
      Consumer<String> removed,
      Function<String, Optional<ChatReceiver.Health>> health,
      InstantSource clock) {
    this.platforms = platforms;
    this.store = store;
    this.added = added;
    this.removed = removed;
    this.health = health;
    this.clock = clock;
  }

  /** The connections of a tenant. */
  public Future<Bridges> list(ListBridges wanted) {
    return store
        .ofTenant(wanted.tenantId())
        .map(all -> new Bridges(all.stream().map(this::shown).toList()));
  }

  /** Asks the platform whether it still takes the credentials. */
  public Future<BridgeTested> test(TestBridge wanted) {
    return own(wanted.tenantId(), wanted.connectionId()).compose(this::test);
  }

  /** From then on the platform's events for it are those of nobody. */
  public Future<Accepted> remove(RemoveBridge wanted) {
    return own(wanted.tenantId(), wanted.connectionId())
        .onSuccess(connection -> removed.accept(connection.id()))
        .compose(connection -> store.remove(wanted.tenantId(), connection))
        .map(Accepted.ACCEPTED);
  }

  /** Adds a connection, once the platform says whose credentials these are. */
  public Future<Bridge> add(AddBridge wanted) {
    ChatPlatform platform = platforms.get(wanted.platform());
    if (platform == null) {
      return refused(
          "There is no chat platform '%s'. There are: %s."
              .formatted(wanted.platform(), String.join(", ", new TreeSet<>(platforms.keySet()))));
    }
    TreeSet<String> missing = new TreeSet<>(platform.secrets());
    missing.removeAll(wanted.secrets().keySet());
    if (!missing.isEmpty()) {
      return refused(
          "%s needs these secrets, too: %s."
              .formatted(wanted.platform(), String.join(", ", missing)));
    }
    TreeSet<String> known = new TreeSet<>(platform.secrets());
    known.addAll(platform.optionalSecrets());
    if (!known.containsAll(wanted.secrets().keySet())) {
      return refused("%s has the secrets %s only.".formatted(wanted.platform(), known));
    }
    return platform
        .verify(wanted.settings(), wanted.secrets())
        .map(account -> connection(platform, wanted, account))
        .compose(connection -> store.add(connection).map(connection))
        .compose(connection -> setUp(platform, connection))
        .onSuccess(added::accept)
        .map(this::shown);
  }

  /** A connection that the platform cannot serve is of no use. */
  private Future<ChatConnection> setUp(ChatPlatform platform, ChatConnection connection) {
    return platform
        .setUp(connection)
        .recover(
            failure ->
                store
                    .remove(connection.tenantId(), connection)
                    .compose(_ -> Future.failedFuture(failure)))
        .map(connection);
  }

  private String newId() {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  private ChatConnection connection(ChatPlatform platform, AddBridge wanted, Account account) {
    Map<String, String> settings = new HashMap<>(wanted.settings());
    settings.putAll(account.settings());
    return new ChatConnection(
        platform.connectionId(wanted.secrets()).orElseGet(this::newId),
        wanted.tenantId(),
        wanted.platform(),
        wanted.name(),
        account,
        Map.copyOf(settings),
        Map.copyOf(wanted.secrets()),
        clock.millis());
  }

  private Future<BridgeTested> test(ChatConnection connection) {
    return platforms
        .get(connection.platform())
        .verify(connection.settings(), connection.secrets())
        .map(
            account ->
                account.id().equals(connection.account().id())
                    ? new BridgeTested(
                        true,
                        "Connected to %s as %s.".formatted(account.name(), account.botUserId()))
                    : new BridgeTested(false, "The credentials belong to another account now."))
        .otherwise(failure -> new BridgeTested(false, Problem.of(failure).message()));
  }

  private Future<ChatConnection> own(String tenantId, String id) {
    return store
        .find(id)
        .map(
            found ->
                found
                    .filter(connection -> connection.tenantId().equals(tenantId))
                    .orElseThrow(
                        () ->
                            new ConcertException(
                                ErrorCode.BRIDGE_NOT_FOUND, "You have no bridge of this id.")));
  }

  private static <T> Future<T> refused(String message) {
    return Future.failedFuture(new ConcertException(ErrorCode.INVALID_MESSAGE, message));
  }

  private Bridge shown(ChatConnection connection) {
    ChatReceiver.Health now = health.apply(connection.id()).orElse(WEBHOOKS);
    return new Bridge(
        connection.id(),
        connection.platform(),
        connection.name(),
        connection.account().id(),
        connection.account().name(),
        "/webhooks/%s/%s".formatted(connection.platform(), connection.id()),
        now.isConnected(),
        now.message(),
        connection.createdAt());
  }
}
