package dev.concert.chronicle.workspace;

import dev.concert.chronicle.posix.Directory;
import dev.concert.chronicle.posix.PosixException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** To whom a file belongs, as numbers of the host. */
record FileOwner(int user, int group) {

  /** Of a name in an open directory; empty where nothing has it. */
  static Optional<FileOwner> of(Directory folder, String name) {
    Path file = Path.of("/proc/self/fd/" + folder.descriptor(), name);
    try {
      Map<String, Object> found =
          Files.readAttributes(file, "unix:uid,gid", LinkOption.NOFOLLOW_LINKS);
      return Optional.of(new FileOwner((Integer) found.get("uid"), (Integer) found.get("gid")));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot tell to whom a file belongs", e);
    }
  }

  /** Lets a file belong to it, which may need to be root. */
  void give(Directory folder, String name) {
    if (!Optional.of(this).equals(of(folder, name))) {
      PosixException.check(folder.changeOwner(name, user, group), "fchownat");
    }
  }
}
