package dev.concert.gateway.member;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.concert.foundation.openid.TokenClaims;
import dev.concert.gateway.audit.AuditLog;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;

/**
 * Notes in a tenant's audit log who was refused. A user who tries again and again is noted once a
 * minute, so that nobody can fill the log.
 */
final class RefusedSignIns {
  private static final Duration INTERVAL = Duration.ofMinutes(1);
  private static final int MAX_NOTED = 10_000;

  private record User(String tenantId, String issuer, String subject) {}

  private final AuditLog audit;
  private final Cache<User, Boolean> noted =
      Caffeine.newBuilder().maximumSize(MAX_NOTED).expireAfterWrite(INTERVAL).build();

  RefusedSignIns(AuditLog audit) {
    this.audit = audit;
  }

  Future<Void> record(TokenClaims claims, String reason) {
    User user = new User(claims.tenantId(), claims.issuer(), claims.subject());
    return noted.asMap().putIfAbsent(user, true) == null
        ? audit.record(
            claims.tenantId(),
            claims.subject(),
            "sign_in.refused",
            claims.subject(),
            Map.of("reason", reason, "email", claims.email().orElse("")))
        : Future.succeededFuture();
  }
}
