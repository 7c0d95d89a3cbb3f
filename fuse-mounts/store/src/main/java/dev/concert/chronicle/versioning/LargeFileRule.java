package dev.concert.chronicle.versioning;

import java.time.Duration;
import java.util.Optional;
import org.eclipse.jgit.ignore.FastIgnoreRule;

/**
 * How often a large file gets a version.
 *
 * @param path of the files, in the syntax of {@code .gitignore}
 * @param largerThan bytes on the disk: holes do not count
 * @param every at most one version in this time; empty for none at all
 */
public record LargeFileRule(String path, long largerThan, Optional<Duration> every) {
  public LargeFileRule {
    if (path.isBlank() || largerThan < 0 || every.filter(Duration::isNegative).isPresent()) {
      throw new IllegalArgumentException("A rule for large files needs a path and a size.");
    }
  }

  boolean isFor(String file, long allocated) {
    return allocated > largerThan && new FastIgnoreRule(path).isMatch(file, false, false);
  }
}
