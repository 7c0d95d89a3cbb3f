package dev.concert.platform.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is remembered of a session that works on a project.
 *
 * @param root the user's repository
 * @param branch that was checked out when files were sent last, in full; empty where none was
 * @param fingerprint of HEAD, branches and index then
 * @param takenAt when the files were read, milliseconds since 1970
 */
record ProjectState(String root, String branch, String fingerprint, long takenAt) {
  static final String FILE = "session.json";

  /** What a session's folder has; empty before its first files were sent. */
  static Optional<ProjectState> read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    return Files.exists(file)
        ? Optional.of(ProjectStore.read(file, ProjectState.class))
        : Optional.empty();
  }
}
