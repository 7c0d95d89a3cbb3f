package dev.concert.chronicle.workspace;

import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.content.StoreException;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.recording.RecordingWorkers;
import dev.concert.chronicle.versioning.VersioningPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Writes the files of a workspace of which only the metadata is left: each as its latest iteration
 * has it. Without this, the next look at the empty tree would record that everything was deleted.
 * Nobody else may use the workspace. Blocks.
 *
 * @param instances folder of all instances, without symbolic links
 */
public record WorkspaceRebuild(Path instances, ContentStore contents) {
  private static final PosixFilePermission[] FROM_LOW_BIT = {
    PosixFilePermission.OTHERS_EXECUTE,
    PosixFilePermission.OTHERS_WRITE,
    PosixFilePermission.OTHERS_READ,
    PosixFilePermission.GROUP_EXECUTE,
    PosixFilePermission.GROUP_WRITE,
    PosixFilePermission.GROUP_READ,
    PosixFilePermission.OWNER_EXECUTE,
    PosixFilePermission.OWNER_WRITE,
    PosixFilePermission.OWNER_READ
  };

  /**
   * What was written.
   *
   * @param missing paths whose content is lost
   */
  public record Result(int files, List<String> missing) {}

  /** Rebuilds one; one without metadata is left alone. */
  public Result run(String id) {
    WorkspaceFolder folder = WorkspaceFolder.of(instances, id);
    if (!Files.isRegularFile(folder.journal())) {
      return new Result(0, List.of());
    }
    folder.make();
    try (RecordingWorkers workers = new RecordingWorkers();
        Workspace space =
            Workspace.open(folder, contents, VersioningPolicy.USUAL, workers, _ -> {})) {
      // Reading the journal enters what the change log has beyond it.
      return write(space.journal().history().snapshot().live(), folder.tree());
    }
  }

  private Result write(List<Iteration> live, Path tree) {
    List<String> missing = new ArrayList<>();
    int files = 0;
    for (Iteration state : live) {
      try {
        if (write(state, tree.resolve(state.path()))) {
          files++;
        } else {
          missing.add(state.path());
        }
      } catch (StoreException lost) {
        missing.add(state.path());
      } catch (IOException e) {
        throw new UncheckedIOException("A file of a workspace cannot be written", e);
      }
    }
    return new Result(files, List.copyOf(missing));
  }

  /** Returns whether its content is there. */
  private boolean write(Iteration state, Path file) throws IOException {
    if (!file.normalize().equals(file)) {
      return false;
    }
    Optional<InputStream> found = contents.open(state.hash());
    if (found.isEmpty()) {
      return false;
    }
    Files.createDirectories(file.getParent());
    try (InputStream content = found.get()) {
      if (state.kind() == Kind.SYMLINK) {
        String target = new String(content.readAllBytes(), StandardCharsets.UTF_8);
        Files.createSymbolicLink(file, Path.of(target));
      } else {
        Files.copy(content, file);
        Files.setPosixFilePermissions(file, permissions(state.mode()));
        Files.setLastModifiedTime(file, FileTime.fromMillis(state.timestamp()));
      }
    }
    return true;
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
    for (int bit = 0; bit < FROM_LOW_BIT.length; bit++) {
      if ((mode >> bit & 1) == 1) {
        set.add(FROM_LOW_BIT[bit]);
      }
    }
    return set;
  }
}
