package dev.concert.foundation.openid;

import java.time.Instant;
import java.util.Optional;

/**
 * What a verified token says about its bearer.
 *
 * @param issuer that signed it
 * @param subject the bearer's id, unique at its issuer
 * @param tenantId from the claim that the configuration names
 * @param expiresAt empty for a token that does not expire
 */
public record TokenClaims(
    String issuer,
    String subject,
    Optional<String> email,
    boolean emailVerified,
    String tenantId,
    Optional<Instant> expiresAt) {}
