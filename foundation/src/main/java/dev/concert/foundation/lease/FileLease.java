package dev.concert.foundation.lease;

import dev.concert.foundation.files.LockFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/**
 * A lease among the processes of one machine: a locked file for each name, with the epoch in it.
 *
 * <p>The operating system releases the lock of a process that dies, so that another one can take
 * over at once. A paused process keeps it.
 */
public final class FileLease implements Lease {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,200}");
  private static final int MAX_DIGITS = 20;

  private final Path folder;

  /**
   * @param folder of the lock files; created with the first of them
   */
  public FileLease(Path folder) {
    this.folder = folder;
  }

  @Override
  public Optional<LeaseTerm> tryAcquire(String name) throws IOException {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("The name of a lease has letters, digits, '.', '_', '-'.");
    }
    Optional<LockFile> lock = LockFile.tryLock(folder.resolve(name + ".lock"));
    if (lock.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Term(lock.get(), nextEpoch(lock.get())));
    } catch (IOException | RuntimeException e) {
      lock.get().close();
      throw e;
    }
  }

  /**
   * The epoch has a fixed number of digits, so that a crash in the middle of a write leaves a
   * number between the old and the new one.
   */
  private static long nextEpoch(LockFile lock) throws IOException {
    String last = new String(lock.content(MAX_DIGITS), StandardCharsets.US_ASCII).strip();
    long next = last.isEmpty() ? 1 : Long.parseLong(last) + 1;
    lock.write("%019d".formatted(next).getBytes(StandardCharsets.US_ASCII));
    return next;
  }

  private static final class Term implements LeaseTerm {
    private final LockFile lock;
    private final long epoch;
    private final AtomicBoolean held = new AtomicBoolean(true);

    private Term(LockFile lock, long epoch) {
      this.lock = lock;
      this.epoch = epoch;
    }

    @Override
    public long epoch() {
      return epoch;
    }

    @Override
    public boolean isHeld() {
      return held.get();
    }

    @Override
    public void close() {
      if (held.getAndSet(false)) {
        lock.close();
      }
    }
  }
}
