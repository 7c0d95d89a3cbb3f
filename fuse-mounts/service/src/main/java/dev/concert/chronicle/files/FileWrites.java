package dev.concert.chronicle.files;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.ContentHash;
import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.iteration.Change;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.LiveFile;
import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.view.TreeFile;
import dev.concert.chronicle.view.TreeView.EscapeException;
import dev.concert.chronicle.workspace.LiveFiles;
import dev.concert.chronicle.workspace.WorkspaceNames;
import dev.concert.chronicle.workspace.Workspaces;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.workspace.WorkspaceMessages.DeleteFile;
import dev.concert.workspace.WorkspaceMessages.FileWritten;
import dev.concert.workspace.WorkspaceMessages.RestoreFile;
import dev.concert.workspace.WorkspaceMessages.WriteFile;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

/**
 * Changes files of live workspaces for people, as a process inside of them would. Thread-safe;
 * every method blocks.
 */
public final class FileWrites {
  private static final int MAX_SIZE = 10 * 1024 * 1024;
  private static final int NEW_FILE = 0644;
  private static final int PERMISSIONS = 07777;

  private final Workspaces workspaces;
  private final ExecutorService writers;
  private final VersionChecks checks;

  /**
   * @param writers platform threads: a write through a mount may be answered by this very process
   */
  public FileWrites(Workspaces workspaces, ExecutorService writers) {
    this.workspaces = workspaces;
    this.writers = writers;
    this.checks = new VersionChecks(workspaces);
  }

  public FileWritten write(WriteFile request) {
    String path = WorkspaceNames.checkNew(request.path());
    byte[] bytes = bytes(request.content());
    String id = workspaces.existing(request.workspaceId());
    int mode = mode(id, path);
    OpenContent content = new OpenContent(Content.of(bytes), bytes.length, () -> {});
    changeInVersion(
        id,
        path,
        request.expected(),
        expected -> change(id, path, live -> live.write(path, Kind.FILE, mode, content, expected)));
    return written(id, path, ContentHash.of(bytes));
  }

  private void changeInVersion(
      String id, String path, List<String> versions, Consumer<Optional<Signature>> work) {
    if (versions == null) {
      work.accept(Optional.empty());
    } else {
      checks.change(id, path, versions, now -> work.accept(Optional.of(now)));
    }
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

  public FileWritten delete(DeleteFile request) {
    String path = WorkspaceNames.checkNew(request.path());
    String id = workspaces.existing(request.workspaceId());
    if (request.expected() == null) {
      live(id, path).orElseThrow(() -> notFound(path));
    }
    changeInVersion(
        id,
        path,
        request.expected(),
        expected -> change(id, path, live -> delete(live, path, expected)));
    return latest(id, path);
  }

  private static void delete(LiveFiles live, String path, Optional<Signature> expected) {
    expected.ifPresentOrElse(now -> live.delete(path, now), () -> live.delete(path));
  }

  public FileWritten restore(RestoreFile request) {
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

  /** What a rule for large files left out is kept before it is replaced. */
  private void change(String id, String path, Consumer<LiveFiles> work) {
    workspaces.with(
        id,
        space -> {
          space.keepSkipped(path);
          return path;
        });
    try {
      workspaces.replicated(id, writers).change(path, work);
    } catch (IllegalStateException failure) {
      throw failure.getCause() instanceof PosixException refused
          ? WriteErrorMapper.of(path, refused)
          : failure;
    }
  }

  private Optional<LiveFile> live(String id, String path) {
    return workspaces
        .with(id, space -> space.journal().history().live(path))
        .flatMap(found -> found);
  }

  /** The iteration that a write made, also where an agent made another one since. */
  private FileWritten written(String id, String path, String hash) {
    return workspaces
        .with(id, space -> space.journal().history().of(path))
        .flatMap(
            iterations ->
                iterations.reversed().stream().filter(one -> one.hash().equals(hash)).findFirst())
        .map(one -> new FileWritten(path, one.number(), hash))
        .orElseGet(() -> latest(id, path));
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
