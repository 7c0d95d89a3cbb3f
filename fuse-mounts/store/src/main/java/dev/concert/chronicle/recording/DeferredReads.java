package dev.concert.chronicle.recording;

import dev.concert.chronicle.content.Blob;
import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.FileStatus;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.recording.changelog.ChangeLog;
import dev.concert.chronicle.recording.changelog.FileState;
import dev.concert.chronicle.recording.changelog.LogRecord;
import dev.concert.chronicle.recording.changelog.ReadResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The promised contents of a workspace. Each file has at most one that is not read yet, and is not
 * changed before that is read or given up. Thread-safe.
 */
final class DeferredReads implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeferredReads.class);

  /**
   * @param file what it looked like; empty where a killed process promised it
   */
  private record Pending(
      long number, long inode, Optional<FileStatus> file, DeferredRead capture) {}

  private final ContentStore store;
  private final ChangeLog log;
  private final DeferredFiles files;
  private final RecordingLimits limits;
  private final LatestVersions versions = new LatestVersions();
  private final Map<Long, Pending> byInode = new ConcurrentHashMap<>();
  private final Map<Long, Pending> byNumber = new ConcurrentHashMap<>();
  private final Map<Long, ReadResult> results;
  private final AtomicLong bytes = new AtomicLong();
  private final ReentrantLock room = new ReentrantLock();
  private final Condition freed = room.newCondition();

  DeferredReads(ContentStore store, ChangeLog log, DeferredFiles files, RecordingLimits limits) {
    this.store = store;
    this.log = log;
    this.files = files;
    this.limits = limits;
    this.results = new ConcurrentHashMap<>(log.resultsBefore());
  }

  /**
   * Opens what a killed process had promised and did not read: from now on such a file is not
   * changed before that is done.
   *
   * @return what reads it
   */
  List<Runnable> resume() {
    List<Runnable> reads = new ArrayList<>();
    log.promisedBefore()
        .forEach(
            (number, file) ->
                find(number, file)
                    .ifPresent(
                        content -> {
                          long inode = file.signature().inode();
                          add(number, inode, Optional.empty(), new DeferredRead(content, 0));
                          reads.add(() -> read(byNumber.get(number)));
                        }));
    return reads;
  }

  private Optional<LastingContent.Kept> find(long number, FileState file) {
    try {
      return files.find(name(number), file);
    } catch (RuntimeException failure) {
      LOG.warn("A file that was promised cannot be opened yet", failure);
      return Optional.empty();
    }
  }

  private void read(Pending pending) {
    if (pending != null) {
      complete(pending);
    }
  }

  boolean isEmpty() {
    return byInode.isEmpty();
  }

  LatestVersions versions() {
    return versions;
  }

  /** Whether another one may wait; one may, whatever its size. */
  boolean hasRoom(long allocated) {
    int count = byInode.size();
    return count == 0
        || count < limits.deferredFiles() && bytes.get() + allocated <= limits.deferredBytes();
  }

  /** Waits until another one may wait, but not for long. */
  void awaitRoom() {
    if (hasRoom(0)) {
      return;
    }
    long left = limits.longestWait().toNanos();
    room.lock();
    try {
      while (!hasRoom(0) && left > 0) {
        left = freed.awaitNanos(left);
      }
    } catch (InterruptedException killed) {
      Thread.currentThread().interrupt();
      throw new PosixException(Errno.EINTR, "wait");
    } finally {
      room.unlock();
    }
  }

  /** Promises the content; answers with what reads it. */
  Runnable promise(FileState file, LastingContent content) {
    long inode = file.signature().inode();
    changing(inode);
    FileStatus status = content.status();
    DeferredRead capture = new DeferredRead(content.keep(), status.allocated());
    try {
      capture.promising(
          () ->
              log.append(
                  new LogRecord.Promised(file),
                  number -> add(number, inode, Optional.of(status), capture)));
    } catch (RuntimeException failure) {
      // No record, so the number goes to another one.
      Optional.ofNullable(byInode.remove(inode)).ifPresent(this::forget);
      capture.close();
      throw failure;
    }
    return () -> Optional.ofNullable(byInode.get(inode)).ifPresent(this::complete);
  }

  private void add(long number, long inode, Optional<FileStatus> file, DeferredRead capture) {
    Pending pending = new Pending(number, inode, file, capture);
    bytes.addAndGet(capture.allocated());
    byNumber.put(number, pending);
    byInode.put(pending.inode(), pending);
  }

  private void forget(Pending pending) {
    byNumber.remove(pending.number(), pending);
    bytes.addAndGet(-pending.capture().allocated());
    room.lock();
    try {
      freed.signalAll();
    } finally {
      room.unlock();
    }
  }

  /** Returns when the file has not to be read any more: read, or given up after a while. */
  void changing(long inode) {
    Pending pending = byInode.get(inode);
    if (pending != null) {
      pending
          .capture()
          .completeWithin(
              limits.longestWait(),
              content -> store(pending.file(), content),
              result -> ended(pending, result));
    }
  }

  private ReadResult complete(Pending pending) {
    return pending
        .capture()
        .complete(content -> store(pending.file(), content), result -> ended(pending, result));
  }

  private ReadResult store(Optional<FileStatus> file, Content content) {
    return new ReadResult.Stored(
        file.map(known -> put(known, content)).orElseGet(() -> store.put(content)));
  }

  /** Stores the content of a file, of which nothing is read that an earlier version has too. */
  Blob put(FileStatus file, Content content) {
    Blob blob =
        versions
            .of(file)
            .map(
                version ->
                    store.putChanged(
                        content, version.blob().hash(), version.changed(), file.size()))
            .orElseGet(() -> store.put(content));
    versions.stored(file, blob);
    return blob;
  }

  private void ended(Pending pending, ReadResult result) {
    log.append(
        switch (result) {
          case ReadResult.Stored(Blob blob) -> new LogRecord.Captured(pending.number(), blob);
          case ReadResult.Skipped skipped ->
              new LogRecord.GivenUp(pending.number(), skipped.reason());
        });
    results.put(pending.number(), result);
    byInode.remove(pending.inode(), pending);
    forget(pending);
    if (pending.capture().end()) {
      files.forget(name(pending.number()));
    }
  }

  OptionalInt losing(long inode, ToIntFunction<String> keeping) {
    Pending pending = byInode.get(inode);
    return pending == null
        ? OptionalInt.empty()
        : pending.capture().name(name(pending.number()), keeping);
  }

  /** What a promise became; empty where a killed process made it and the file is gone. */
  Optional<ReadResult> of(long number, FileState file) {
    Pending pending = byNumber.get(number);
    if (pending != null) {
      return Optional.of(complete(pending));
    }
    return Optional.ofNullable(results.get(number)).or(() -> recover(number, file));
  }

  private Optional<ReadResult> recover(long number, FileState file) {
    Optional<LastingContent.Kept> found = files.find(name(number), file);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (LastingContent.Kept content = found.get()) {
      ReadResult result = new ReadResult.Stored(store.put(content));
      results.put(number, result);
      return Optional.of(result);
    }
  }

  /** A promise is an iteration now. */
  void entered(long number) {
    results.remove(number);
    files.forget(name(number));
  }

  private static String name(long number) {
    return "promised-" + number;
  }

  /** Gives the files free; what was not read stays promised in the log. */
  @Override
  public void close() {
    byInode.values().forEach(pending -> pending.capture().close());
  }
}
