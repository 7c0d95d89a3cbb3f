package dev.concert.platform.command;

import dev.concert.ensemble.key.ApiKey;
import dev.concert.ensemble.key.KeyStore;
import dev.concert.platform.PlatformException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert key revoke}. */
@Command(
    name = "revoke",
    description = "Ends a key for ever; a server locks it out within a second.",
    mixinStandardHelpOptions = true)
final class KeyRevokeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private KeyPlace place;

  @Parameters(paramLabel = "KEY", description = "Its id, its first characters, or the key itself.")
  private String named;

  @Override
  public Integer call() {
    try (KeyStore store = place.open()) {
      List<ApiKey> found = store.keys().stream().filter(this::isNamed).toList();
      if (found.size() != 1) {
        throw new PlatformException(
            found.isEmpty()
                ? "There is no such key; 'concert key list' shows all."
                : "Several keys begin like that; name one by its id ('concert key list').");
      }
      store.set(found.getFirst().id(), ApiKey.Status.REVOKED);
      spec.commandLine().getOut().printf("%s is revoked.%n", found.getFirst().id());
      spec.commandLine().getOut().flush();
    }
    return 0;
  }

  /** What identifies a key is its id; its beginning is unique for all that chance allows. */
  private boolean isNamed(ApiKey key) {
    return key.id().equals(named) || named.startsWith(key.prefix());
  }
}
