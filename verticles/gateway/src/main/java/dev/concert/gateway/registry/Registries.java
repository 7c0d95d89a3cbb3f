package dev.concert.gateway.registry;

import dev.concert.protocol.SessionMeta;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The registries of all tenants. Futures complete on the caller's context. */
public final class Registries {
  private final Path tenants;
  private final WorkerExecutor executor;

  /** Touched by the executor's only thread. */
  private final Map<String, TenantRegistry> open = new HashMap<>();

  /**
   * @param tenants folder with one folder for each tenant
   */
  public Registries(Vertx vertx, Path tenants) {
    this.tenants = tenants;
    this.executor = vertx.createSharedWorkerExecutor("registry", 1);
  }

  public Future<Void> insert(SessionMeta session) {
    return with(
        session.tenantId(),
        registry -> {
          registry.insert(session);
          return null;
        });
  }

  public Future<Void> update(SessionMeta session) {
    return with(
        session.tenantId(),
        registry -> {
          registry.update(session);
          return null;
        });
  }

  public Future<Optional<SessionMeta>> find(String tenantId, String sessionId) {
    return with(tenantId, registry -> registry.find(sessionId));
  }

  public Future<SessionPage> list(
      String tenantId, boolean includeArchived, Optional<Cursor> after, int limit) {
    return with(
        tenantId,
        registry -> {
          List<SessionMeta> found = registry.list(includeArchived, after, limit + 1);
          return found.size() <= limit
              ? new SessionPage(found, null)
              : new SessionPage(found.subList(0, limit), Cursor.after(found.get(limit - 1)).wire());
        });
  }

  /** Sessions of all tenants that an earlier process left in another state than inactive. */
  public Future<List<SessionMeta>> active() {
    return executor.executeBlocking(
        () -> {
          List<SessionMeta> active = new ArrayList<>();
          for (String tenant : known()) {
            active.addAll(registry(tenant).active());
          }
          return active;
        },
        true);
  }

  private List<String> known() {
    if (!Files.isDirectory(tenants)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(tenants)) {
      return folders.filter(Files::isDirectory).map(path -> path.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list the tenants", e);
    }
  }

  private <T> Future<T> with(String tenantId, Function<TenantRegistry, T> work) {
    return executor.executeBlocking(() -> work.apply(registry(tenantId)), true);
  }

  private TenantRegistry registry(String tenantId) {
    return open.computeIfAbsent(
        tenantId, id -> new TenantRegistry(id, tenants.resolve(id).resolve("registry.db")));
  }

  /** Closes every registry, after the work that was asked for before. */
  public Future<Void> close() {
    return executor
        .<Void>executeBlocking(
            () -> {
              open.values().forEach(TenantRegistry::close);
              open.clear();
              return null;
            },
            true)
        .eventually(executor::close);
  }
}
