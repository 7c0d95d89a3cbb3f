package dev.concert.ensemble.admin;

import dev.concert.ensemble.key.KeyDirectory;
import dev.concert.ensemble.key.KeyStore;
import dev.concert.ensemble.loop.LoopContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Function;

/** Reads and writes keys and customers on worker threads. */
public final class AsyncKeyStore {
  private final Vertx vertx;
  private final KeyStore store;
  private final KeyDirectory directory;

  public AsyncKeyStore(Vertx vertx, KeyStore store, KeyDirectory directory) {
    this.vertx = vertx;
    this.store = store;
    this.directory = directory;
  }

  <T> Future<T> reading(Function<KeyStore, T> work) {
    return vertx.executeBlocking(() -> work.apply(store), false);
  }

  /**
   * Makes a change on top of those of other nodes. Completes when this node applies it; other nodes
   * do within a second.
   */
  <T> Future<T> changing(Function<KeyStore, T> work) {
    // The exchange with other nodes has a context of its own.
    return LoopContext.moved(
        vertx,
        directory
            .refresh()
            .compose(known -> reading(work))
            .compose(done -> directory.refresh().map(done)));
  }
}
