package dev.concert.protocol;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who speaks.
 *
 * @param permissions those of the role, or fewer: a key can be limited
 * @param onlySessions the sessions that a key is limited to; empty for no such limit. Clients do
 *     not see it
 * @param keyId the API key by which a program speaks for its creator; empty for a person. Clients
 *     do not see it
 */
public record Identity(
    String userId,
    String email,
    String tenantId,
    Role role,
    List<Permission> permissions,
    @JsonIgnore Optional<Set<String>> onlySessions,
    @JsonIgnore Optional<String> keyId) {

  /** A person. */
  public Identity(
      String userId,
      String email,
      String tenantId,
      Role role,
      List<Permission> permissions,
      Optional<Set<String>> onlySessions) {
    this(userId, email, tenantId, role, permissions, onlySessions, Optional.empty());
  }

  /** An identity with the permissions of its role. */
  public static Identity of(String userId, String email, String tenantId, Role role) {
    List<Permission> permissions =
        Arrays.stream(Permission.values()).filter(one -> one.grantedTo(role)).toList();
    return new Identity(userId, email, tenantId, role, permissions, Optional.empty());
  }
}
