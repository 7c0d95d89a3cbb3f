package dev.concert.chronicle.content.blob;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
  private final Path staging;
  private final Disk disk;
  private final Set<Path> doubtful = ConcurrentHashMap.newKeySet();
  private final ReentrantLock syncing = new ReentrantLock();
  private Set<Path> waiting = new HashSet<>();
  private boolean scheduled;

  DiskSync(Path root, Path staging, Disk disk) {
    this.root = root;
    this.staging = staging;
    this.disk = disk;
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

  /**
   * What was announced before is on the disk when this returns. Where it fails, what is not there
   * is tried again, by the next call too.
   */
  void now() throws IOException {
    syncing.lock();
    Set<Path> files = take();
    try {
      force(files);
    } catch (IOException | RuntimeException e) {
      files.forEach(this::later);
      throw e;
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
        force(file);
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
        disk.forceFolder(folder);
      }
    }
  }

  private void force(Path file) throws IOException {
    if (doubtful.contains(file)) {
      renew(file);
      doubtful.remove(file);
      return;
    }
    try {
      disk.force(file);
    } catch (NoSuchFileException collected) {
      throw collected;
    } catch (IOException e) {
      doubtful.add(file);
      throw e;
    }
  }

  /**
   * After a failure a system takes what it could not write for written, so that trying again would
   * succeed without having done anything: the file is written once more, into another one.
   */
  private void renew(Path file) throws IOException {
    Path staged = StagedFile.in(staging);
    try {
      disk.write(staged, copy -> Files.copy(file, copy));
      disk.force(staged);
      disk.move(staged, file);
    } finally {
      Files.deleteIfExists(staged);
    }
  }
}
