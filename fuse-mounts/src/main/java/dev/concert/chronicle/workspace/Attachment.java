package dev.concert.chronicle.workspace;

import dev.concert.chronicle.folder.FolderWatch;
import dev.concert.chronicle.fuse.FuseMount;
import dev.concert.workspace.WorkspaceMessages.Mounted;
import java.nio.file.Path;

/** How an agent gets at the files of a workspace that is in use. */
sealed interface Attachment {
  Mounted mounted();

  /** Takes the files out of sight at once; to be followed by {@link #detach}. */
  void hide();

  /** Ends it; what was written before is recorded when this returns. */
  void detach();

  record Fuse(Path place, FuseMount mount) implements Attachment {
    @Override
    public Mounted mounted() {
      return new Mounted(place.toString(), "fuse");
    }

    @Override
    public void hide() {
      mount.hide();
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
    public void detach() {
      watch.close();
    }
  }
}
