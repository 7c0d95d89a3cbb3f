package dev.concert.chronicle.localsync;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;
import org.eclipse.jgit.merge.MergeAlgorithm;
import org.eclipse.jgit.merge.MergeFormatter;
import org.eclipse.jgit.merge.MergeResult;

/** Two changes of one text, put together line by line as git does it. */
public final class ThreeWayMerge {
  private static final List<String> NAMES = List.of("base", "local", "upstream");

  private ThreeWayMerge() {}

  /**
   * Empty where both changed the same lines, or one of the three is no text (has a NUL byte near
   * its begin).
   */
  public static Optional<byte[]> merge(byte[] base, byte[] local, byte[] upstream) {
    if (RawText.isBinary(base) || RawText.isBinary(local) || RawText.isBinary(upstream)) {
      return Optional.empty();
    }
    if (Arrays.equals(upstream, base)) {
      return Optional.of(local);
    }
    if (Arrays.equals(local, base)) {
      return Optional.of(upstream);
    }
    MergeResult<RawText> merged =
        new MergeAlgorithm()
            .merge(
                RawTextComparator.DEFAULT,
                new RawText(base),
                new RawText(local),
                new RawText(upstream));
    return merged.containsConflicts() ? Optional.empty() : Optional.of(text(merged));
  }

  private static byte[] text(MergeResult<RawText> merged) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      new MergeFormatter().formatMerge(out, merged, NAMES, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Memory cannot be written", e);
    }
    return out.toByteArray();
  }
}
