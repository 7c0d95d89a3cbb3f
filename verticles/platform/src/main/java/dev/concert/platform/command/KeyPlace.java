package dev.concert.platform.command;

import dev.concert.ensemble.key.KeyStore;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the keys are: the options that all commands on them have. */
final class KeyPlace {
  @Option(
      names = "--data",
      defaultValue = "./data",
      description = "Data folder of the server (default: ${DEFAULT-VALUE}).")
  private Path data;

  @Option(
      names = "--keys",
      description = "File of keys, where the server's ensemble.keysFile names another one.")
  private Path file;

  KeyStore open() {
    return new KeyStore(
        Optional.ofNullable(file).orElseGet(() -> data.resolve("keys.db")), Clock.systemUTC());
  }
}
