package dev.concert.chronicle.content.blob;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings new files to the disk in batches, off the path of those who write them: at most one batch
 * every few seconds, and none while nothing is written. Thread-safe.
 */
final class DiskSync {
  private static final Logger LOG = LoggerFactory.getLogger(DiskSync.class);

  /** As often as ext4 commits its own journal, so that there is little that only we wait for. */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final Path root;
  private final ReentrantLock syncing = new ReentrantLock();
  private Set<Path> waiting = new HashSet<>();
  private boolean scheduled;

  DiskSync(Path root) {
    this.root = root;
  }

  void later(Path file) {
    synchronized (this) {
      waiting.add(file);
      if (scheduled) {
        return;
      }
      scheduled = true;
    }
    Thread.ofVirtual().name("content-sync").start(this::afterPause);
  }

  private void afterPause() {
    try {
      Thread.sleep(PAUSE);
      now();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      LOG.warn("New contents could not be brought to the disk: {}", e.toString());
    }
  }

  /** What was announced before is on the disk when this returns. */
  void now() throws IOException {
    syncing.lock();
    try {
      force(take());
    } finally {
      syncing.unlock();
    }
  }

  private synchronized Set<Path> take() {
    Set<Path> taken = waiting;
    waiting = new HashSet<>();
    scheduled = false;
    return taken;
  }

  private void force(Set<Path> files) throws IOException {
    Set<Path> folders = new HashSet<>();
    for (Path file : files) {
      try {
        force(file, StandardOpenOption.WRITE);
        folders.add(file.getParent());
      } catch (NoSuchFileException collected) {
        // It is not needed any more.
      }
    }
    if (!folders.isEmpty()) {
      folders.add(root);
    }
    for (Path folder : folders) {
      if (Files.isDirectory(folder)) {
        force(folder, StandardOpenOption.READ);
      }
    }
  }

  private static void force(Path path, StandardOpenOption access) throws IOException {
    try (FileChannel channel = FileChannel.open(path, access)) {
      channel.force(true);
    }
  }
}
