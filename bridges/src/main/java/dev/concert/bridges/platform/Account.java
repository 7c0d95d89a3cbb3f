package dev.concert.bridges.platform;

import java.util.Map;

/**
 * Whose credentials they are at a platform.
 *
 * @param id of the account, such as a Slack team: it belongs to one tenant
 * @param name that people know it by
 * @param botUserId by which the platform knows us
 * @param settings that the platform itself gave, such as the key of its signatures
 */
public record Account(String id, String name, String botUserId, Map<String, String> settings) {
  public Account(String id, String name, String botUserId) {
    this(id, name, botUserId, Map.of());
  }
}
