package dev.concert.github.forge;

import dev.concert.bridge.BridgeMessages.AddBridge;
import dev.concert.bridge.BridgeMessages.Bridge;
import dev.concert.bridge.BridgeMessages.BridgeTested;
import dev.concert.bridge.BridgeMessages.Bridges;
import dev.concert.bus.Accepted;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.GitHubAddresses;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.github.api.ForgeException;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.connection.ForgeConnectionStore;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.Consumer;

/** Adds, lists, tests and removes connections to forges. Who may, the gateway has checked. */
public final class ForgeConnectionAdmin {
  private static final int ID_BYTES = 16;

  private final Forges forges;
  private final ForgeConnectionStore store;
  private final Consumer<ForgeConnection> removed;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param removed is given each that goes
   */
  public ForgeConnectionAdmin(
      Forges forges, ForgeConnectionStore store, Consumer<ForgeConnection> removed) {
    this.forges = forges;
    this.store = store;
    this.removed = removed;
  }

  /** Answers from now on. */
  public void serve(ConcertBus bus) {
    bus.serve(GitHubAddresses.ADD_APP, this::add);
    bus.serve(
        GitHubAddresses.LIST_APPS,
        wanted ->
            store
                .ofTenant(wanted.tenantId())
                .map(all -> new Bridges(all.stream().map(ForgeConnectionAdmin::shown).toList())));
    bus.serve(
        GitHubAddresses.TEST_APP,
        wanted -> own(wanted.tenantId(), wanted.connectionId()).compose(this::test));
    bus.serve(
        GitHubAddresses.REMOVE_APP,
        wanted ->
            own(wanted.tenantId(), wanted.connectionId())
                .onSuccess(
                    connection -> {
                      forges
                          .find(connection.platform())
                          .ifPresent(forge -> forge.forget(connection));
                      removed.accept(connection);
                    })
                .compose(connection -> store.remove(wanted.tenantId(), connection.id()))
                .map(_ -> new Accepted()));
  }

  private Future<Bridge> add(AddBridge wanted) {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return forges
        .find(wanted.platform())
        .map(forge -> forge.prove(wanted, HexFormat.of().formatHex(bytes)))
        .orElseGet(() -> notHere(wanted.platform()))
        .compose(this::take)
        .recover(failure -> Future.failedFuture(ForgeException.atEdge(failure)));
  }

  private static <T> Future<T> notHere(String platform) {
    return Future.failedFuture(
        new ConcertException(
            ErrorCode.INVALID_MESSAGE,
            "This server knows no %s. Its operator sets the key forges.%sUrl in concert.yaml."
                .formatted(platform, platform)));
  }

  /** Stores a connection; fails with {@code BRIDGE_EXISTS} if its account is connected already. */
  public Future<Bridge> take(ForgeConnection connection) {
    return store.add(connection).map(_ -> shown(connection));
  }

  private Future<BridgeTested> test(ForgeConnection connection) {
    return Future.succeededFuture(connection)
        .compose(one -> forges.of(one).test(one))
        .map(sentence -> new BridgeTested(true, sentence))
        .otherwise(
            failure ->
                new BridgeTested(false, Problem.of(ForgeException.atEdge(failure)).message()));
  }

  /** A connection of a tenant; fails with {@code BRIDGE_NOT_FOUND} where it has none of this id. */
  public Future<ForgeConnection> own(String tenantId, String id) {
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

  private static Bridge shown(ForgeConnection connection) {
    return new Bridge(
        connection.id(),
        connection.platform(),
        connection.name(),
        connection.account(),
        connection.owner(),
        "/webhooks/%s/%s".formatted(connection.platform(), connection.id()),
        true,
        "Events come as webhooks.",
        connection.createdAt());
  }
}
