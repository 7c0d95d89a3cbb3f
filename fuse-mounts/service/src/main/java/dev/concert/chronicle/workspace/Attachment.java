package dev.concert.chronicle.workspace;

import dev.concert.chronicle.binding.MountedFileSystem;
import dev.concert.chronicle.folder.FolderWatch;
import dev.concert.chronicle.quota.DiskQuota;
import dev.concert.chronicle.quota.WorkspaceUsage;
import dev.concert.workspace.WorkspaceMessages.Mounted;
import java.nio.file.Path;

/** How an agent gets at the files of a workspace that is in use. */
sealed interface Attachment {
  Mounted mounted();

  /** Takes the files out of sight at once; to be followed by {@link #detach}. */
  void hide();

  /** Another quota holds from now on, where there can be one. */
  void limit(DiskQuota quota);

  /** Ends it; what was written before is recorded when this returns. */
  void detach();

  record Fuse(Path place, MountedFileSystem mount, WorkspaceUsage usage) implements Attachment {
    @Override
    public Mounted mounted() {
      return new Mounted(place.toString(), "fuse");
    }

    @Override
    public void hide() {
      mount.hide();
    }

    @Override
    public void limit(DiskQuota quota) {
      usage.limit(quota);
    }

    @Override
    public void detach() {
      mount.unmount();
    }
  }

  record Folder(Path place, FolderWatch watch) implements Attachment {
    @Override
    public Mounted mounted() {
      return new Mounted(place.toString(), "folder");
    }

    @Override
    public void hide() {
      // A folder stays where it is.
    }

    @Override
    public void limit(DiskQuota quota) {
      // Nobody stands between a program and the files of a folder.
    }

    @Override
    public void detach() {
      watch.close();
    }
  }
}
