package dev.concert.chronicle.localsync;

import dev.concert.chronicle.content.ContentHash;
import dev.concert.chronicle.localsync.folder.IgnoreRules;
import dev.concert.chronicle.localsync.folder.SyncException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder that can be synced, by its real name.
 *
 * <p>What is remembered of it is not inside it: a folder that lost its files must not lose with
 * them the knowledge that it had some.
 */
public record SyncPlace(Path folder) {
  private static final int ID_DIGITS = 16;

  /**
   * @throws SyncException where this is no folder that can be synced
   */
  public static SyncPlace of(Path named) {
    if (!Files.exists(named)) {
      throw new SyncException("There is no folder %s; make it first.".formatted(named));
    }
    if (!Files.isDirectory(named)) {
      throw new SyncException("%s is not a folder.".formatted(named));
    }
    if (!Files.isReadable(named)) {
      throw new SyncException("%s cannot be read by you.".formatted(named));
    }
    try {
      Path real = named.toRealPath();
      if (real.getParent() == null) {
        throw new SyncException("%s is a whole disk; choose a folder.".formatted(real));
      }
      return new SyncPlace(real);
    } catch (IOException e) {
      throw new SyncException("%s cannot be opened: %s.".formatted(named, e.getMessage()));
    }
  }

  /**
   * Sees by trying whether files can be made in the folder: permissions do not tell of read-only
   * and full disks.
   *
   * @throws SyncException where not
   */
  public void checkWritable() {
    try {
      Files.delete(Files.createTempFile(folder, IgnoreRules.TEMPORARY, ""));
    } catch (IOException e) {
      throw new SyncException(
          "%s cannot be written: choose another folder, or get the right to write into it."
              .formatted(folder));
    }
  }

  /** The usual place for what is remembered: {@code sync/<id>} in a folder of the user's. */
  public Path state(Path ofUser) {
    String id = ContentHash.of(folder.toString().getBytes(StandardCharsets.UTF_8));
    return ofUser.resolve("sync").resolve(id.substring(0, ID_DIGITS));
  }
}
