package dev.concert.chronicle.tree;

import dev.concert.chronicle.posix.FileStatus;
import dev.concert.chronicle.posix.OpenDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Sets owner and mode of new files as the calling process would have: the files are created with
 * the user and the umask of this process. What root makes belongs to the owner of the tree, so that
 * the agent in it can use what comes from outside.
 */
final class FileOwnership {
  private static final int SET_GROUP_ID = 02000;
  private final OpenDirectory root;
  private final boolean privileged;
  private final int umask;
  private final int treeOwner;

  private FileOwnership(OpenDirectory root, boolean privileged, int umask, int treeOwner) {
    this.root = root;
    this.privileged = privileged;
    this.umask = umask;
    this.treeOwner = treeOwner;
  }

  static FileOwnership of(OpenDirectory root) {
    try {
      boolean privileged = false;
      int umask = 022;
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        String[] words = line.split("\\s+");
        if (words[0].equals("Uid:")) {
          privileged = words[2].equals("0");
        } else if (words[0].equals("Umask:")) {
          umask = Integer.parseInt(words[1], 8);
        }
      }
      Path tree = Path.of("/proc/self/fd/" + root.descriptor());
      int owner = (Integer) Files.getAttribute(tree, "unix:uid");
      return new FileOwnership(root, privileged, umask, owner);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read this process's own status", e);
    }
  }

  /**
   * Completes a file that was just created. Its mode is set only if the umask removed bits of it.
   */
  void give(String path, int mode, CallingProcess caller) {
    give(path, caller);
    if ((mode & umask) != 0) {
      root.changeMode(path, mode & 07777);
    }
  }

  /** The same for a directory, which inherits set-group-id from its parent. */
  void giveDirectory(String path, int mode, CallingProcess caller) {
    give(path, inheritsGroup(path) ? mode | SET_GROUP_ID : mode, caller);
  }

  /** The same for a symlink, which has no mode. */
  void give(String path, CallingProcess caller) {
    if (!privileged) {
      return;
    }
    if (caller.user() == 0 && treeOwner != 0) {
      root.changeOwner(path, treeOwner, treeOwner);
    } else if (caller.user() != 0 || caller.group() != 0) {
      root.changeOwner(path, caller.user(), inheritsGroup(path) ? -1 : caller.group());
    }
  }

  private boolean inheritsGroup(String path) {
    int end = path.lastIndexOf('/');
    Optional<FileStatus> folder = root.status(end < 0 ? "." : path.substring(0, end));
    return folder.filter(status -> (status.mode() & SET_GROUP_ID) != 0).isPresent();
  }
}
