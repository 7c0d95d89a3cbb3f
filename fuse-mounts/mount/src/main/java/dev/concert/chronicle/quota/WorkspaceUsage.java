package dev.concert.chronicle.quota;

import dev.concert.chronicle.tree.FileSystem;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The disk usage of one workspace while it is mounted: taken from {@code usage.json}, measured in
 * the background where that is not exact, and once a day, and written back at the end. Thread-safe.
 */
public final class WorkspaceUsage {
  private static final Logger LOG = LoggerFactory.getLogger(WorkspaceUsage.class);
  private static final Duration SCAN_EVERY = Duration.ofDays(1);
  private static final long AGAIN_MS = 5_000;
  private static final int MOST_TRIES = 10;

  private final Path tree;
  private final Path metadata;
  private final ScheduledExecutorService scans;
  private final Duration every;
  private final DiskUsage usage;
  private volatile Optional<QuotaFileSystem> files = Optional.empty();
  private volatile Optional<Future<?>> next = Optional.empty();
  private volatile Instant scannedAt;
  private volatile boolean exact;
  private volatile boolean closed;

  private WorkspaceUsage(
      Path tree,
      Path metadata,
      ScheduledExecutorService scans,
      Duration every,
      UsageFile before,
      DiskQuota quota) {
    this.every = every;
    this.tree = tree;
    this.metadata = metadata;
    this.scans = scans;
    this.usage = new DiskUsage(quota, before.bytes(), before.files());
    this.scannedAt = before.scannedAt();
    this.exact = before.exact();
  }

  /**
   * Begins to count. Returns at once: what is not known yet is measured meanwhile.
   *
   * @param tree the real files
   * @param metadata folder of {@code usage.json}
   * @param scans measure one workspace after the other
   */
  public static WorkspaceUsage open(
      Path tree, Path metadata, ScheduledExecutorService scans, DiskQuota quota) {
    return open(tree, metadata, scans, SCAN_EVERY, quota);
  }

  static WorkspaceUsage open(
      Path tree, Path metadata, ScheduledExecutorService scans, Duration every, DiskQuota quota) {
    UsageFile before = UsageFile.read(metadata);
    WorkspaceUsage usage = new WorkspaceUsage(tree, metadata, scans, every, before, quota);
    usage.write(false);
    Duration known = Duration.between(before.scannedAt(), Instant.now());
    usage.scanAfter(before.exact() ? every.minus(known) : Duration.ZERO, 1);
    return usage;
  }

  private void scanAfter(Duration delay, int attempt) {
    if (!closed && !scans.isShutdown()) {
      long millis = Math.max(0, delay.toMillis());
      next = Optional.of(scans.schedule(() -> scan(attempt), millis, TimeUnit.MILLISECONDS));
    }
  }

  /** The files with their quota. */
  public FileSystem over(FileSystem real) {
    QuotaFileSystem limited = new QuotaFileSystem(real, usage, this::close);
    files = Optional.of(limited);
    return limited;
  }

  /** Another quota holds from now on. */
  public void limit(DiskQuota quota) {
    usage.limit(quota);
    write(false);
  }

  public DiskUsage usage() {
    return usage;
  }

  private void scan(int attempt) {
    if (closed) {
      return;
    }
    DiskUsage.Reading before = usage.read();
    UsageScan scan = new UsageScan(() -> !closed);
    try {
      scan.run(tree);
    } catch (RuntimeException failure) {
      LOG.warn("The disk usage of {} cannot be measured", tree, failure);
      scanAfter(every, 1);
      return;
    }
    if (closed) {
      return;
    }
    DiskUsage.Amount nameless =
        files.map(QuotaFileSystem::nameless).orElse(DiskUsage.Amount.NOTHING);
    boolean quiet =
        usage.correct(before, scan.bytes() + nameless.bytes(), scan.files() + nameless.files());
    exact |= quiet;
    scannedAt = Instant.now();
    if (!quiet && attempt < MOST_TRIES) {
      scanAfter(Duration.ofMillis(attempt * AGAIN_MS), attempt + 1);
    } else {
      scanAfter(every, 1);
    }
  }

  private void close() {
    closed = true;
    next.ifPresent(scan -> scan.cancel(false));
    write(exact);
  }

  private void write(boolean asExact) {
    new UsageFile(usage.quota(), usage.bytes(), usage.files(), asExact, scannedAt).write(metadata);
  }

  /** The quota that held last; unlimited where none ever did. */
  public static DiskQuota lastQuota(Path metadata) {
    return UsageFile.read(metadata).quota();
  }

  /**
   * Changes a workspace that is not mounted, whose changes count, too. They are counted by their
   * parts, so the next mount measures the whole. One at a time for a workspace; blocks.
   */
  public static void whileUnmounted(Path metadata, Consumer<DiskUsage> change) {
    UsageFile last = UsageFile.read(metadata);
    // First: a process that is killed meanwhile must not leave what is wrong as exact.
    new UsageFile(last.quota(), last.bytes(), last.files(), false, last.scannedAt())
        .write(metadata);
    DiskUsage usage = new DiskUsage(last.quota(), last.bytes(), last.files());
    try {
      change.accept(usage);
    } finally {
      new UsageFile(
              last.quota(),
              Math.max(0, usage.bytes()),
              Math.max(0, usage.files()),
              false,
              last.scannedAt())
          .write(metadata);
    }
  }
}
