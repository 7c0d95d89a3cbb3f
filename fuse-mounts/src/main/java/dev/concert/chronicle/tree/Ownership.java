package dev.concert.chronicle.tree;

import dev.concert.chronicle.posix.Directory;
import dev.concert.chronicle.posix.FileStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Gives new files to the process that made them, with the mode it asked for: they come to be under
 * the user and the umask of this process.
 */
final class Ownership {
  private static final int SET_GROUP_ID = 02000;
  private final Directory root;
  private final boolean privileged;
  private final int umask;

  private Ownership(Directory root, boolean privileged, int umask) {
    this.root = root;
    this.privileged = privileged;
    this.umask = umask;
  }

  static Ownership of(Directory root) {
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
      return new Ownership(root, privileged, umask);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read this process's own status", e);
    }
  }

  /** Completes a file that was just made; its mode is set only where the umask took from it. */
  void give(String path, int mode, Caller caller) {
    give(path, caller);
    if ((mode & umask) != 0) {
      root.changeMode(path, mode & 07777);
    }
  }

  /** The same for a directory, which hands on that its folder gives its group to what is in it. */
  void giveDirectory(String path, int mode, Caller caller) {
    give(path, inheritsGroup(path) ? mode | SET_GROUP_ID : mode, caller);
  }

  /** The same for a symlink, which has no mode. */
  void give(String path, Caller caller) {
    if (privileged && (caller.user() != 0 || caller.group() != 0)) {
      root.changeOwner(path, caller.user(), inheritsGroup(path) ? -1 : caller.group());
    }
  }

  private boolean inheritsGroup(String path) {
    int end = path.lastIndexOf('/');
    Optional<FileStatus> folder = root.status(end < 0 ? "." : path.substring(0, end));
    return folder.filter(status -> (status.mode() & SET_GROUP_ID) != 0).isPresent();
  }
}
