package dev.concert.protocol;

import java.util.Arrays;
import java.util.List;

/** Who speaks. */
public record Identity(
    String userId, String email, String tenantId, Role role, List<Permission> permissions) {

  /** An identity with the permissions of its role. */
  public static Identity of(String userId, String email, String tenantId, Role role) {
    List<Permission> permissions =
        Arrays.stream(Permission.values()).filter(one -> one.grantedTo(role)).toList();
    return new Identity(userId, email, tenantId, role, permissions);
  }
}
