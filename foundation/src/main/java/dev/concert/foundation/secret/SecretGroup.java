package dev.concert.foundation.secret;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The secrets of one thing of a tenant, such as a connection, by their names. Thread-safe; every
 * method blocks.
 *
 * @param kind of the thing: things of two kinds may have the same id
 */
public record SecretGroup(SecretStore store, String tenantId, String kind, String id) {
  /** Stores secrets by their names; replaces older ones. */
  public void put(Map<String, String> secrets) {
    secrets.forEach((name, secret) -> namespace().put(key(name), secret));
  }

  /** Those of these names that are there. */
  public Map<String, String> find(Set<String> names) {
    Map<String, String> found = new HashMap<>();
    names.forEach(name -> namespace().find(key(name)).ifPresent(secret -> found.put(name, secret)));
    return Map.copyOf(found);
  }

  /** Removes those of these names. */
  public void remove(Set<String> names) {
    names.forEach(name -> namespace().remove(key(name)));
  }

  private SecretNamespace namespace() {
    return new SecretNamespace(store, tenantId);
  }

  private String key(String name) {
    return kind + ":" + id + ":" + name;
  }
}
