package dev.concert.foundation.secret;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * Where a store of secrets is, and the master key that encrypts it.
 *
 * @param file SQLite
 * @param masterFile holds the master key if none was given; created at the first start
 * @param master the master key from the environment
 * @param previous the master key before it, for a change of keys
 * @param variable of the variables that hold the two
 */
public record SecretOptions(
    Path file,
    Path masterFile,
    Optional<MasterKey> master,
    Optional<MasterKey> previous,
    String variable) {

  /**
   * For a file with the master key beside it, unless the environment has one.
   *
   * @param variable that may have the key, such as {@code ENSEMBLE_MASTER_KEY}; {@code
   *     ENSEMBLE_PREVIOUS_MASTER_KEY} then may have the one before
   */
  public static SecretOptions of(Path file, Map<String, String> environment, String variable) {
    return new SecretOptions(
        file,
        file.resolveSibling("master.key"),
        key(environment, variable),
        key(environment, previous(variable)),
        variable);
  }

  /** Opens the store; blocks. */
  public SecretStore open() {
    // After a move from the file to the environment the old key is still in the file.
    Optional<MasterKey> before =
        previous.or(
            () ->
                master
                    .filter(given -> masterFile.toFile().exists())
                    .map(given -> MasterKey.inFile(masterFile)));
    try {
      return new SecretStore(
          file,
          master.orElseGet(() -> MasterKey.inFile(masterFile)),
          before,
          InstantSource.system());
    } catch (WrongMasterKeyException e) {
      throw new IllegalArgumentException(
          "%s Set that one in %s, or, to change to a new one, in %s."
              .formatted(e.getMessage(), variable, previous(variable)),
          e);
    }
  }

  private static String previous(String variable) {
    return variable.replace("MASTER_KEY", "PREVIOUS_MASTER_KEY");
  }

  private static Optional<MasterKey> key(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable))
        .filter(text -> !text.isBlank())
        .map(text -> MasterKey.of(variable, text));
  }
}
