package dev.concert.chronicle.workspace;

import dev.concert.chronicle.content.ContentHash;
import dev.concert.chronicle.iteration.Change;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.LiveFile;
import dev.concert.chronicle.tree.OpenContent;
import dev.concert.chronicle.tree.TreeView.EscapeException;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.workspace.WorkspaceMessages.ChangesSince;
import dev.concert.workspace.WorkspaceMessages.FileChange;
import dev.concert.workspace.WorkspaceMessages.FileChanges;
import dev.concert.workspace.WorkspaceMessages.FileContent;
import dev.concert.workspace.WorkspaceMessages.FileHistory;
import dev.concert.workspace.WorkspaceMessages.FileIteration;
import dev.concert.workspace.WorkspaceMessages.FileList;
import dev.concert.workspace.WorkspaceMessages.ListFiles;
import dev.concert.workspace.WorkspaceMessages.ReadFile;
import dev.concert.workspace.WorkspaceMessages.ReadHistory;
import dev.concert.workspace.WorkspaceMessages.ReadIteration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Answers the file messages. Thread-safe; every method blocks. */
final class FileAnswers {
  private static final int MAX_SIZE = 10 * 1024 * 1024;
  private static final int MAX_CHANGES = 10_000;

  private final Workspaces workspaces;

  FileAnswers(Workspaces workspaces) {
    this.workspaces = workspaces;
  }

  FileList list(ListFiles request) {
    String path = WorkspaceNames.checkFolder(request.path());
    return with(request.workspaceId(), space -> Listing.of(space, path, request.depth()))
        .orElseGet(
            () -> {
              if (path.isEmpty()) {
                return new FileList(path, List.of());
              }
              throw notFound(path);
            });
  }

  FileContent read(ReadFile request) {
    String path = WorkspaceNames.checkPath(request.path());
    return with(request.workspaceId(), space -> read(space, path))
        .orElseThrow(() -> notFound(path));
  }

  private static FileContent read(Workspace workspace, String path) {
    try (OpenContent file = workspace.view().open(path).orElseThrow(() -> notFound(path))) {
      // One byte more than allowed shows a file that is growing.
      int limit = (int) Math.min(file.size(), MAX_SIZE) + 1;
      byte[] bytes = new byte[limit];
      int length = file.content().read(bytes, 0);
      if (file.size() > MAX_SIZE || length > MAX_SIZE) {
        throw tooLarge(path);
      }
      byte[] content = Arrays.copyOf(bytes, length);
      String hash = ContentHash.of(content);
      long iteration =
          workspace
              .journal()
              .history()
              .live(path)
              .filter(live -> live.hash().equals(hash))
              .map(LiveFile::iteration)
              .orElse(0L);
      return Encoding.content(path, content, iteration, hash);
    }
  }

  FileHistory history(ReadHistory request) {
    String path = WorkspaceNames.checkPath(request.path());
    List<Iteration> iterations =
        with(request.workspaceId(), space -> space.journal().history().of(path)).orElse(List.of());
    if (iterations.isEmpty()) {
      throw notFound(path);
    }
    return new FileHistory(path, iterations.stream().map(FileAnswers::wire).toList());
  }

  private static FileIteration wire(Iteration iteration) {
    return new FileIteration(
        iteration.number(),
        iteration.timestamp(),
        iteration.size(),
        iteration.hash(),
        iteration.change() == Change.DELETED);
  }

  FileContent at(ReadIteration request) {
    String path = WorkspaceNames.checkPath(request.path());
    return with(request.workspaceId(), space -> at(space, path, request.iteration()))
        .orElseThrow(() -> notFound(path));
  }

  private static FileContent at(Workspace workspace, String path, long number) {
    List<Iteration> history = workspace.journal().history().of(path);
    if (history.isEmpty()) {
      throw notFound(path);
    }
    Iteration iteration =
        history.stream()
            .filter(one -> one.number() == number && one.change() != Change.DELETED)
            .findFirst()
            .orElseThrow(
                () ->
                    new ConcertException(
                        ErrorCode.ITERATION_NOT_FOUND,
                        "The file has no content at iteration " + number + "."));
    if (iteration.size() > MAX_SIZE) {
      throw tooLarge(path);
    }
    byte[] content =
        workspace
            .contents()
            .read(iteration.hash())
            .orElseThrow(
                () ->
                    new ConcertException(
                        ErrorCode.ITERATION_NOT_FOUND,
                        "The content of iteration " + number + " is not on this host."));
    return Encoding.content(path, content, number, iteration.hash());
  }

  FileChanges changes(ChangesSince request) {
    String id = request.workspaceId();
    return with(
            id,
            space ->
                new FileChanges(
                    space.journal().history().since(request.sequence(), MAX_CHANGES).stream()
                        .map(iteration -> wire(id, iteration))
                        .toList(),
                    space.journal().history().latest()))
        .orElse(new FileChanges(List.of(), 0));
  }

  /** An iteration as the workspace's listeners get it. */
  static FileChange wire(String id, Iteration iteration) {
    return new FileChange(
        id,
        iteration.sequence(),
        iteration.path(),
        iteration.change().wireName(),
        iteration.number(),
        iteration.size(),
        iteration.hash(),
        iteration.timestamp(),
        iteration.from().orElse(null));
  }

  private <T> Optional<T> with(String id, Function<Workspace, T> work) {
    try {
      return workspaces.with(WorkspaceNames.checkId(id), work);
    } catch (EscapeException outside) {
      throw new ConcertException(ErrorCode.PATH_INVALID, "The path leads out of the workspace.");
    }
  }

  private static ConcertException tooLarge(String path) {
    return new ConcertException(ErrorCode.FILE_TOO_LARGE, path + " is larger than 10 MiB.");
  }

  private static ConcertException notFound(String path) {
    return new ConcertException(ErrorCode.FILE_NOT_FOUND, "There is no file " + path + ".");
  }
}
