package dev.concert.chronicle.recording;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.Journal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes changes into a log, from which workers take them to the content store and the journal.
 *
 * <p>What a method has logged when it returns survives the death of the process. Small contents are
 * in the log; large ones are promised, read later, and their files are not changed before. Too many
 * of those, and the caller stores the content itself; too long a log, and the caller waits.
 * Thread-safe.
 */
public final class LoggedRecorder implements Recorder, AutoCloseable {
  /** Bytes of the largest content that is written into the log. */
  static final int LARGEST_INLINE = 64 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(LoggedRecorder.class);
  private static final long LONGEST = 256L << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ChangeLog log;
  private final ContentStore store;
  private final Captures captures;
  private final Progress progress;
  private final ApplierLoop loop;
  private final RecordingWorkers workers;

  private LoggedRecorder(
      ChangeLog log,
      ContentStore store,
      Captures captures,
      Journal journal,
      RecordingWorkers workers) {
    this.log = log;
    this.store = store;
    this.captures = captures;
    this.workers = workers;
    this.progress = new Progress(journal.position());
    this.loop = new ApplierLoop(new Applier(log, store, captures, journal), progress, workers);
  }

  /**
   * Opens the log in a folder and goes on where the process before stopped. Nobody else may have it
   * open.
   */
  public static LoggedRecorder open(
      Path folder,
      PromisedFiles files,
      ContentStore store,
      Journal journal,
      RecordingWorkers workers) {
    ChangeLog log = ChangeLog.open(folder, journal.position(), InstantSource.system());
    LoggedRecorder recorder =
        new LoggedRecorder(log, store, new Captures(store, log, files), journal, workers);
    if (!recorder.progress.isApplied(log.last())) {
      recorder.loop.hurry();
    }
    return recorder;
  }

  @Override
  public void prepare() {
    awaitRoom();
    captures.makeRoom();
  }

  @Override
  public void written(FileState file, Content content) {
    long size = file.signature().size();
    if (size <= LARGEST_INLINE) {
      byte[] bytes = new byte[(int) size + 1];
      int length = content.read(bytes, 0);
      if (length < bytes.length) {
        append(new LogRecord.Written(file, Arrays.copyOf(bytes, length)));
        return;
      }
      // It grew meanwhile.
    }
    large(file, content);
  }

  private void large(FileState file, Content content) {
    if (content instanceof LastingContent lasting
        && file.signature().inode() != 0
        && captures.hasRoom(file.signature().size())) {
      awaitRoom();
      workers.read(quietly(captures.promise(file, lasting)));
      loop.wake();
    } else {
      append(new LogRecord.Stored(file, store.put(content)));
    }
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

  private void append(LogRecord record) {
    if (record instanceof LogRecord.Written) {
      awaitRoom();
    }
    log.append(record);
    loop.wake();
  }

  private void awaitRoom() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (log.size() > LONGEST) {
      if (progress.trouble().isPresent() || System.nanoTime() > deadline) {
        throw new UncheckedIOException(
            new IOException("No space left on device: the change log cannot be applied"));
      }
      loop.hurry();
      progress.awaitAdvance(100);
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
  public boolean drain(Duration patience) {
    long last = log.last();
    if (progress.isApplied(last)) {
      return true;
    }
    loop.hurry();
    return progress.await(last, patience);
  }

  /** Why the last attempt to enter changes failed; empty when it did not. */
  public Optional<Throwable> trouble() {
    return progress.trouble();
  }

  /** Enters what is logged; what cannot be entered now stays in the log. */
  @Override
  public void close() {
    if (!drain(PATIENCE)) {
      LOG.warn("Changes stay in the log until the workspace is opened again");
    }
    loop.close();
    captures.close();
    log.close();
  }
}
