package dev.concert.gateway.registry;

import java.util.regex.Pattern;

/** Which texts can be the id of a tenant: it is the name of a folder, so nothing else may be. */
public final class TenantIds {
  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private TenantIds() {}

  /**
   * @param text null for none
   */
  public static boolean isValid(String text) {
    return text != null && VALID.matcher(text).matches();
  }
}
