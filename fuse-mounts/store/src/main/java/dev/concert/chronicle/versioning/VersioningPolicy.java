package dev.concert.chronicle.versioning;

import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.ignore.IgnoreNode;

/**
 * Which files have versions, and how often. Thread-safe.
 *
 * <p>A path is excluded where a pattern matches it or a folder above it; a later pattern that
 * begins with {@code !} takes it back, as in {@code .gitignore}. Of the rules for large files the
 * one with the largest size counts.
 */
public final class VersioningPolicy {
  /**
   * What builds and package managers make anew, and files that databases have only while at work.
   */
  public static final List<String> USUALLY_EXCLUDED =
      List.of(
          "node_modules/",
          "target/",
          "__pycache__/",
          ".venv/",
          ".gradle/",
          "*.db-wal",
          "*.db-shm",
          "*.db-journal",
          "*.sqlite-wal",
          "*.sqlite-shm",
          "*.sqlite-journal",
          "*.sqlite3-wal",
          "*.sqlite3-shm",
          "*.sqlite3-journal");

  private static final long GIB = 1L << 30;
  private static final long MOST_MIB = 1L << 40;
  private static final int MOST_SECONDS = 365 * 24 * 3600;

  /** A version a minute from 1 GiB on, none from 16 GiB on. */
  public static final List<LargeFileRule> USUALLY_LARGE =
      List.of(
          new LargeFileRule("*", GIB, Optional.of(Duration.ofMinutes(1))),
          new LargeFileRule("*", 16 * GIB, Optional.empty()));

  public static final VersioningPolicy USUAL =
      new VersioningPolicy(USUALLY_EXCLUDED, USUALLY_LARGE);

  /** Every version of every file. */
  public static final VersioningPolicy ALL = new VersioningPolicy(List.of(), List.of());

  private final List<String> excluded;
  private final List<LargeFileRule> large;
  private final IgnoreNode patterns = new IgnoreNode();
  private final long smallest;
  private volatile Folder latest = new Folder("", false);

  private record Folder(String path, boolean excluded) {}

  public VersioningPolicy(List<String> excluded, List<LargeFileRule> large) {
    this.excluded = List.copyOf(excluded);
    this.large = List.copyOf(large);
    this.smallest =
        large.stream().mapToLong(LargeFileRule::largerThan).min().orElse(Long.MAX_VALUE);
    try {
      patterns.parse(
          new ByteArrayInputStream(String.join("\n", excluded).getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException("The patterns cannot be read", e);
    }
  }

  /**
   * @param section {@code chronicle.versioning} of the configuration; what it leaves out is usual
   * @throws ConfigException with a sentence that names the wrong key
   */
  public static VersioningPolicy from(ConfigReader section) {
    List<String> excluded =
        section.keys().contains("excluded") ? section.texts("excluded") : USUALLY_EXCLUDED;
    List<LargeFileRule> large =
        section.keys().contains("large")
            ? section.sections("large").stream().map(VersioningPolicy::rule).toList()
            : USUALLY_LARGE;
    return new VersioningPolicy(excluded, large);
  }

  private static LargeFileRule rule(ConfigReader section) {
    long largerThan = section.longNumber("largerThanMiB", 0, MOST_MIB, 0) << 20;
    int every = section.number("everySeconds", 0, MOST_SECONDS, 0);
    LargeFileRule rule =
        new LargeFileRule(
            section.text("path", "*"),
            largerThan,
            every == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(every)));
    section.refuseUnknown();
    return rule;
  }

  public List<String> excluded() {
    return excluded;
  }

  public List<LargeFileRule> large() {
    return large;
  }

  /**
   * @param path of a file, relative to the root
   */
  public boolean isExcluded(String path) {
    if (excluded.isEmpty()) {
      return false;
    }
    int end = path.lastIndexOf('/');
    return end > 0 && isFolderExcluded(path.substring(0, end))
        || Boolean.TRUE.equals(patterns.checkIgnored(path, false));
  }

  /** Files of one folder mostly come one after the other. */
  private boolean isFolderExcluded(String folder) {
    Folder known = latest;
    if (!known.path().equals(folder)) {
      known = new Folder(folder, isAnyExcluded(folder));
      latest = known;
    }
    return known.excluded();
  }

  private boolean isAnyExcluded(String folder) {
    for (int slash = folder.indexOf('/'); slash > 0; slash = folder.indexOf('/', slash + 1)) {
      if (Boolean.TRUE.equals(patterns.checkIgnored(folder.substring(0, slash), true))) {
        return true;
      }
    }
    return Boolean.TRUE.equals(patterns.checkIgnored(folder, true));
  }

  /**
   * @param allocated bytes of the file on the disk
   */
  public Optional<LargeFileRule> rule(String path, long allocated) {
    if (allocated <= smallest) {
      return Optional.empty();
    }
    return large.stream()
        .filter(rule -> rule.isFor(path, allocated))
        .max(Comparator.comparingLong(LargeFileRule::largerThan));
  }
}
