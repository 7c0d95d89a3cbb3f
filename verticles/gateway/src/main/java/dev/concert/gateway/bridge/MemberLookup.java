package dev.concert.gateway.bridge;

import dev.concert.protocol.Identity;
import io.vertx.core.Future;
import java.util.Optional;

/** Knows what members may do. Thread-safe. */
@FunctionalInterface
public interface MemberLookup {

  /** The user as a member of the tenant now; empty for who is none. */
  Future<Optional<Identity>> find(String tenantId, String userId);
}
