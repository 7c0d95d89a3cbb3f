package dev.concert.foundation.secret;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The secrets of one tenant. The encryption binds a secret to its tenant and its name, so that a
 * row that is moved to another tenant does not decrypt. Thread-safe; every method blocks.
 */
public final class SecretNamespace {
  private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  private final SecretStore store;
  private final String prefix;

  /**
   * @throws IllegalArgumentException when the id has a character that would make two namespaces one
   */
  public SecretNamespace(SecretStore store, String tenantId) {
    if (!TENANT.matcher(tenantId).matches()) {
      throw new IllegalArgumentException(
          "A tenant's id has letters, digits, '.', '_' and '-', at most 128.");
    }
    this.store = store;
    this.prefix = "tenant:" + tenantId + ":";
  }

  /** Stores a secret; replaces an older one with this name. */
  public void put(String name, String secret) {
    store.put(prefix + name, secret);
  }

  /** Finds a secret. */
  public Optional<String> find(String name) {
    return store.find(prefix + name);
  }

  /** Returns false if there was none. */
  public boolean remove(String name) {
    return store.remove(prefix + name);
  }

  /** The names of this tenant's secrets. */
  public Set<String> names() {
    return store.names().keySet().stream()
        .filter(name -> name.startsWith(prefix))
        .map(name -> name.substring(prefix.length()))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Removes all secrets of this tenant. */
  public void removeAll() {
    names().forEach(this::remove);
  }

  @Override
  public String toString() {
    return "SecretNamespace[" + prefix + "]";
  }
}
