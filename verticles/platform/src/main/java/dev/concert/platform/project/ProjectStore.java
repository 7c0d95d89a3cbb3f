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
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * Where Concert keeps what it knows of a project: {@code projects/ID} in the data folder. Blocking.
 */
record ProjectStore(Path folder) {
  static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String PROJECTS = "projects";
  private static final String SESSIONS = "sessions";
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

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
   * Held while the user's files are read or written for one session. Another command that works on
   * the project is waited for.
   *
   * @throws ProjectException where that takes longer than anybody waits
   */
  LockFile lock() throws IOException {
    return lock(LONGEST_WAIT);
  }

  LockFile lock(Duration longest) throws IOException {
    PrivateFiles.createDirectories(folder);
    long end = System.nanoTime() + longest.toNanos();
    while (true) {
      Optional<LockFile> lock = LockFile.tryLock(folder.resolve("lock"));
      if (lock.isPresent()) {
        return lock.get();
      }
      if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
        throw new ProjectException(
            "Another command is reading or changing this project. Try again when it has ended.");
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }

  static void write(Path file, Object value) throws IOException {
    AtomicFile.replace(file, JSON.writeValueAsBytes(value));
  }

  static <T> T read(Path file, Class<T> type) throws IOException {
    return JSON.readValue(Files.readAllBytes(file), type);
  }
}
