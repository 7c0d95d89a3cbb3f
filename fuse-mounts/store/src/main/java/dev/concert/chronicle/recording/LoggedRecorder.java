package dev.concert.chronicle.recording;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.SkipReason;
import dev.concert.chronicle.journal.Journal;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.FileStatus;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.recording.changelog.ChangeLog;
import dev.concert.chronicle.recording.changelog.FileState;
import dev.concert.chronicle.recording.changelog.LogRecord;
import dev.concert.chronicle.versioning.VersioningPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes changes into a log, from which workers take them to the content store and the journal.
 *
 * <p>What a method has logged when it returns survives the death of the process. Small contents are
 * in the log; large ones are promised, read later, and their files are not changed before. Who
 * waits for a read too long, or for room among the promises, goes on without: that version is
 * skipped, and the history says so. Too long a log, and the caller waits. Thread-safe.
 */
public final class LoggedRecorder implements Recorder, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LoggedRecorder.class);
  private static final long LONGEST = 256L << 20;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** What is not entered when a workspace is closed is entered when it is opened again. */
  private static final Duration CLOSING = Duration.ofSeconds(10);

  private final ChangeLog log;
  private final ContentStore store;
  private final DeferredReads captures;
  private final ApplyProgress progress;
  private final ApplierLoop loop;
  private final RecordingWorkers workers;
  private final RecordingLimits limits;
  private final VersionIntervals intervals;

  private LoggedRecorder(
      ChangeLog log,
      ContentStore store,
      DeferredReads captures,
      Journal journal,
      RecordingWorkers workers,
      RecordingLimits limits,
      Supplier<VersioningPolicy> policy) {
    this.log = log;
    this.store = store;
    this.captures = captures;
    this.workers = workers;
    this.limits = limits;
    this.intervals = new VersionIntervals(policy);
    this.progress = new ApplyProgress(journal.position());
    this.loop = new ApplierLoop(new Applier(log, store, captures, journal), progress, workers);
  }

  /**
   * Opens the log in a folder and goes on where the process before stopped, waiting for nothing.
   * Nobody else may have it open.
   */
  public static LoggedRecorder open(
      Path folder,
      DeferredFiles files,
      ContentStore store,
      Journal journal,
      RecordingWorkers workers) {
    return open(
        folder,
        files,
        store,
        journal,
        workers,
        RecordingLimits.USUAL,
        () -> VersioningPolicy.USUAL);
  }

  /**
   * The same with bounds and a policy.
   *
   * @param policy asked for each large content
   */
  public static LoggedRecorder open(
      Path folder,
      DeferredFiles files,
      ContentStore store,
      Journal journal,
      RecordingWorkers workers,
      RecordingLimits limits,
      Supplier<VersioningPolicy> policy) {
    ChangeLog log = ChangeLog.open(folder, journal.position(), InstantSource.system());
    DeferredReads captures = new DeferredReads(store, log, files, limits);
    LoggedRecorder recorder =
        new LoggedRecorder(log, store, captures, journal, workers, limits, policy);
    captures.resume().forEach(read -> workers.read(quietly(read)));
    if (!recorder.progress.isApplied(log.last())) {
      recorder.loop.hurry();
    }
    return recorder;
  }

  @Override
  public void prepare() {
    awaitRoom();
    captures.awaitRoom();
  }

  @Override
  public Optional<Duration> written(FileState file, Content content) {
    long size = file.signature().size();
    if (size <= ChangeLog.LARGEST_INLINE) {
      byte[] bytes = new byte[(int) size + 1];
      int length = content.read(bytes, 0);
      if (length < bytes.length) {
        captures.versions().forget(file.signature().inode());
        append(new LogRecord.Written(file, Arrays.copyOf(bytes, length)));
        return Optional.empty();
      }
      // It grew meanwhile.
    }
    return content instanceof LastingContent lasting && file.signature().inode() != 0
        ? lasting(file, lasting)
        : stored(file, content);
  }

  private Optional<Duration> stored(FileState file, Content content) {
    append(new LogRecord.Stored(file, store.put(content)));
    return Optional.empty();
  }

  private Optional<Duration> lasting(FileState file, LastingContent content) {
    FileStatus status = content.status();
    Optional<VersionIntervals.Skip> skip = intervals.skip(file.path(), status.allocated());
    if (skip.isPresent()) {
      append(new LogRecord.Skipped(file, skip.get().reason()));
      return skip.get().again();
    }
    if (captures.hasRoom(status.allocated())) {
      awaitRoom();
      workers.read(quietly(captures.promise(file, content)));
      loop.wake();
      intervals.kept(file.path(), status.allocated());
      return Optional.empty();
    }
    if (status.allocated() <= limits.directBytes()) {
      append(new LogRecord.Stored(file, captures.put(status, content)));
      intervals.kept(file.path(), status.allocated());
      return Optional.empty();
    }
    append(new LogRecord.Skipped(file, SkipReason.BUSY));
    return Optional.of(limits.longestWait());
  }

  /** A failure shows again, to the applier or to who wants to change the file. */
  private static Runnable quietly(Runnable reading) {
    return () -> {
      try {
        reading.run();
      } catch (Throwable failure) {
        LOG.debug("Promised content cannot be stored yet", failure);
      }
    };
  }

  @Override
  public void modeChanged(String path, int mode, boolean shared) {
    append(new LogRecord.ModeChanged(path, mode, shared));
  }

  @Override
  public void removed(String path) {
    append(new LogRecord.Removed(path));
  }

  @Override
  public void renamed(String from, String to) {
    append(new LogRecord.Renamed(from, to));
  }

  @Override
  public void exchanged(String one, String other) {
    append(new LogRecord.Exchanged(one, other));
  }

  private void append(LogRecord record) {
    if (record instanceof LogRecord.Written) {
      awaitRoom();
    }
    log.append(record);
    loop.wake();
  }

  private void awaitRoom() {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (log.size() > LONGEST) {
      if (Thread.currentThread().isInterrupted()) {
        throw new PosixException(Errno.EINTR, "wait");
      }
      if (progress.failure().isPresent() || System.nanoTime() > deadline) {
        throw new UncheckedIOException(
            new IOException("No space left on device: the change log cannot be applied"));
      }
      loop.hurry();
      progress.awaitAdvance(100);
    }
  }

  @Override
  public void settle() {
    if (!drain(TIMEOUT)) {
      throw new IllegalStateException("The changes of a workspace cannot be entered yet");
    }
  }

  @Override
  public boolean readsLater() {
    return !captures.isEmpty();
  }

  @Override
  public void changing(long inode) {
    captures.changing(inode);
  }

  @Override
  public void changing(long inode, long from, long to, Supplier<FileStatus> present) {
    captures.versions().changing(inode, from, to, present);
  }

  @Override
  public OptionalInt losing(long inode, ToIntFunction<String> keeping) {
    return captures.losing(inode, keeping);
  }

  @Override
  public void later(Duration delay, Runnable work) {
    workers.runLater(delay, work);
  }

  @Override
  public void sync() {
    log.sync();
  }

  /**
   * Waits until everything that was reported before is in the journal.
   *
   * @return whether it is; false when the time is over or the store or the journal cannot be
   *     written
   */
  public boolean drain(Duration timeout) {
    long last = log.last();
    if (progress.isApplied(last)) {
      return true;
    }
    loop.hurry();
    return progress.await(last, timeout);
  }

  /** Why the last attempt to enter changes failed; empty when it did not. */
  public Optional<Throwable> failure() {
    return progress.failure();
  }

  /** Enters what is logged; what cannot be entered now stays in the log. */
  @Override
  public void close() {
    if (!drain(CLOSING)) {
      LOG.warn("Changes stay in the log until the workspace is opened again");
    }
    // First: who enters changes may be reading for long.
    captures.close();
    loop.close();
    log.close();
  }
}
