package dev.concert.chronicle.localsync;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How a folder is synced.
 *
 * @param folder whose files are kept equal to the workspace
 * @param state folder for what is remembered between two runs, outside of the other
 * @param session the workspace is this session's
 * @param onConflict what becomes of a file that both sides changed
 * @param quiet how long nothing may change before changes are looked at
 * @param allowDeletions whether most files may be missing at once, and then are deleted upstream
 */
public record SyncOptions(
    Path folder,
    Path state,
    String session,
    ConflictPolicy onConflict,
    Duration quiet,
    boolean allowDeletions) {
  public static final Duration USUAL_QUIET = Duration.ofMillis(100);
}
