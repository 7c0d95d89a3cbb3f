package dev.concert.chronicle.tree;

import dev.concert.chronicle.iteration.Signature;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of files that are uploaded into a mounted tree. The files are written in the folder for
 * orphans, which no listing shows; a rename from such a name in the root of the mount moves one
 * into the tree.
 *
 * <p>Such a name may say what the file in the tree has to be like. A rename from it replaces only a
 * file that is, and a rename to it removes only a file that is; else they fail with {@code
 * ECANCELED}.
 */
public final class IncomingNames {
  /** The prefix of such a name. */
  public static final String PREFIX = ".fuse_hidden_incoming_";

  private static final Pattern CONDITION = Pattern.compile(".*_if_(\\d+)_(-?\\d+)_(\\d+)");

  private IncomingNames() {}

  /** A name that was not used before. */
  public static String newName() {
    return PREFIX + UUID.randomUUID();
  }

  /** The same, of a change that is made only where the file in the tree is like this. */
  public static String newName(Signature expected) {
    return "%s_if_%d_%d_%d"
        .formatted(newName(), expected.size(), expected.modifiedNanos(), expected.inode());
  }

  /** Whether a path is such a name. */
  public static boolean isName(String path) {
    return path.startsWith(PREFIX);
  }

  /** Whether a rename to this path removes the file. */
  public static boolean isRemoval(String path) {
    return expected(path).isPresent();
  }

  /** What the file in the tree has to be like; empty for anything. */
  static Optional<Signature> expected(String path) {
    return isName(path)
        ? Optional.of(CONDITION.matcher(path))
            .filter(Matcher::matches)
            .map(IncomingNames::signature)
        : Optional.empty();
  }

  private static Signature signature(Matcher condition) {
    return new Signature(
        Long.parseLong(condition.group(1)),
        Long.parseLong(condition.group(2)),
        Long.parseLong(condition.group(3)));
  }
}
