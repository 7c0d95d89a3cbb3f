package dev.concert.ensemble.admin;

import dev.concert.ensemble.key.KeyDirectory;
import dev.concert.ensemble.key.KeyStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Function;

/** Keys and customers, read and written off the event loop. */
public final class Accounts {
  private final Vertx vertx;
  private final KeyStore store;
  private final KeyDirectory directory;

  public Accounts(Vertx vertx, KeyStore store, KeyDirectory directory) {
    this.vertx = vertx;
    this.store = store;
    this.directory = directory;
  }

  <T> Future<T> reading(Function<KeyStore, T> work) {
    return vertx.executeBlocking(() -> work.apply(store), false);
  }

  /** Completes when this node goes by the change; other nodes do within a second. */
  <T> Future<T> changing(Function<KeyStore, T> work) {
    return reading(work).compose(done -> directory.refresh().map(done));
  }
}
