package dev.concert.chronicle.workspace;

import dev.concert.foundation.files.FolderRemoval;
import dev.concert.foundation.files.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A folder beside a workspace, in which a program of the same machine and user lays large files
 * instead of sending them: one copy within the disk, and a rename. No agent sees it. Closing it
 * deletes what did not come in, and what an earlier one left. For one program at a time; blocking.
 */
public record HandedFiles(Path folder) implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("[0-9a-f-]{36}");

  /**
   * Beside a workspace; empty where that is not on this machine, or belongs to another user.
   *
   * @param instances the folder of all instances
   */
  public static Optional<HandedFiles> beside(Path instances, String workspaceId) {
    WorkspaceFolder workspace = WorkspaceFolder.of(instances, workspaceId);
    try {
      if (!Files.isDirectory(workspace.root(), LinkOption.NOFOLLOW_LINKS) || !isMine(workspace)) {
        return Optional.empty();
      }
      FolderRemoval.remove(workspace.handed());
      return Optional.of(new HandedFiles(PrivateFiles.createDirectories(workspace.handed())));
    } catch (IOException e) {
      throw new UncheckedIOException("Large files cannot be laid beside the workspace", e);
    }
  }

  private static boolean isMine(WorkspaceFolder workspace) throws IOException {
    return Files.getOwner(workspace.root()).equals(Files.getOwner(Path.of("/proc/self")));
  }

  /** Copies a file there; answers the name by which it is handed over. */
  public String lay(Path file) throws IOException {
    String name = UUID.randomUUID().toString();
    Files.copy(file, folder.resolve(name));
    return name;
  }

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  @Override
  public void close() {
    try {
      FolderRemoval.remove(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Files beside the workspace cannot be deleted", e);
    }
  }
}
