package dev.concert.chronicle.workspace;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.iteration.Change;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.LiveFile;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.tree.OpenContent;
import dev.concert.chronicle.tree.TreeFile;
import dev.concert.chronicle.tree.TreeView.EscapeException;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.workspace.WorkspaceMessages.DeleteFile;
import dev.concert.workspace.WorkspaceMessages.FileWritten;
import dev.concert.workspace.WorkspaceMessages.RestoreFile;
import dev.concert.workspace.WorkspaceMessages.WriteFile;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

/**
 * Changes files of live workspaces for people, as somebody inside of them would. Thread-safe; every
 * method blocks.
 */
final class FileWrites {
  private static final int MAX_SIZE = 10 * 1024 * 1024;
  private static final int NEW_FILE = 0644;
  private static final int PERMISSIONS = 07777;

  private final Workspaces workspaces;
  private final ExecutorService writers;

  /**
   * @param writers platform threads: a write through a mount may be answered by this very process
   */
  FileWrites(Workspaces workspaces, ExecutorService writers) {
    this.workspaces = workspaces;
    this.writers = writers;
  }

  FileWritten write(WriteFile request) {
    String path = WorkspaceNames.checkNew(request.path());
    byte[] bytes = bytes(request.content());
    String id = workspaces.existing(request.workspaceId());
    int mode = mode(id, path);
    OpenContent content = new OpenContent(Content.of(bytes), bytes.length, () -> {});
    change(id, path, live -> live.write(path, Kind.FILE, mode, content));
    return latest(id, path);
  }

  private int mode(String id, String path) {
    try {
      return workspaces
          .with(id, space -> space.view().find(path))
          .flatMap(found -> found)
          .filter(file -> file.type() == TreeFile.Type.FILE)
          .map(file -> file.mode() & PERMISSIONS)
          .orElse(NEW_FILE);
    } catch (EscapeException outside) {
      throw new ConcertException(ErrorCode.PATH_INVALID, "The path leads out of the workspace.");
    }
  }

  FileWritten delete(DeleteFile request) {
    String path = WorkspaceNames.checkNew(request.path());
    String id = workspaces.existing(request.workspaceId());
    live(id, path).orElseThrow(() -> notFound(path));
    change(id, path, live -> live.delete(path, folder -> false));
    return latest(id, path);
  }

  FileWritten restore(RestoreFile request) {
    String path = WorkspaceNames.checkNew(request.path());
    String id = workspaces.existing(request.workspaceId());
    Iteration wanted = iteration(id, path, request.iteration());
    OpenContent content =
        workspaces
            .replicated(id, writers)
            .content(wanted.hash(), wanted.size())
            .orElseThrow(() -> lost(request.iteration()));
    try (content) {
      int mode = wanted.mode() & PERMISSIONS;
      change(id, path, live -> live.write(path, wanted.kind(), mode, content));
    }
    return latest(id, path);
  }

  private Iteration iteration(String id, String path, long number) {
    return workspaces
        .with(id, space -> space.journal().history().at(path, number))
        .flatMap(found -> found)
        .filter(iteration -> iteration.change() != Change.DELETED)
        .orElseThrow(
            () ->
                new ConcertException(
                    ErrorCode.ITERATION_NOT_FOUND,
                    "The file has no content at iteration " + number + "."));
  }

  private static ConcertException lost(long iteration) {
    return new ConcertException(
        ErrorCode.ITERATION_NOT_FOUND,
        "The content of iteration %d is not on this host.".formatted(iteration));
  }

  private static byte[] bytes(String content) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(content == null ? "" : content);
    } catch (IllegalArgumentException e) {
      throw new ConcertException(ErrorCode.INVALID_MESSAGE, "content is not Base64.");
    }
    if (bytes.length > MAX_SIZE) {
      throw new ConcertException(ErrorCode.FILE_TOO_LARGE, "At most 10 MiB are taken at once.");
    }
    return bytes;
  }

  private void change(String id, String path, Consumer<ReplicatedWorkspace> work) {
    try {
      work.accept(workspaces.replicated(id, writers));
    } catch (IllegalStateException failure) {
      throw failure.getCause() instanceof PosixException refused
          ? WriteRefusal.of(path, refused)
          : failure;
    }
  }

  private Optional<LiveFile> live(String id, String path) {
    return workspaces
        .with(id, space -> space.journal().history().live(path))
        .flatMap(found -> found);
  }

  private FileWritten latest(String id, String path) {
    return workspaces
        .with(id, space -> space.journal().history().of(path))
        .filter(iterations -> !iterations.isEmpty())
        .map(
            iterations ->
                new FileWritten(path, iterations.getLast().number(), iterations.getLast().hash()))
        .orElseThrow(() -> notFound(path));
  }

  private static ConcertException notFound(String path) {
    return new ConcertException(ErrorCode.FILE_NOT_FOUND, "There is no file " + path + ".");
  }
}
