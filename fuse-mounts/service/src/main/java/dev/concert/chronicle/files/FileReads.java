package dev.concert.chronicle.files;

import dev.concert.chronicle.content.ContentHash;
import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.iteration.Change;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.LiveFile;
import dev.concert.chronicle.iteration.SkipSummary;
import dev.concert.chronicle.journal.History;
import dev.concert.chronicle.journal.Journal;
import dev.concert.chronicle.view.TreeView.EscapeException;
import dev.concert.chronicle.workspace.Workspace;
import dev.concert.chronicle.workspace.WorkspaceNames;
import dev.concert.chronicle.workspace.Workspaces;
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
import dev.concert.workspace.WorkspaceMessages.Piece;
import dev.concert.workspace.WorkspaceMessages.ReadFile;
import dev.concert.workspace.WorkspaceMessages.ReadHistory;
import dev.concert.workspace.WorkspaceMessages.ReadIteration;
import dev.concert.workspace.WorkspaceMessages.SkippedVersions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Answers the file messages. Thread-safe; every method blocks. */
public final class FileReads {
  private static final int MAX_SIZE = 10 * 1024 * 1024;
  private static final int MAX_PIECE = 10 * 1024 * 1024;
  private static final int MAX_CHANGES = 10_000;

  private final Workspaces workspaces;

  public FileReads(Workspaces workspaces) {
    this.workspaces = workspaces;
  }

  public FileList list(ListFiles request) {
    String path = WorkspaceNames.checkFolder(request.path());
    return with(request.workspaceId(), space -> FolderListing.of(space, path, request))
        .orElseGet(
            () -> {
              if (path.isEmpty()) {
                return new FileList(path, List.of(), null);
              }
              throw notFound(path);
            });
  }

  public FileContent read(ReadFile request) {
    String path = WorkspaceNames.checkPath(request.path());
    return with(request.workspaceId(), space -> read(space, path, request.piece()))
        .orElseThrow(() -> notFound(path));
  }

  private static FileContent read(Workspace workspace, String path, Piece piece) {
    if (piece == null) {
      return readWhole(workspace, path);
    }
    // Looked at before it is read: what is written meanwhile is not taken for the iteration.
    Optional<LiveFile> recorded =
        workspace.journal().history().live(path).filter(live -> isUnchanged(workspace, path, live));
    try (OpenContent file = workspace.view().open(path).orElseThrow(() -> notFound(path))) {
      byte[] bytes = new byte[checked(piece).length()];
      int length = file.content().read(bytes, piece.offset());
      return ContentEncoding.piece(
          path,
          Arrays.copyOf(bytes, Math.max(0, length)),
          piece.offset(),
          file.size(),
          recorded.map(LiveFile::iteration).orElse(0L),
          recorded.map(LiveFile::hash).orElse(""));
    }
  }

  private static boolean isUnchanged(Workspace workspace, String path, LiveFile live) {
    return workspace
        .view()
        .find(path)
        .filter(file -> file.signature().equals(live.signature()))
        .isPresent();
  }

  private static Piece checked(Piece piece) {
    if (piece.offset() < 0 || piece.length() < 1 || piece.length() > MAX_PIECE) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE, "length has to be 1 to " + MAX_PIECE + ", offset at least 0.");
    }
    return piece;
  }

  private static FileContent readWhole(Workspace workspace, String path) {
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
      return ContentEncoding.content(path, content, iteration, hash);
    }
  }

  public FileHistory history(ReadHistory request) {
    String path = WorkspaceNames.checkPath(request.path());
    return with(request.workspaceId(), space -> history(space.journal(), path))
        .filter(found -> !found.iterations().isEmpty() || !found.skipped().isEmpty())
        .orElseThrow(() -> notFound(path));
  }

  private static FileHistory history(Journal journal, String path) {
    History history = journal.history();
    return new FileHistory(
        path,
        history.of(path).stream().map(FileReads::wire).toList(),
        history.skipped(path).stream().map(FileReads::wire).toList(),
        journal.versioning().isExcluded(path));
  }

  private static SkippedVersions wire(SkipSummary skipped) {
    return new SkippedVersions(
        skipped.after(),
        skipped.reason().wireName(),
        skipped.first(),
        skipped.last(),
        skipped.count(),
        skipped.size());
  }

  private static FileIteration wire(Iteration iteration) {
    return new FileIteration(
        iteration.number(),
        iteration.timestamp(),
        iteration.size(),
        iteration.hash(),
        iteration.change() == Change.DELETED);
  }

  public FileContent at(ReadIteration request) {
    String path = WorkspaceNames.checkPath(request.path());
    return with(request.workspaceId(), space -> at(space, path, request))
        .orElseThrow(() -> notFound(path));
  }

  private static FileContent at(Workspace workspace, String path, ReadIteration request) {
    long number = request.iteration();
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
    Piece piece = request.piece();
    if (piece == null && iteration.size() > MAX_SIZE) {
      throw tooLarge(path);
    }
    byte[] content =
        (piece == null
                ? workspace.contents().read(iteration.hash())
                : workspace
                    .contents()
                    .read(iteration.hash(), checked(piece).offset(), piece.length()))
            .orElseThrow(
                () ->
                    new ConcertException(
                        ErrorCode.ITERATION_NOT_FOUND,
                        "The content of iteration " + number + " is not on this host."));
    return piece == null
        ? ContentEncoding.content(path, content, number, iteration.hash())
        : ContentEncoding.piece(
            path, content, piece.offset(), iteration.size(), number, iteration.hash());
  }

  public FileChanges changes(ChangesSince request) {
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
  public static FileChange wire(String id, Iteration iteration) {
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
    return new ConcertException(
        ErrorCode.FILE_TOO_LARGE,
        path + " is larger than 10 MiB. Read it in pieces, with 'offset' and 'length'.");
  }

  private static ConcertException notFound(String path) {
    return new ConcertException(ErrorCode.FILE_NOT_FOUND, "There is no file " + path + ".");
  }
}
