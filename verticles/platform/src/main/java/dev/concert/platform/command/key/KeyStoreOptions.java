package dev.concert.platform.command.key;

import dev.concert.ensemble.key.KeyStore;
import dev.concert.platform.server.DataPlace;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of all {@code key} commands: where the keys are stored. */
final class KeyStoreOptions {
  @Option(
      names = "--data",
      defaultValue = DataPlace.SHOWN,
      description = "Data folder of the server (default: ${DEFAULT-VALUE}).")
  private Path data;

  @Option(
      names = "--keys",
      description = "File of the keys, if the server's ensemble.keysFile sets another one.")
  private Path file;

  KeyStore open() {
    return new KeyStore(
        Optional.ofNullable(file).orElseGet(() -> data.resolve("keys.db")), Clock.systemUTC());
  }
}
