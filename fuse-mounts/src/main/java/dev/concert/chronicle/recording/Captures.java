package dev.concert.chronicle.recording;

import dev.concert.chronicle.content.Blob;
import dev.concert.chronicle.content.ContentStore;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;

/**
 * The promised contents of a workspace. Each file has at most one that is not read yet, and is not
 * changed before that is. Thread-safe.
 */
final class Captures implements AutoCloseable {
  private static final int MOST = 64;
  private static final long MOST_BYTES = 4L << 30;

  private record Pending(long number, long inode, Capture capture) {}

  private final ContentStore store;
  private final ChangeLog log;
  private final PromisedFiles files;
  private final Map<Long, Pending> byInode = new ConcurrentHashMap<>();
  private final Map<Long, Pending> byNumber = new ConcurrentHashMap<>();
  private final Map<Long, Blob> captured;
  private final AtomicLong bytes = new AtomicLong();

  Captures(ContentStore store, ChangeLog log, PromisedFiles files) {
    this.store = store;
    this.log = log;
    this.files = files;
    this.captured = new ConcurrentHashMap<>(log.capturedBefore());
  }

  boolean isEmpty() {
    return byInode.isEmpty();
  }

  /** Whether another one may wait; one may, whatever its size. */
  boolean hasRoom(long size) {
    int count = byInode.size();
    return count == 0 || count < MOST && bytes.get() + size <= MOST_BYTES;
  }

  /** Returns when another one may wait; reads those that do before. */
  void makeRoom() {
    while (!hasRoom(0)) {
      byInode.values().stream()
          .min(Comparator.comparingLong(Pending::number))
          .ifPresent(this::complete);
    }
  }

  /** Promises the content; answers with what reads it. */
  Runnable promise(FileState file, LastingContent content) {
    long inode = file.signature().inode();
    changing(inode);
    Capture capture = new Capture(content.keep(), file.signature().size());
    try {
      capture.promising(
          () -> log.append(new LogRecord.Promised(file), number -> add(number, inode, capture)));
    } catch (RuntimeException failure) {
      // No record, so the number goes to another one.
      Optional.ofNullable(byInode.remove(inode)).ifPresent(pending -> forget(pending));
      capture.close();
      throw failure;
    }
    return () -> changing(inode);
  }

  private void add(long number, long inode, Capture capture) {
    Pending pending = new Pending(number, inode, capture);
    bytes.addAndGet(capture.size());
    byNumber.put(number, pending);
    byInode.put(inode, pending);
  }

  private void forget(Pending pending) {
    byNumber.remove(pending.number(), pending);
    bytes.addAndGet(-pending.capture().size());
  }

  /** Returns when the file has not to be read any more. */
  void changing(long inode) {
    Optional.ofNullable(byInode.get(inode)).ifPresent(this::complete);
  }

  private Blob complete(Pending pending) {
    return pending
        .capture()
        .complete(
            content -> {
              Blob blob = store.put(content);
              log.append(new LogRecord.Captured(pending.number(), blob));
              captured.put(pending.number(), blob);
              byInode.remove(pending.inode(), pending);
              forget(pending);
              if (pending.capture().end()) {
                files.forget(name(pending.number()));
              }
              return blob;
            });
  }

  OptionalInt losing(long inode, ToIntFunction<String> keeping) {
    Pending pending = byInode.get(inode);
    return pending == null
        ? OptionalInt.empty()
        : pending.capture().name(name(pending.number()), keeping);
  }

  /** What a promise became; empty where a killed process made it and the file is gone. */
  Optional<Blob> of(long number, FileState file) {
    Pending pending = byNumber.get(number);
    if (pending != null) {
      return Optional.of(complete(pending));
    }
    return Optional.ofNullable(captured.get(number)).or(() -> recover(number, file));
  }

  private Optional<Blob> recover(long number, FileState file) {
    Optional<LastingContent.Kept> found = files.find(name(number), file);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (LastingContent.Kept content = found.get()) {
      Blob blob = store.put(content);
      captured.put(number, blob);
      return Optional.of(blob);
    }
  }

  /** A promise is an iteration now. */
  void entered(long number) {
    captured.remove(number);
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
