package dev.concert.chronicle.tree;

import dev.concert.chronicle.posix.Directory;
import dev.concert.chronicle.posix.FileStatus;
import dev.concert.chronicle.recording.Recorder;
import java.util.OptionalInt;
import java.util.function.ToIntFunction;

/**
 * Takes names away from files. A file that has still to be read keeps one, in the folder for
 * orphans. Thread-safe.
 */
final class Names {
  private final Directory orphans;
  private final Recorder recorder;

  Names(Directory orphans, Recorder recorder) {
    this.orphans = orphans;
    this.recorder = recorder;
  }

  int unlink(Directory place, String name) {
    return losing(place, name, held -> place.rename(name, orphans, held))
        .orElseGet(() -> place.unlink(name));
  }

  int rename(Directory from, String name, Directory to, String newName) {
    OptionalInt kept = losing(to, newName, held -> to.link(newName, orphans, held));
    if (kept.isPresent() && kept.getAsInt() != 0) {
      // A file that can have no more names is read before it loses this one.
      to.status(newName).ifPresent(file -> recorder.changing(file.inode()));
    }
    return from.rename(name, to, newName);
  }

  private OptionalInt losing(Directory place, String name, ToIntFunction<String> keeping) {
    return recorder.readsLater()
        ? place
            .status(name)
            .filter(FileStatus::isRegular)
            .map(file -> recorder.losing(file.inode(), keeping))
            .orElse(OptionalInt.empty())
        : OptionalInt.empty();
  }
}
