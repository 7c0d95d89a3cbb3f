package dev.concert.ensemble;

import dev.concert.ensemble.secret.MasterKey;
import dev.concert.ensemble.secret.SecretStore;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * Where keys of providers are kept that operators gave, and what they are sealed with.
 *
 * @param file SQLite
 * @param masterFile holds the master key where none was given; made at the first start
 * @param master the one that was given
 * @param previous the one before it
 */
public record SecretOptions(
    Path file, Path masterFile, Optional<MasterKey> master, Optional<MasterKey> previous) {
  private static final String MASTER = "ENSEMBLE_MASTER_KEY";
  private static final String PREVIOUS = "ENSEMBLE_PREVIOUS_MASTER_KEY";

  /** Of a file with the master key beside it, unless the environment has one. */
  public static SecretOptions of(Path file, Map<String, String> environment) {
    return new SecretOptions(
        file,
        file.resolveSibling("master.key"),
        key(environment, MASTER),
        key(environment, PREVIOUS));
  }

  /** Opens the file; blocks. */
  SecretStore open() {
    // Who goes over from the file to the environment has its key in the file still.
    Optional<MasterKey> before =
        previous.or(
            () ->
                master
                    .filter(given -> masterFile.toFile().exists())
                    .map(given -> MasterKey.inFile(masterFile)));
    return new SecretStore(
        file, master.orElseGet(() -> MasterKey.inFile(masterFile)), before, InstantSource.system());
  }

  private static Optional<MasterKey> key(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable))
        .filter(text -> !text.isBlank())
        .map(text -> MasterKey.of(variable, text));
  }
}
