package dev.concert.platform.project;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.diff.DiffAlgorithm;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;

/** The agent's changes as a unified diff in the form of git. Blocking. */
record UnifiedDiff(ProjectTree base, ProjectTree mirror) {

  String of(List<ProjectChange> changes) throws IOException {
    StringBuilder diff = new StringBuilder();
    for (ProjectChange change : changes) {
      append(diff, change);
    }
    return diff.toString();
  }

  private void append(StringBuilder diff, ProjectChange change) throws IOException {
    String path = shown(change.path());
    diff.append("diff --git a/%s b/%s%n".formatted(path, path));
    if (change.before().isNothing()) {
      diff.append("new file mode %s%n".formatted(mode(change.after())));
    } else if (change.after().isNothing()) {
      diff.append("deleted file mode %s%n".formatted(mode(change.before())));
    } else if (!mode(change.before()).equals(mode(change.after()))) {
      diff.append(
          "old mode %s%nnew mode %s%n".formatted(mode(change.before()), mode(change.after())));
    }
    if (change.before().hash().equals(change.after().hash())) {
      return;
    }
    Optional<byte[]> before = bytes(base, change.path(), change.before());
    Optional<byte[]> after = bytes(mirror, change.path(), change.after());
    if (before.isEmpty()
        || after.isEmpty()
        || RawText.isBinary(before.get())
        || RawText.isBinary(after.get())) {
      diff.append("Binary or large file %s%n".formatted(path));
      return;
    }
    diff.append("--- %s%n".formatted(change.before().isNothing() ? "/dev/null" : "a/" + path));
    diff.append("+++ %s%n".formatted(change.after().isNothing() ? "/dev/null" : "b/" + path));
    diff.append(hunks(new RawText(before.get()), new RawText(after.get())));
  }

  private static String hunks(RawText before, RawText after) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DiffFormatter formatter = new DiffFormatter(out)) {
      formatter.format(
          DiffAlgorithm.getAlgorithm(DiffAlgorithm.SupportedAlgorithm.HISTOGRAM)
              .diff(RawTextComparator.DEFAULT, before, after),
          before,
          after);
    }
    return printable(out.toString(StandardCharsets.UTF_8));
  }

  private static Optional<byte[]> bytes(ProjectTree tree, String path, PathContent content)
      throws IOException {
    return switch (content.type()) {
      case NOTHING, OTHER -> Optional.of(new byte[0]);
      case SYMLINK -> Optional.of((tree.target(path) + "\n").getBytes(StandardCharsets.UTF_8));
      case FILE -> tree.bytes(path, ProjectSession.LONGEST_TEXT);
    };
  }

  private static String mode(PathContent content) {
    return content.type() == PathContent.Type.SYMLINK
        ? "120000"
        : content.executable() ? "100755" : "100644";
  }

  /** A name must not end a line of the diff. */
  private static String shown(String path) {
    return path.replaceAll("\\p{Cntrl}", "?");
  }

  /** What an agent wrote must not steer the terminal. */
  private static String printable(String text) {
    return text.replaceAll("[\\p{Cntrl}&&[^\n\t]]", "?");
  }
}
