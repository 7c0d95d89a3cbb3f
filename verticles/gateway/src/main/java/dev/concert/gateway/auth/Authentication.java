package dev.concert.gateway.auth;

import dev.concert.protocol.Identity;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a valid credential gives its bearer.
 *
 * @param expiresAt when the credential ends, and with it what was opened with it; empty for one
 *     that does not end by itself
 * @param recheck asks whether the credential still holds, for one that can be revoked: {@link
 *     AccessWatch} ends what was opened with it
 */
public record Authentication(
    Identity identity,
    Optional<Instant> expiresAt,
    Optional<Supplier<Future<Authentication>>> recheck) {

  /** One that cannot be revoked. */
  public Authentication(Identity identity, Optional<Instant> expiresAt) {
    this(identity, expiresAt, Optional.empty());
  }

  /** One that does not end by itself. */
  public static Authentication lasting(Identity identity) {
    return new Authentication(identity, Optional.empty());
  }
}
