package dev.concert.gateway.registry;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.jdbc.JdbcDatabase;
import dev.concert.foundation.jdbc.JdbcDatabases;
import dev.concert.protocol.Identity;
import dev.concert.protocol.SessionMeta;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The registries of all tenants, each a file of its own. A read sees every change that was
 * requested before it. Futures complete on the caller's context.
 */
public final class Registries {
  /**
   * Of registries with at most three connections each. More than there are tenants with open
   * connections: each of those is looked at twice a second, and opening a file takes milliseconds.
   */
  private static final int MAX_OPEN = 1_024;

  private final Vertx vertx;
  private final Path tenants;
  private final JdbcDatabases databases;

  /** Tenants that are known to have a database. */
  private final Set<String> existing = ConcurrentHashMap.newKeySet();

  /** Tenants that are gone: a late write must not make their database anew. */
  private final Set<String> dropped = ConcurrentHashMap.newKeySet();

  /** Tenants whose files are being removed: what is still there of them is not looked at. */
  private final Set<String> leaving = ConcurrentHashMap.newKeySet();

  /** How many tenants were dropped: what was seen before may be gone. */
  private final AtomicInteger drops = new AtomicInteger();

  /**
   * @param tenants folder with one folder for each tenant
   */
  public Registries(Vertx vertx, Path tenants) {
    this.vertx = vertx;
    this.tenants = tenants;
    this.databases = new JdbcDatabases(vertx, this::file, RegistrySchema.MIGRATIONS, MAX_OPEN);
  }

  /**
   * Works with the database of a tenant, which is created if there is none. The tables are those of
   * {@code RegistrySchema}.
   */
  public <T> Future<T> in(String tenantId, Function<JdbcDatabase, Future<T>> work) {
    return TenantIds.isValid(tenantId) && !dropped.contains(tenantId)
        ? databases.with(tenantId, work)
        : Future.failedFuture(
            new ConcertException(ErrorCode.AUTH_FAILED, "This tenant does not exist."));
  }

  /** Whether there is a database for this tenant. Creates nothing; any text may be asked for. */
  public Future<Boolean> exists(String tenantId) {
    if (!TenantIds.isValid(tenantId)) {
      return Future.succeededFuture(false);
    }
    if (leaving.contains(tenantId)) {
      return Future.succeededFuture(false);
    }
    if (existing.contains(tenantId)) {
      return Future.succeededFuture(true);
    }
    int before = drops.get();
    return vertx
        .executeBlocking(() -> Files.isRegularFile(file(tenantId)), false)
        .compose(
            found ->
                drops.get() == before
                    ? Future.succeededFuture(seen(tenantId, found))
                    : exists(tenantId));
  }

  private boolean seen(String tenantId, boolean found) {
    if (found) {
      existing.add(tenantId);
      // Created anew, perhaps by another process.
      dropped.remove(tenantId);
    }
    return found;
  }

  /** Every session of a tenant that is not marked as deleted. */
  public Future<List<SessionMeta>> sessions(String tenantId) {
    return with(tenantId, TenantRegistry::all);
  }

  /** Whether there is any row of a session, also of one that is marked as deleted. */
  public Future<Boolean> hasSessions(String tenantId) {
    return with(tenantId, TenantRegistry::hasSessions);
  }

  /**
   * Closes the database of a tenant, and removes its files. Until they are removed the tenant does
   * not exist, whatever is still there of them; afterwards it exists again when it is created anew.
   *
   * @param removal called once the database is closed
   */
  public Future<Void> drop(String tenantId, Supplier<Future<Void>> removal) {
    leaving.add(tenantId);
    dropped.add(tenantId);
    drops.incrementAndGet();
    existing.remove(tenantId);
    return databases
        .close(tenantId)
        .compose(_ -> removal.get())
        .onComplete(_ -> leaving.remove(tenantId));
  }

  /** Where the futures complete. */
  public Vertx vertx() {
    return vertx;
  }

  /** Looks at files without blocking the caller. */
  public <T> Future<T> blocking(Callable<T> look) {
    return vertx.executeBlocking(look, false);
  }

  /** The folder with one folder for each tenant. */
  public Path root() {
    return tenants;
  }

  /** The ids of all tenants that have a database. */
  public Future<List<String>> tenants() {
    return vertx.executeBlocking(this::known, false);
  }

  private Path file(String tenantId) {
    return tenants.resolve(tenantId).resolve("registry.db");
  }

  public Future<Void> insert(SessionMeta session) {
    return with(session.tenantId(), registry -> registry.insert(session));
  }

  public Future<Void> update(SessionMeta session) {
    return with(session.tenantId(), registry -> registry.update(session));
  }

  public Future<Optional<SessionMeta>> find(String tenantId, String sessionId) {
    return with(tenantId, registry -> registry.find(sessionId));
  }

  /** The sessions that this caller may see, newest first. */
  public Future<SessionPage> list(
      Identity who, boolean includeArchived, Optional<Cursor> after, int limit) {
    return with(who.tenantId(), registry -> registry.list(who, includeArchived, after, limit + 1))
        .map(found -> SessionPage.of(found, limit));
  }

  /** From now on nobody finds the session; its row stays for {@link #deleting}. */
  public Future<Void> markDeleted(SessionMeta session) {
    return with(session.tenantId(), registry -> registry.markDeleted(session.id()));
  }

  /** Everything else of the session is gone. */
  public Future<Void> remove(SessionMeta session) {
    return with(session.tenantId(), registry -> registry.remove(session.id()));
  }

  /** From now on a session that was inserted with {@link #insertHidden} is found. */
  public Future<Void> reveal(SessionMeta session) {
    return with(session.tenantId(), registry -> registry.reveal(session));
  }

  /** Inserts a session that nobody finds: unless it is revealed, the next start removes it. */
  public Future<Void> insertHidden(SessionMeta session) {
    return with(session.tenantId(), registry -> registry.insertHidden(session));
  }

  /** The rewinds that were begun and not finished. */
  public RewindIntents rewinds() {
    return new RewindIntents(this);
  }

  /** Sessions of all tenants whose deletion was begun and not finished. */
  public Future<List<SessionMeta>> deleting() {
    return ofAll(TenantRegistry::deleting);
  }

  /** Sessions of all tenants that an earlier process left in another state than inactive. */
  public Future<List<SessionMeta>> active() {
    return ofAll(TenantRegistry::active);
  }

  private Future<List<SessionMeta>> ofAll(
      Function<TenantRegistry, Future<List<SessionMeta>>> query) {
    List<SessionMeta> all = new ArrayList<>();
    return tenants()
        .compose(
            known -> {
              Future<Void> read = Future.succeededFuture();
              for (String tenant : known) {
                read =
                    read.compose(_ -> with(tenant, query))
                        .map(
                            found -> {
                              all.addAll(found);
                              return null;
                            });
              }
              return read;
            })
        .map(all);
  }

  private List<String> known() {
    if (!Files.isDirectory(tenants)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(tenants)) {
      return folders
          .map(path -> path.getFileName().toString())
          .filter(TenantIds::isValid)
          .filter(tenant -> Files.isRegularFile(file(tenant)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list the tenants", e);
    }
  }

  private <T> Future<T> with(String tenantId, Function<TenantRegistry, Future<T>> work) {
    return in(tenantId, database -> work.apply(new TenantRegistry(tenantId, database)));
  }

  /** Closes every registry, after the work that was requested before. */
  public Future<Void> close() {
    return databases.close();
  }
}
