package dev.concert.bridges;

import dev.concert.bridges.connection.ConnectionStore;
import dev.concert.bridges.conversation.ChatServices;
import dev.concert.bridges.conversation.TenantChat;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatReceiver;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.FailureLog;
import dev.concert.foundation.jdbc.JdbcDatabases;
import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.foundation.lease.LeaseCandidate;
import dev.concert.foundation.lease.LeaseTerm;
import dev.concert.foundation.tenant.OpenTenants;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chats of all tenants, as long as this node holds their lease. Its epoch is in every change of
 * theirs. On one context.
 */
final class TenantChats implements LeaseCandidate.Work {
  private static final Logger LOG = LoggerFactory.getLogger(TenantChats.class);
  private static final int OPEN_DATABASES = 256;

  private final Vertx vertx;
  private final BridgesOptions options;
  private final ChatServices services;
  private final InstantSource clock;
  private final OpenTenants<TenantChat> tenants = new OpenTenants<>();
  private Optional<Held> held = Optional.empty();

  /** What there is as long as a term lasts. */
  private record Held(LeaseTerm term, JdbcDatabases databases, ConnectionReceivers receivers) {}

  TenantChats(Vertx vertx, BridgesOptions options, ChatServices services, InstantSource clock) {
    this.vertx = vertx;
    this.options = options;
    this.services = services;
    this.clock = clock;
  }

  /** Each tenant goes on by itself: that one of them cannot be opened concerns no other. */
  @Override
  public Future<?> begin(LeaseTerm term) {
    Held now =
        new Held(
            term,
            new JdbcDatabases(vertx, options::tenant, TenantChat.MIGRATIONS, OPEN_DATABASES),
            new ConnectionReceivers(services.platforms(), this::tenant));
    held = Optional.of(now);
    return services
        .connections()
        .all()
        .compose(
            all ->
                Future.join(
                        all.stream()
                            .map(ChatConnection::tenantId)
                            .distinct()
                            .map(this::tenant)
                            .toList())
                    .transform(_ -> Future.succeededFuture())
                    .onSuccess(
                        _ -> {
                          if (held.filter(now::equals).isPresent()) {
                            all.forEach(now.receivers()::start);
                          }
                        }));
  }

  /**
   * A receiver may be the connection by which messages leave, so it goes on until they have left.
   * Events that it receives until then are stored.
   */
  @Override
  public Future<?> end() {
    Optional<Held> over = held;
    held = Optional.empty();
    return over.<Future<?>>map(
            one ->
                tenants
                    .stopAll()
                    .onComplete(_ -> one.receivers().stopAll())
                    .eventually(one.databases()::close))
        .orElseGet(Future::succeededFuture);
  }

  private Future<Held> held() {
    return held.map(Future::succeededFuture)
        .orElseGet(
            () ->
                Future.failedFuture(
                    new ConcertException(
                        ErrorCode.BRIDGES_UNAVAILABLE, "Another node serves the chats now.")));
  }

  /** The chats of a tenant; what an earlier owner left is going on in them. */
  Future<TenantChat> tenant(String tenantId) {
    return tenants.find(tenantId).orElseGet(() -> held().compose(now -> open(now, tenantId)));
  }

  private Future<TenantChat> open(Held now, String tenantId) {
    TenantChat chat =
        new TenantChat(
            vertx,
            services,
            now.term(),
            new FencedDatabase(now.databases(), tenantId, now.term().epoch()),
            clock);
    return tenants
        .open(tenantId, chat)
        .onFailure(
            failure -> {
              if (held.filter(now::equals).isPresent()) {
                FailureLog.write(
                    LOG.atError(),
                    "The chats of tenant %s cannot be opened".formatted(tenantId),
                    failure);
              }
            });
  }

  void added(ChatConnection connection) {
    held.ifPresent(now -> now.receivers().start(connection));
    LOG.atInfo()
        .addKeyValue("tenantId", connection.tenantId())
        .log("A bridge to {} was added", connection.platform());
  }

  void removed(String connectionId) {
    held.ifPresent(now -> now.receivers().stop(connectionId));
  }

  /** How a connection is; empty where nothing is known but that its events come as webhooks. */
  Optional<ChatReceiver.Health> health(String connectionId) {
    return services
        .circuit()
        .fault(connectionId)
        .map(fault -> new ChatReceiver.Health(false, fault))
        .or(() -> held.flatMap(now -> now.receivers().health(connectionId)));
  }

  /** The files of a tenant are its gateway's, unless nodes share a folder: then they go here. */
  Future<Void> forget(String tenantId) {
    ConnectionStore connections = services.connections();
    return tenants
        .stop(tenantId)
        .compose(_ -> connections.ofTenant(tenantId))
        .compose(
            all -> {
              all.forEach(one -> removed(one.id()));
              return Future.join(
                  all.stream().map(one -> connections.remove(tenantId, one)).toList());
            })
        .compose(_ -> held())
        .compose(now -> now.databases().close(tenantId))
        .compose(_ -> options.isShared() ? removeFiles(tenantId) : Future.<Void>succeededFuture());
  }

  private Future<Void> removeFiles(String tenantId) {
    return vertx.executeBlocking(
        () -> {
          Path file = options.tenant(tenantId);
          for (String end : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + end));
          }
          return null;
        });
  }
}
