package dev.concert.gateway.apikey;

import dev.concert.protocol.Identity;
import io.vertx.core.Future;
import java.util.Optional;

/** Knows what the owners of keys may do. Thread-safe. */
@FunctionalInterface
public interface KeyOwners {

  /** The user as a member of the tenant now; empty for who is none. */
  Future<Optional<Identity>> find(String tenantId, String userId);
}
