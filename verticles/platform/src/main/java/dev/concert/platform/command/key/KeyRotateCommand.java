package dev.concert.platform.command.key;

import dev.concert.ensemble.key.CreatedKey;
import dev.concert.ensemble.key.KeyStore;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code concert key rotate}: prints the new secret, and nothing else, to standard output. */
@Command(
    name = "rotate",
    description = {
      "Gives a key a new secret, which is shown only once.",
      "The secret before it remains valid for the overlap."
    },
    mixinStandardHelpOptions = true)
final class KeyRotateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private KeyStoreOptions place;
  @Mixin private NamedKey named;

  @Option(
      names = "--overlap",
      paramLabel = "SECONDS",
      defaultValue = "3600",
      description = "How long the old secret is valid, at most a week (default: ${DEFAULT-VALUE}).")
  private long overlap;

  @Override
  public Integer call() {
    try (KeyStore store = place.open()) {
      CreatedKey made =
          store.rotate(named.in(store).id(), Duration.ofSeconds(overlap)).orElseThrow();
      PrintWriter err = spec.commandLine().getErr();
      err.printf("%s has a new secret. Save it now; it is not shown again:%n", made.key().id());
      err.flush();
      spec.commandLine().getOut().println(made.secret());
      spec.commandLine().getOut().flush();
    }
    return 0;
  }
}
