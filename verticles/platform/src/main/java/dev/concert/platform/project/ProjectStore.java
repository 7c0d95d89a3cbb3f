package dev.concert.platform.project;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.concert.foundation.files.AtomicFile;
import dev.concert.foundation.files.LockFile;
import dev.concert.foundation.files.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * Where Concert keeps what it knows of a project: {@code projects/ID} in the data folder. Blocking.
 */
record ProjectStore(Path folder) {
  static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String PROJECTS = "projects";
  private static final String SESSIONS = "sessions";

  static ProjectStore of(Path data, Path root) {
    String id = UUID.nameUUIDFromBytes(root.toString().getBytes(StandardCharsets.UTF_8)).toString();
    return new ProjectStore(data.resolve(PROJECTS).resolve(id));
  }

  /** The folder of a session that works on a project; empty where it works on none. */
  static Optional<Path> session(Path data, String session) {
    Path projects = data.resolve(PROJECTS);
    if (!Files.isDirectory(projects)) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(projects)) {
      for (Path project : all) {
        Path found = project.resolve(SESSIONS).resolve(session);
        if (Files.isRegularFile(found.resolve(ProjectState.FILE))) {
          return Optional.of(found);
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("The known projects cannot be read", e);
    }
  }

  Path ofSession(String session) {
    return folder.resolve(SESSIONS).resolve(session);
  }

  Path applied() {
    return folder.resolve("applied");
  }

  /**
   * Held while the user's files are read or written for one session.
   *
   * @throws ProjectException where another process has it
   */
  LockFile lock() throws IOException {
    PrivateFiles.createDirectories(folder);
    return LockFile.tryLock(folder.resolve("lock"))
        .orElseThrow(
            () ->
                new ProjectException(
                    "Another command is reading or changing this project. Try again when it has"
                        + " ended."));
  }

  static void write(Path file, Object value) throws IOException {
    AtomicFile.replace(file, JSON.writeValueAsBytes(value));
  }

  static <T> T read(Path file, Class<T> type) throws IOException {
    return JSON.readValue(Files.readAllBytes(file), type);
  }
}
