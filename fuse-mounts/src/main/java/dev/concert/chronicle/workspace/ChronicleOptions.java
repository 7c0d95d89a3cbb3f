package dev.concert.chronicle.workspace;

import dev.concert.chronicle.collection.UpkeepOptions;
import dev.concert.chronicle.content.tier.BucketOptions;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How Chronicle runs.
 *
 * @param instances folder with one folder for each workspace
 * @param contentStore folder of the contents of all workspaces of this host
 * @param bucket behind the content store; empty where there is only the folder
 * @param upkeep what is dropped and collected while the server runs
 */
public record ChronicleOptions(
    Path instances,
    Path contentStore,
    Mode mode,
    Optional<BucketOptions> bucket,
    UpkeepOptions upkeep) {

  /** Without a bucket, and with the usual upkeep. */
  public ChronicleOptions(Path instances, Path contentStore, Mode mode) {
    this(instances, contentStore, mode, Optional.empty(), UpkeepOptions.USUAL);
  }

  /** How an agent gets at the files (configuration {@code chronicle.mode}, in lower case). */
  public enum Mode {
    /** By a mount where the host can, else by the folder, with a warning. */
    AUTO,
    /** By a mount; mounting fails where the host cannot. */
    FUSE,
    /** The real folder, which is watched. */
    FOLDER
  }
}
