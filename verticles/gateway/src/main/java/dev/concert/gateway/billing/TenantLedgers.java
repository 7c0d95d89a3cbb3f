package dev.concert.gateway.billing;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.jdbc.JdbcDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The ledgers of all tenants, and which tenants are billed. A tenant that was never billed has no
 * file. Thread-safe and non-blocking.
 */
final class TenantLedgers {
  /** Of ledgers with at most three connections each. */
  private static final int MAX_OPEN = 256;

  private static final String FILE = "billing.db";

  private final Vertx vertx;
  private final Path tenants;
  private final boolean all;
  private final BiConsumer<String, CreditAccount> listener;
  private final JdbcDatabases databases;
  private final Set<String> billed = ConcurrentHashMap.newKeySet();

  /** Tenants whose files are being removed. */
  private final Set<String> leaving = new HashSet<>();

  /** How many ledgers were dropped. */
  private final AtomicInteger drops = new AtomicInteger();

  private Future<?> configured = Future.succeededFuture();

  /**
   * @param tenants folder with one folder for each tenant
   * @param all whether every tenant is billed
   * @param listener receives a tenant and its account after each change
   */
  TenantLedgers(
      Vertx vertx, Path tenants, boolean all, BiConsumer<String, CreditAccount> listener) {
    this.vertx = vertx;
    this.tenants = tenants;
    this.all = all;
    this.listener = listener;
    this.databases =
        new JdbcDatabases(
            vertx, tenant -> file(tenants, tenant), LedgerSchema.MIGRATIONS, MAX_OPEN);
  }

  /** The ledger of a tenant in this folder. */
  static Path file(Path tenants, String tenantId) {
    return tenants.resolve(tenantId).resolve(FILE);
  }

  /**
   * Closes the ledger of a tenant, and has its files removed. Until they are removed it cannot be
   * used; afterwards the tenant has none.
   *
   * @param removal called once the ledger is closed
   */
  Future<Void> drop(String tenantId, Supplier<Future<Void>> removal) {
    Future<Void> closed;
    synchronized (leaving) {
      leaving.add(tenantId);
      drops.incrementAndGet();
      billed.remove(tenantId);
      closed = databases.close(tenantId);
    }
    return closed
        .compose(_ -> removal.get())
        .onComplete(
            _ -> {
              synchronized (leaving) {
                leaving.remove(tenantId);
              }
            });
  }

  /** Whether turns of this tenant need credit. */
  boolean isBilled(String tenantId) {
    return all || billed.contains(tenantId);
  }

  /**
   * Reads which tenants are billed. Call it before {@link #isBilled}.
   *
   * @return the tenants that have a ledger
   */
  Future<List<String>> load() {
    return vertx
        .executeBlocking(this::known)
        .compose(
            known -> {
              Future<Void> read = Future.succeededFuture();
              for (String tenant : known) {
                read =
                    read.compose(_ -> withLedger(tenant, TenantLedger::account))
                        .map(
                            account -> {
                              note(tenant, account);
                              return null;
                            });
              }
              return read.map(known);
            });
  }

  private List<String> known() {
    if (!Files.isDirectory(tenants)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(tenants)) {
      return folders
          .filter(folder -> Files.exists(folder.resolve(FILE)))
          .map(folder -> folder.getFileName().toString())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list the tenants", e);
    }
  }

  /** Reads an account; that of a tenant without a ledger is empty, and no ledger is made. */
  Future<CreditAccount> account(String tenantId) {
    return ifThere(tenantId, TenantLedger::account)
        .map(account -> account.orElse(CreditAccount.NONE));
  }

  /** Reads entries; a tenant without a ledger has none. */
  Future<List<CreditEntry>> entries(String tenantId, long before, int limit) {
    return ifThere(tenantId, ledger -> ledger.entries(before, limit))
        .map(entries -> entries.orElse(List.of()));
  }

  /** Uses a ledger where there is one, and makes none; empty if there is none. */
  <T> Future<Optional<T>> ifThere(String tenantId, Function<TenantLedger, Future<T>> work) {
    int before = drops.get();
    return vertx
        .executeBlocking(() -> Files.exists(file(tenants, tenantId)), false)
        .compose(
            there -> {
              if (!there) {
                return Future.succeededFuture(Optional.empty());
              }
              // What was seen may be gone by now.
              return drops.get() == before
                  ? withLedger(tenantId, work).map(Optional::of)
                  : ifThere(tenantId, work);
            });
  }

  /** Changes an account where there is one, and tells the listener. */
  Future<Void> changeIfThere(String tenantId, Function<TenantLedger, Future<CreditAccount>> work) {
    return ifThere(tenantId, work)
        .onSuccess(changed -> changed.ifPresent(account -> listener.accept(tenantId, account)))
        .mapEmpty();
  }

  /** Changes an account, and tells the listener. */
  Future<CreditAccount> change(
      String tenantId, Function<TenantLedger, Future<CreditAccount>> work) {
    return withLedger(tenantId, work).onSuccess(account -> listener.accept(tenantId, account));
  }

  /**
   * Switches billing on or off and replaces the limits. One after the other, so that the last one
   * decides. No other change says who is billed: its account may be older than this one.
   */
  synchronized Future<CreditAccount> configure(
      String tenantId, boolean nowBilled, SpendingLimits limits) {
    Future<CreditAccount> result =
        configured
            .transform(_ -> change(tenantId, ledger -> ledger.configure(nowBilled, limits)))
            .onSuccess(account -> note(tenantId, account));
    configured = result;
    return result;
  }

  private void note(String tenantId, CreditAccount account) {
    if (account.billed()) {
      billed.add(tenantId);
    } else {
      billed.remove(tenantId);
    }
  }

  /** Uses a ledger, and makes it if there is none. */
  <T> Future<T> withLedger(String tenantId, Function<TenantLedger, Future<T>> work) {
    synchronized (leaving) {
      return leaving.contains(tenantId)
          ? Future.failedFuture(
              new ConcertException(ErrorCode.AUTH_FAILED, "This tenant does not exist."))
          : databases.with(
              tenantId, database -> work.apply(new TenantLedger(database, Clock.systemUTC())));
    }
  }

  /** Closes every ledger, after the work that was requested before. */
  Future<Void> close() {
    return databases.close();
  }
}
