package dev.concert.chronicle.workspace;

import java.nio.file.Path;

/**
 * How Chronicle runs.
 *
 * @param instances folder with one folder for each workspace
 * @param contentStore folder of the contents of all workspaces of this host
 */
public record ChronicleOptions(Path instances, Path contentStore, Mode mode) {

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
