package dev.concert.platform.command.key;

import dev.concert.ensemble.key.ApiKey;
import dev.concert.ensemble.key.KeyStore;
import dev.concert.platform.PlatformException;
import java.util.List;
import picocli.CommandLine.Parameters;

/** The parameter that names a key. */
final class NamedKey {
  @Parameters(
      paramLabel = "KEY",
      description = "The id, the first characters as `key list` shows them, or the key itself.")
  private String named;

  /** Throws a {@code PlatformException} unless exactly one key is named. */
  ApiKey in(KeyStore store) {
    List<ApiKey> found = store.keys().stream().filter(this::isNamed).toList();
    if (found.size() != 1) {
      throw new PlatformException(
          found.isEmpty()
              ? "There is no such key. `concert key list` shows all keys."
              : "Several keys begin like that. Give the id of one; `concert key list` shows it.");
    }
    return found.getFirst();
  }

  /** What identifies a key is its id; its beginning is unique for all that chance allows. */
  private boolean isNamed(ApiKey key) {
    return key.id().equals(named) || named.startsWith(key.prefix());
  }
}
