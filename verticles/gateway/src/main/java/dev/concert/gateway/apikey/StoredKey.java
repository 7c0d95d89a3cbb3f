package dev.concert.gateway.apikey;

import dev.concert.protocol.Identity;
import dev.concert.protocol.Permission;
import dev.concert.protocol.Role;
import dev.concert.protocol.ServerEvent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A key as its tenant's registry has it. Times are Unix milliseconds.
 *
 * @param hash of the secret
 * @param createdBy id of the user who created it and whom it acts for
 * @param role the most that it may
 * @param permissions the only ones of the role that it has; empty for all of them
 * @param sessions the only ones that it is for; empty for all
 * @param lastUsedAt to the minute
 */
record StoredKey(
    String id,
    String name,
    String hash,
    String createdBy,
    Role role,
    Optional<List<Permission>> permissions,
    Optional<List<String>> sessions,
    long createdAt,
    Optional<Long> expiresAt,
    Optional<Long> lastUsedAt) {

  /** Whether the secret has this hash. Takes the same time wherever they differ. */
  boolean hasHash(String shown) {
    return MessageDigest.isEqual(
        hash.getBytes(StandardCharsets.US_ASCII), shown.getBytes(StandardCharsets.US_ASCII));
  }

  boolean isExpired(long now) {
    return expiresAt.filter(end -> end <= now).isPresent();
  }

  /** What the key may do, given what its owner may do now. */
  Identity actingFor(Identity owner) {
    Role least = role.compareTo(owner.role()) < 0 ? role : owner.role();
    List<Permission> left =
        owner.permissions().stream()
            .filter(one -> one.grantedTo(least))
            .filter(one -> permissions.map(own -> own.contains(one)).orElse(true))
            .toList();
    return new Identity(
        owner.userId(),
        owner.email(),
        owner.tenantId(),
        least,
        left,
        sessions.map(Set::copyOf),
        Optional.of(id));
  }

  ServerEvent.ApiKey shown() {
    return new ServerEvent.ApiKey(
        id,
        name,
        createdBy,
        role,
        permissions.orElse(null),
        sessions.orElse(null),
        createdAt,
        expiresAt.orElse(null),
        lastUsedAt.orElse(null));
  }
}
