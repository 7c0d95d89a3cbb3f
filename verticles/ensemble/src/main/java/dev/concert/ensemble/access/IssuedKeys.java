package dev.concert.ensemble.access;

import io.vertx.core.Future;
import java.util.Optional;

/** Looks up issued API keys that are enabled. Thread-safe; takes one map lookup. */
@FunctionalInterface
public interface IssuedKeys {
  /** No issued keys. */
  IssuedKeys NONE = token -> Optional.empty();

  Optional<Caller.IssuedKey> find(TokenHash token);

  /**
   * Completes when every change of this host is known to {@link #find}; at once if there was none.
   * Never fails.
   */
  default Future<Void> fresh() {
    return Future.succeededFuture();
  }

  /** Reads what another host may have changed. Never fails. */
  default Future<Void> reload() {
    return Future.succeededFuture();
  }
}
