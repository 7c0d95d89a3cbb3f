package dev.concert.chronicle.tree;

import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.OpenDirectory;
import dev.concert.chronicle.view.PosixTreeView;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * Renames from and to {@link IncomingNames}, which may have a condition. Between the comparison and
 * the change no name changes, and nothing is written to the file. Thread-safe.
 */
record ConditionalRenames(OpenDirectory root, ChangeReporter changes) {

  /**
   * @param renaming gives {@code from} the name {@code to}; returns 0 or a negative errno
   * @param removing removes {@code from}, for a file that is to go; likewise
   */
  int rename(String from, String to, IntSupplier renaming, IntSupplier removing) {
    Optional<Signature> arriving = IncomingNames.expected(from);
    if (arriving.isPresent()) {
      return changes.renamingIf(arriving.get(), () -> isLike(to, arriving.get()), renaming);
    }
    Optional<Signature> leaving = IncomingNames.expected(to);
    return leaving.isPresent()
        ? changes.renamingIf(
            leaving.get(), () -> isLike(from, leaving.get()), () -> remove(from, removing))
        : changes.renaming(renaming);
  }

  private int remove(String path, IntSupplier removing) {
    int result = removing.getAsInt();
    if (result == 0) {
      changes.removed(path);
    }
    return result;
  }

  private int isLike(String path, Signature expected) {
    return root.status(path).map(PosixTreeView::signature).filter(expected::equals).isPresent()
        ? 0
        : -Errno.ECANCELED;
  }
}
