package dev.concert.platform.command.key;

import dev.concert.ensemble.key.ApiKey;
import dev.concert.ensemble.key.KeyStore;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code concert key revoke}. */
@Command(
    name = "revoke",
    description = "Revokes a key for good. A running server refuses it at once.",
    mixinStandardHelpOptions = true)
final class KeyRevokeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private KeyStoreOptions place;
  @Mixin private NamedKey named;

  @Override
  public Integer call() {
    try (KeyStore store = place.open()) {
      ApiKey key = named.in(store);
      store.set(key.id(), ApiKey.Status.REVOKED);
      spec.commandLine().getOut().printf("%s is revoked.%n", key.id());
      spec.commandLine().getOut().flush();
    }
    return 0;
  }
}
