package dev.concert.chronicle.workspace;

import dev.concert.chronicle.posix.OpenDirectory;
import dev.concert.chronicle.posix.PosixException;
import java.util.Optional;

/** To whom a file belongs, as numbers of the host. */
record FileOwner(int user, int group) {

  /** Of a name in an open directory; empty where nothing has it. */
  static Optional<FileOwner> of(OpenDirectory folder, String name) {
    return folder.status(name).map(file -> new FileOwner(file.user(), file.group()));
  }

  /** Lets a file belong to it, which may need to be root. */
  void give(OpenDirectory folder, String name) {
    if (!Optional.of(this).equals(of(folder, name))) {
      PosixException.check(folder.changeOwner(name, user, group), "fchownat");
    }
  }
}
