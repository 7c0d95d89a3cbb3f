package dev.concert.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The twelve things that one may be allowed to do, each with the role that has it at least. */
public enum Permission {
  THREADS_CREATE(Role.DEVELOPER),
  THREADS_READ(Role.VIEWER),
  THREADS_WRITE(Role.DEVELOPER),
  THREADS_DELETE(Role.ADMIN),
  PROJECTS_CREATE(Role.DEVELOPER),
  PROJECTS_MANAGE(Role.ADMIN),
  MEMBERS_MANAGE(Role.ADMIN),
  INTEGRATIONS_MANAGE(Role.ADMIN),
  CONFIG_MANAGE(Role.ADMIN),
  DEPLOYMENTS_MANAGE(Role.ADMIN),
  AUDIT_READ(Role.ADMIN),
  BILLING_MANAGE(Role.OWNER);

  private final Role minimum;

  Permission(Role minimum) {
    this.minimum = minimum;
  }

  public boolean grantedTo(Role role) {
    return role.compareTo(minimum) >= 0;
  }

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '.');
  }
}
