package dev.concert.foundation.lease;

import dev.concert.foundation.files.AtomicFile;
import dev.concert.foundation.files.LockFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A lease among the processes of one machine: a locked file for each name, with the epoch in it.
 *
 * <p>The operating system releases the lock of a process that dies, so that another one can take
 * over at once. A paused process keeps it.
 */
public final class FileLease implements Lease {
  private static final int MAX_DIGITS = 20;

  private final Path folder;
  private final String node;

  /** For a node that has no name. */
  public FileLease(Path folder) {
    this(folder, "");
  }

  /**
   * @param folder of the lock files; created with the first of them
   * @param node the name of this node
   */
  public FileLease(Path folder, String node) {
    this.folder = folder;
    this.node = node;
  }

  @Override
  public Optional<LeaseTerm> tryAcquire(String name) throws IOException {
    LeaseName.verify(name);
    Optional<LockFile> lock = LockFile.tryLock(folder.resolve(name + ".lock"));
    if (lock.isEmpty()) {
      return Optional.empty();
    }
    try {
      long epoch = nextEpoch(lock.get());
      // Not in the locked file: who closes a file gives up its own locks on it.
      AtomicFile.replace(holderFile(name), node.getBytes(StandardCharsets.UTF_8));
      return Optional.of(new Term(name, lock.get(), epoch));
    } catch (IOException | RuntimeException e) {
      lock.get().close();
      throw e;
    }
  }

  @Override
  public Optional<String> holder(String name) throws IOException {
    LeaseName.verify(name);
    try {
      return Optional.of(Files.readString(holderFile(name)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private Path holderFile(String name) {
    return folder.resolve(name + ".holder");
  }

  /**
   * The epoch has a fixed number of digits, so that a crash in the middle of a write leaves a
   * number between the old and the new one.
   */
  private static long nextEpoch(LockFile lock) throws IOException {
    String last = new String(lock.content(MAX_DIGITS), StandardCharsets.US_ASCII).strip();
    long next = Math.max(last.isEmpty() ? 1 : Long.parseLong(last) + 1, System.currentTimeMillis());
    lock.write("%019d".formatted(next).getBytes(StandardCharsets.US_ASCII));
    return next;
  }

  private static final class Term implements LeaseTerm {
    private final String name;
    private final LockFile lock;
    private final long epoch;
    private final AtomicBoolean held = new AtomicBoolean(true);

    private Term(String name, LockFile lock, long epoch) {
      this.name = name;
      this.lock = lock;
      this.epoch = epoch;
    }

    @Override
    public String name() {
      return name;
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
